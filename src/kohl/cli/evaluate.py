"""`kohl evaluate`: methods, baselines and learned looks on one test set, and a report of how they did."""

from __future__ import annotations

import functools
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from kohl.cli.app import MEASURING, app
from kohl.cli.progress import progress_of
from kohl.cli.verb import verb
from kohl.cli.voice import Voice
from kohl.core.errors import ItemsFailedError, UsageError

if TYPE_CHECKING:
    from kohl.evaluation.metrics.shelves.models import Models
    from kohl.evaluation.protocol.evaluation_set import EvaluationSet
    from kohl.evaluation.report.evaluation import Evaluation
    from kohl.evaluation.report.writing import Files
    from kohl.evaluation.running.plan import Plan
    from kohl.evaluation.running.rows import Row

Methods = Annotated[
    list[str] | None, typer.Argument(metavar="METHOD...", help="Methods and baselines, such as procedural or nothing.", show_default=False)
]


@dataclass(frozen=True, slots=True)
class Measured:
    """Who is measured, and on what."""

    panel: ClassVar[str] = "What is measured"

    set: Annotated[
        str | None,
        typer.Option(
            "--set", "-s", metavar="FOLDER|portraits", help="A folder with a manifest, or with before/ and after/; or kohl's own portraits."
        ),
    ] = None
    before: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Instead of --set: faces without the look …")] = None
    after: Annotated[Path | None, typer.Option(metavar="FOLDER", help="… and the same photos with it, under the same names.")] = None
    model: Annotated[list[Path] | None, typer.Option(metavar="FILE", help="A learned look, measured like a method. Repeatable.")] = None
    network: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=PATH", help="A network that more metrics need: vit, clip, csd, identity, lpips or inception. Repeatable; never downloaded."
        ),
    ] = None
    pairs: Annotated[int | None, typer.Option(min=1, metavar="N", help="The first N pairs of the set's list, or how many are drawn (100).")] = None
    seed: Annotated[int | None, typer.Option(help="Draw another list of pairs with this number.")] = None

    def models(self) -> Models:
        """The networks that were named. Raises UsageError, UnknownNameError or MissingModelError."""
        from kohl.evaluation.metrics.shelves.models import Models  # noqa: PLC0415  heavy

        paths = {}
        for text in self.network or ():
            name, equals, path = text.partition("=")
            if not (name and equals and path):
                raise UsageError(f"expected NAME=PATH such as vit=models/dino, got --network {text!r}")
            paths[name] = path
        return Models.of(paths)

    def load(self) -> EvaluationSet:
        """Load the set. Raises UsageError for options that do not go together, and what loading raises."""
        from kohl.evaluation.protocol.before_after import set_of_truth_pairs  # noqa: PLC0415  heavy
        from kohl.evaluation.protocol.loading import load_set  # noqa: PLC0415

        if (self.before is None) != (self.after is None):
            raise UsageError("expected --before and --after together, got one of them; name both folders, or give --set")
        if self.before is None or self.after is None:
            if self.set is None:
                raise UsageError("expected a test set, got none; give --set FOLDER, --set portraits, or --before and --after")
            return load_set(self.set, count=self.pairs, seed=self.seed)
        if self.set is not None or self.seed is not None:
            raise UsageError("--before and --after are a set of their own, whose pairs are not drawn; leave out --set and --seed")
        made = set_of_truth_pairs(self.before, self.after)
        return made if self.pairs is None else made.first(self.pairs)


@dataclass(frozen=True, slots=True)
class Running:
    """How the evaluation runs."""

    panel: ClassVar[str] = "Running"

    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the report goes: index.html, report.json, .csv and .md.")]
    workers: Annotated[int, typer.Option(min=1, help="Processes that work at the same time.")] = 2
    timeout: Annotated[float, typer.Option(min=0.1, metavar="SECONDS", help="How long a contestant may take for one case.")] = 60.0
    resume: Annotated[bool, typer.Option("--resume/--fresh", help="Take over what the folder's last run did, or start anew.")] = True
    pictures: Annotated[bool, typer.Option("--pictures/--no-pictures", help="Show faces in the page, and keep them in the folder.")] = True


@verb(app, panel=MEASURING, example="kohl evaluate procedural reinhard nothing --set portraits -o report/")
def evaluate(measured: Measured, running: Running, voice: Voice, methods: Methods = None) -> None:
    """Measure methods on a test set: how faithful to the reference, how near the truth, how well everything else is kept.

    The same pictures, pairs and seeds for everybody. What fails, hangs or is refused is counted and shown. Stopped at any time, the
    same command goes on. The pictures of the report show the faces of the set; with --no-pictures it holds numbers alone.
    """
    plan = _plan(methods or [], measured, running)
    rows = _run(plan, running, voice)
    evaluation, files = _report(plan, rows, running)
    _tell(evaluation, files, voice)


def _plan(methods: list[str], measured: Measured, running: Running) -> Plan:
    from kohl.evaluation.entries import entries_for  # noqa: PLC0415  heavy
    from kohl.evaluation.metrics.catalog import set_metrics  # noqa: PLC0415
    from kohl.evaluation.metrics.shelves.models import unavailable  # noqa: PLC0415
    from kohl.evaluation.plugins import every_metric, metrics_version  # noqa: PLC0415
    from kohl.evaluation.report.writing import PICTURES_NAME  # noqa: PLC0415
    from kohl.evaluation.runner import prepare_folder  # noqa: PLC0415
    from kohl.evaluation.running.plan import Plan  # noqa: PLC0415

    entries, models, evaluated = entries_for(methods, measured.model or ()), measured.models(), measured.load()
    prepare_folder(running.output)
    pictures = running.output.resolve() / PICTURES_NAME if running.pictures else None
    return Plan(
        evaluated,
        entries,
        functools.partial(every_metric, models),
        pictures,
        running.workers,
        running.timeout,
        metrics_version=metrics_version(models),
        missing=unavailable(models),
        set_metrics=functools.partial(set_metrics, models),
    )


def _run(plan: Plan, running: Running, voice: Voice) -> tuple[Row, ...]:
    from kohl.evaluation.runner import run_evaluation  # noqa: PLC0415  heavy

    total = len(plan.evaluated.cases) * len(plan.entries)
    with progress_of(total, "cases", voice) as advance:

        def on_row(row: Row) -> None:
            advance("" if row.status == "done" else f"{row.contestant}, {row.case}: {row.status}: {row.reason}")

        return run_evaluation(plan, running.output, fresh=not running.resume, on_row=on_row)


def _report(plan: Plan, rows: tuple[Row, ...], running: Running) -> tuple[Evaluation, Files]:
    from kohl.evaluation.report.evaluation import evaluate as sum_up  # noqa: PLC0415  heavy
    from kohl.evaluation.report.writing import write_report  # noqa: PLC0415

    evaluation = sum_up(plan, rows, plan.metrics())
    return evaluation, write_report(evaluation, running.output, pictures=running.pictures)


def _tell(evaluation: Evaluation, files: Files, voice: Voice) -> None:
    """Print the counts and where the report lies. Raises ItemsFailedError when somebody failed on every case: there is nothing to compare."""
    tallies = {standing.name: standing.tally for standing in evaluation.standings}
    width = max(map(len, tallies))
    lines = [
        f"{name:{width}}  {tally.done} of {tally.cases} measured, {tally.failed} failed, {tally.refused} refused" for name, tally in tallies.items()
    ]
    data: dict[str, Any] = {
        "cases": evaluation.head["set"]["cases"],
        "contestants": {name: asdict(tally) for name, tally in tallies.items()},
        "report": {name: str(path) for name, path in asdict(files).items()},
    }
    useless = [name for name, tally in tallies.items() if tally.done == 0]
    voice.result("\n".join([*lines, str(files.page)]), data, ok=not useless)
    if useless:
        failed = sum(tallies[name].cases for name in useless)
        advice = f"{', '.join(useless)} gave nothing to measure; read the reasons there, and run again with --fresh"
        raise ItemsFailedError(failed, sum(tally.cases for tally in tallies.values()), str(files.markdown), advice=advice)
