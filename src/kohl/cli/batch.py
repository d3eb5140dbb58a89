"""`kohl batch`: one look, or one reference, on many photos."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import typer

from kohl.cli.app import MANY_PHOTOS, app
from kohl.cli.options import FromReference, Painting, Wearing, Writing
from kohl.cli.progress import progress_of
from kohl.cli.verb import verb
from kohl.cli.voice import Voice
from kohl.core.errors import UsageError

if TYPE_CHECKING:
    from kohl.api.batch.job import Job
    from kohl.api.batch.manifest import Record
    from kohl.api.batch.runner import Summary

Sources = Annotated[
    list[str], typer.Argument(metavar="PHOTOS...", help="Folders (searched to the bottom), globs ('in/**/*.jpg') or files.", show_default=False)
]


@dataclass(frozen=True)
class Subject(Wearing):
    """What is put on: a look or a reference's makeup."""

    reference: Annotated[Path | None, typer.Option("--reference", "-r", metavar="PHOTO", help="Instead of a look: transfer this photo's makeup.")] = (
        None
    )


@dataclass(frozen=True)
class Running:
    """How the batch runs."""

    panel: ClassVar[str] = "Running"

    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where results, manifest and list of failures go.")]
    workers: Annotated[int, typer.Option(min=1, help="Processes that paint at the same time; each needs memory of its own.")] = 1
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try again what failed in an earlier run.")] = False


@verb(app, panel=MANY_PHOTOS, example='kohl batch photos/ -o painted/ --look "matte red lips" --workers 2')
def batch(sources: Sources, subject: Subject, source: FromReference, painting: Painting, running: Running, writing: Writing, voice: Voice) -> None:
    """Make up many photos. A run that was stopped goes on where it was; one bad file never stops the rest.

    The output folder gets one result per photo, kohl-manifest.jsonl (what became of each: checksums, settings, seconds) and, if
    something failed, kohl-failures.txt.
    """
    from kohl.api.batch.items import gather  # noqa: PLC0415  heavy
    from kohl.api.batch.runner import run_batch  # noqa: PLC0415

    items = gather(sources, running.output)
    if subject.reference is None:
        job = _apply_job(subject, painting, running, writing, voice)
    else:
        job = _transfer_job(subject, source, painting, running, writing)
    nothing = job.why_nothing()
    if nothing is not None:
        voice.note(f"note: {nothing}")
    with progress_of(len(items), "photos", voice) as advance:

        def on_record(record: Record) -> None:
            said = [record.reason] if record.status == "failed" else record.doubts
            advance("\n".join(f"{record.input}: {what}" for what in said))

        summary = run_batch(job, items, workers=running.workers, retry_failed=running.retry_failed, on_record=on_record)
    _report(summary, nothing, voice)
    summary.raise_for_failures()


def _apply_job(subject: Subject, painting: Painting, running: Running, writing: Writing, voice: Voice) -> Job:
    from kohl.api.batch import job  # noqa: PLC0415  heavy
    from kohl.cli.hearing import hear  # noqa: PLC0415

    if subject.look is None:
        raise UsageError("batch needs what to put on: give --look LOOK or --reference PHOTO")
    look, _ = hear(subject, voice)
    return job.ApplyJob.of(look, painting.knobs(), job.Writing(running.output, writing.force, writing.keep_metadata))


def _transfer_job(subject: Subject, source: FromReference, painting: Painting, running: Running, writing: Writing) -> Job:
    from kohl.api.batch import job  # noqa: PLC0415  heavy

    if subject.look is not None or subject.reference is None:
        raise UsageError("batch puts on a look or a reference's makeup, not both; leave out --look or --reference")
    folder = job.Writing(running.output, writing.force, writing.keep_metadata)
    return job.TransferJob.of(subject.reference, source.knobs(painting), folder)


def _report(summary: Summary, nothing: str | None, voice: Voice) -> None:
    if not voice.shows_progress:
        for record in summary.failures:
            voice.note(f"{record.input}: {record.reason}")
    data = {
        "done": summary.done,
        "skipped": summary.skipped,
        "failed": len(summary.failures),
        "seconds": summary.seconds,
        "manifest": str(summary.manifest),
        "untouched": nothing,
        "failures": [asdict(record) for record in summary.failures],
    }
    text = f"{summary.done} painted, {summary.skipped} done before, {len(summary.failures)} failed; {summary.manifest}"
    voice.result(text, data, ok=not summary.failures)
