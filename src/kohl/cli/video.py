"""`kohl video`: a look, or a reference's makeup, on a video."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeAlias

import typer

from kohl.cli.app import MANY_PHOTOS, app
from kohl.cli.batch import Subject
from kohl.cli.options import FromReference, Painting, Writing
from kohl.cli.verb import verb
from kohl.cli.voice import Voice
from kohl.core.errors import UsageError

if TYPE_CHECKING:
    from kohl.video import Production, Summary

OnProgress: TypeAlias = Callable[[int, float, float | None], None]
Film = Annotated[Path, typer.Argument(metavar="VIDEO", help="The video: MP4, MOV, MKV, WebM and whatever else FFmpeg reads.", show_default=False)]


@dataclass(frozen=True)
class Filming:
    """Where the video goes, and how it is made."""

    panel: ClassVar[str] = "Video"

    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write: .mp4, .mov, .mkv or .webm. Without it: NAME.kohl.EXT beside the video."),
    ] = None
    preview: Annotated[bool, typer.Option("--preview", help="Also write NAME.preview.png: a dozen frames, before and after.")] = False
    quality: Annotated[int, typer.Option(min=0, max=51, help="0 lossless, 18 as good as no visible loss, 51 worst.")] = 18
    preset: Annotated[str, typer.Option(help="Speed of the encoder, ultrafast to slow: the slower, the smaller the file.")] = "superfast"
    workers: Annotated[int, typer.Option(min=1, help="Threads that paint at the same time.")] = 2


@verb(app, panel=MANY_PHOTOS, example='kohl video in.mp4 --look "matte red lips" -o out.mp4')
def video(film: Film, subject: Subject, source: FromReference, painting: Painting, filming: Filming, writing: Writing, voice: Voice) -> None:
    """Make up the faces in a video; sound, times, rotation and colours are kept.

    Ctrl-C, a full disk or a damaged file leave nothing half-written.
    """
    from kohl import video as films  # noqa: PLC0415  heavy

    if (subject.look is None) == (subject.reference is None):
        raise UsageError("a video needs what to put on: give --look LOOK or --reference PHOTO, one of the two")
    output = filming.output or _beside(film)
    encoding = films.Encoding(filming.quality, filming.preset, writing.keep_metadata)
    sheet = output.with_name(f"{output.stem}.preview.png") if filming.preview else None
    with _progress(voice) as on_progress:
        production = films.Production(encoding, writing.force, sheet, filming.workers, on_progress)
        if subject.reference is None:
            summary, heard = _with_look(film, output, subject, painting, production, voice)
        else:
            summary, heard = films.transfer(film, subject.reference, out=output, production=production, **source.knobs(painting)), {}
    _report(summary, heard, voice)


def _with_look(
    film: Path, output: Path, subject: Subject, painting: Painting, production: Production, voice: Voice
) -> tuple[Summary, dict[str, Any]]:
    from kohl import video as films  # noqa: PLC0415  heavy
    from kohl.cli.hearing import hear  # noqa: PLC0415

    look, heard = hear(subject, voice)
    return films.apply(film, look, out=output, production=production, **painting.knobs()), heard


def _beside(film: Path) -> Path:
    """NAME.kohl.EXT beside the video; .mp4 where its own kind of file is not written."""
    from kohl.video.encoders import CONTAINERS  # noqa: PLC0415

    suffix = film.suffix if film.suffix.lower() in CONTAINERS else ".mp4"
    return film.with_name(f"{film.stem}.kohl{suffix}")


@contextmanager
def _progress(voice: Voice) -> Iterator[OnProgress | None]:
    """A bar along the video's time, with frames per second and the time that is left, where somebody watches."""
    if not voice.shows_progress:
        yield None
        return
    from rich.console import Console  # noqa: PLC0415  slow to import
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.fields[frames]} frames"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("video", total=None, frames=0)

        def on_progress(frames: int, seconds: float, total: float | None) -> None:
            progress.update(task, completed=seconds, total=total, frames=frames)

        yield on_progress


def _report(summary: Summary, heard: dict[str, Any], voice: Voice) -> None:
    for loss in summary.losses:
        voice.note(f"note: {loss}")
    voice.note(
        f"{summary.frames} frames at {summary.fps:.1f} a second, {summary.painted} with makeup; faces: {summary.faces}, lost for a moment: "
        f"{summary.lost}, scene cuts: {summary.cuts}"
    )
    written = [str(path) for path in (summary.output, summary.preview) if path is not None]
    told = asdict(summary) | {
        "output": str(summary.output),
        "preview": str(summary.preview) if summary.preview else None,
        "fps": round(summary.fps, 2),
        "losses": list(summary.losses),
    }
    voice.result("\n".join(written), told | heard)
