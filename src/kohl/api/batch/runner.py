"""Runs a batch: what was done before is passed over, the rest is painted, and everything is written down as it happens."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from kohl.api.batch.items import Item
from kohl.api.batch.job import Job
from kohl.api.batch.manifest import Manifest, Record
from kohl.api.batch.pool import Task, paint_all
from kohl.core.atomic import check_writable, write_atomically
from kohl.core.errors import ItemsFailedError, OutputError, UsageError

MANIFEST_NAME = "kohl-manifest.jsonl"
FAILURES_NAME = "kohl-failures.txt"

OnRecord: TypeAlias = Callable[[Record], None]
"""Called once for every photo, passed over or not, as soon as it is known what became of it."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a batch."""

    done: int
    """Photos painted in this run."""
    skipped: int
    """Photos that an earlier run painted."""
    failures: tuple[Record, ...]
    """Photos that failed, in this run or an earlier one."""
    manifest: Path
    listing: Path
    """Where the failures are listed; there is such a file only if there are any."""
    seconds: float

    def raise_for_failures(self) -> None:
        """Raise ItemsFailedError if anything failed."""
        if self.failures:
            raise ItemsFailedError(len(self.failures), self.done + self.skipped + len(self.failures), str(self.listing))


def run_batch(job: Job, items: Iterable[Item], *, workers: int = 1, retry_failed: bool = False, on_record: OnRecord | None = None) -> Summary:
    """Do `job` to all `items`, and keep the manifest `kohl-manifest.jsonl` in the output folder.

    What the manifest says was done with the same photo, settings and engine is passed over; where one of these is another, the result
    that kohl wrote, and nobody changed since, is replaced. A file that is not kohl's is not. What the manifest says failed is reported again,
    and tried again only with `retry_failed`. A photo that fails never stops the others. Ctrl-C may be pressed at any time: the
    manifest stays whole, and the next run goes on from there.

    Raises UsageError for `workers` below 1 and OutputError when the manifest cannot be written.
    """
    if workers < 1:
        raise UsageError(f"workers must be at least 1, got {workers}")
    start = time.perf_counter()
    folder = job.writing.folder
    with Manifest(folder / MANIFEST_NAME) as manifest:
        ledger = _Ledger(manifest, retry_failed, on_record)
        tasks = (task for item in items if (task := ledger.begin(job, item)) is not None)
        try:
            for record in paint_all(job, tasks, workers):
                ledger.finish(record)
        finally:
            listing = _list_failures(folder / FAILURES_NAME, ledger.failures)
    return Summary(ledger.done, ledger.skipped, tuple(ledger.failures), manifest.path, listing, round(time.perf_counter() - start, 3))


class _Ledger:
    """Counts what becomes of the photos of one run and writes it into the manifest."""

    def __init__(self, manifest: Manifest, retry_failed: bool, on_record: OnRecord | None) -> None:
        self.done = self.skipped = 0
        self.failures: list[Record] = []
        self._manifest = manifest
        self._retry_failed = retry_failed
        self._on_record = on_record

    def begin(self, job: Job, item: Item) -> Task | None:
        """Return the task of painting `item`, or None when nothing is to be done."""
        record, output = job.record(item), job.writing.folder / item.output
        last = self._manifest.last(record)
        if last is not None and self._is_settled(last, output):
            self.skipped += last.status == "done"
            self._tell(last)
            return None
        may_replace = self._manifest.may_replace(record, output)
        if refusal := _refusal(output, force=may_replace or job.writing.force):
            # Before "started" is written: that line, left alone by a crash, says that the file there is ours.
            self.finish(replace(record, status="failed", reason=refusal))
            return None
        self._manifest.add(record)
        return Task(item, record, may_replace)

    def finish(self, record: Record) -> None:
        """Write down what became of a task."""
        self.done += record.status == "done"
        self._manifest.add(record)
        self._tell(record)

    def _is_settled(self, last: Record, output: Path) -> bool:
        if last.status == "done":
            return output.exists() and self._manifest.holds(last)
        return last.status == "failed" and not self._retry_failed

    def _tell(self, record: Record) -> None:
        if record.status == "failed":
            self.failures.append(record)
        if self._on_record is not None:
            self._on_record(record)


def _refusal(output: Path, *, force: bool) -> str:
    """Say why what lies at `output` must stay; "" where nothing lies there, or it may be replaced."""
    if not output.exists():
        return ""
    try:
        check_writable(output, force=force)
    except OutputError as error:
        return str(error)
    return ""


def _list_failures(path: Path, failures: Iterable[Record]) -> Path:
    """Write `name<TAB>reason` lines, or take the file of an earlier run away when there is nothing to list."""
    lines = [f"{record.input}\t{record.reason}\n" for record in failures]
    if lines:
        write_atomically(path, "".join(lines).encode(), force=True)
    else:
        path.unlink(missing_ok=True)
    return path
