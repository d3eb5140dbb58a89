"""`kohl learn`: a look from before/after pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, ClassVar

import typer

from kohl.cli.app import LEARNING, app
from kohl.cli.options import Force
from kohl.cli.verb import verb
from kohl.cli.voice import Voice

Pairs = Annotated[Path, typer.Argument(metavar="PAIRS", help="A folder with before/NAME.* and after/NAME.*, 1 to 500 of them.", show_default=False)]


@dataclass(frozen=True, slots=True)
class Learning:
    """How a look is learnt."""

    panel: ClassVar[str] = "Learning"

    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE.onnx", help="Where the learned look is written.")]
    faces: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Any folder of faces to amplify over; without one, the given people are varied.")
    ] = None
    minutes: Annotated[
        float | None,
        typer.Option(metavar="N", help="Time for everything, reading pairs and faces included; with --resume also what the run before trained."),
    ] = None
    steps: Annotated[int | None, typer.Option(help="Steps of training; by default as many as are worth the wait.")] = None
    seed: Annotated[int, typer.Option(help="Same seed, same machine, same look.")] = 0
    resume: Annotated[bool, typer.Option("--resume", help="Go on where an interrupted run stopped.")] = False
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first pair that cannot be learnt from.")] = False
    adapt_steps: Annotated[int, typer.Option(help="Fit the amplifier to the pairs first, by this many steps; 0 reads them as they are.")] = 0
    licence: Annotated[str, typer.Option(metavar="TEXT", help="Under which terms the look may be used; goes into its card.")] = (
        "all rights with the author of the pairs"
    )
    description: Annotated[str, typer.Option(metavar="TEXT", help="One sentence for the card.")] = ""
    force: Force = False


@verb(app, panel=LEARNING, example="kohl learn pairs/ --faces faces/ -o mine.onnx --minutes 20")
def learn(pairs: Pairs, learning: Learning, voice: Voice) -> None:
    """Learn a look from before/after pairs: five are enough. Ctrl-C ends the training early and keeps the best so far."""
    from kohl.core.extras import require  # noqa: PLC0415  learning is an extra

    for module in ("torch", "onnx", "onnxscript", "safetensors", "tensorboard", "matplotlib"):
        require(module, extra="train", purpose="learning a look")
    from kohl.training.learning.learner import learn as learn_request  # noqa: PLC0415  heavy
    from kohl.training.learning.request import LearnRequest  # noqa: PLC0415

    given: dict[str, Any] = {option.name: getattr(learning, option.name) for option in fields(learning) if option.name not in ("output", "faces")}
    request = LearnRequest(pairs, learning.output, learning.faces, **{name: value for name, value in given.items() if value is not None})
    with _progress(voice) as tell:
        learned = learn_request(request, tell)
    metrics = learned.look.card.metrics
    files = [str(path) for path in (request.out, request.sheet, request.curves, request.report)]
    told = {name: learned.report[name] for name in ("seconds", "notes")}
    voice.result("\n".join(files), {"files": files, "card": learned.look.card.model_dump(mode="json"), **told})
    voice.note(f"{metrics['psnr_pairs']} dB on your pairs (nothing: {metrics['psnr_pairs_doing_nothing']} dB)")
    voice.note(f'next: kohl apply photo.jpg --look {request.out} -o out.png, or "kohl export {request.out} --format web -o web/"')


@contextmanager
def _progress(voice: Voice) -> Iterator[Callable[[str, float, str], None]]:
    """A bar where somebody watches; otherwise a line for each tenth of a stage. What is told to stay is printed in any case."""
    from kohl.training.learning.learner import LASTING  # noqa: PLC0415  heavy

    if not voice.shows_progress:
        told: dict[str, int] = {}

        def tell(stage: str, progress: float, text: str) -> None:
            tenth = int(progress * 10)
            if told.get(stage) != tenth or text.startswith(LASTING):
                told[stage] = tenth
                voice.note(f"{stage}: {text}")

        yield tell
        return
    from rich.console import Console  # noqa: PLC0415  only for a terminal
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    with Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[text]}"), TimeElapsedColumn(), console=Console(stderr=True)
    ) as bar:
        stages: dict[str, Any] = {}

        def show(stage: str, progress: float, text: str) -> None:
            if text.startswith(LASTING):
                bar.console.print(text)
                return
            if stage not in stages:
                stages[stage] = bar.add_task(stage, total=1.0, text="")
            bar.update(stages[stage], completed=progress, text=text)

        yield show
