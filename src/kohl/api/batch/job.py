"""What a batch does to each photo."""

from __future__ import annotations

import hashlib
import json
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kohl
from kohl.api.batch.items import Item
from kohl.api.batch.manifest import Record, file_sha256
from kohl.api.explain import report_look, why_nothing
from kohl.api.knobs import Knobs, TransferKnobs, plan_from
from kohl.api.outcome import Outcome
from kohl.api.studio import LEARNED, Studio
from kohl.core.errors import KohlError, OutputError
from kohl.looks.look import Look
from kohl.methods.base import Worn

if TYPE_CHECKING:
    from kohl.reading.reading import Reading


@dataclass(frozen=True, slots=True)
class Writing:
    """Where a batch's results go, and how they are written."""

    folder: Path
    force: bool = False
    keep_metadata: bool = False


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Job(ABC):
    """What is put on every photo, ready to be sent to another process. `ApplyJob.of` and `TransferJob.of` make one."""

    subject: str
    """SHA-256 of the look, or of the reference's file."""
    digest: str
    """SHA-256 of all that decides the result, but for the photo."""
    writing: Writing
    method: str
    seed: int

    @abstractmethod
    def make_up(self, studio: Studio, photo: Path) -> Outcome:
        """Do to one photo what the job is about. Raises what `Studio` raises."""

    def why_nothing(self) -> str | None:
        """Say why the job puts nothing on any photo; None where it may. Of a reference only painting can tell: its film holds more than layers."""
        return None

    def record(self, item: Item) -> Record:
        """Describe the work on `item`, begun. A photo that cannot be read has no checksum; opening it will say why."""
        return Record(
            input=item.name,
            input_sha256=file_sha256(item.path),
            output=item.output,
            job=self.digest,
            look=self.subject,
            seed=self.seed,
            engine=kohl.__version__,
            status="started",
        )


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class ApplyJob(Job):
    """One look on every photo."""

    look: Worn
    knobs: Knobs

    @classmethod
    def of(cls, look: Worn, knobs: Knobs, writing: Writing, *, method: str = "procedural") -> ApplyJob:
        """Make the job; a learned look takes the method that wears it. Raises UsageError for knobs that do not exist or are out of range."""
        plan = plan_from(knobs, Knobs)
        if isinstance(look, Look):
            subject = _sha256(look.model_dump_json(exclude={"name", "description", "tags"}).encode())
        else:
            subject, method = look.sha256, LEARNED
        digest = _digest([subject], knobs, writing, method)
        return cls(subject=subject, digest=digest, writing=writing, method=method, seed=plan.controls.seed, look=look, knobs=knobs)

    def make_up(self, studio: Studio, photo: Path) -> Outcome:
        """See `Job.make_up`."""
        return studio.apply_details(photo, self.look, **self.knobs)

    def why_nothing(self) -> str | None:
        """See `Job.why_nothing`."""
        return why_nothing(report_look(self.look, plan_from(self.knobs, Knobs).controls), "the look")


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class TransferJob(Job):
    """One reference's makeup on every photo."""

    reading: Reading
    knobs: TransferKnobs
    """`reference_for` holds Readings."""

    @classmethod
    def of(cls, reference: Path, knobs: TransferKnobs, writing: Writing, *, method: str = "procedural") -> TransferJob:
        """Make the job; the references (`reference`, and the paths in `reference_for`) are read here, once for all photos.

        Raises InputError or FaceError for a reference that cannot be used, UsageError for knobs.
        """
        plan = plan_from(knobs, TransferKnobs)
        studio = Studio(method)
        others = {region: Path(photo) for region, photo in sorted((knobs.get("reference_for") or {}).items())}
        readings = {region: studio.read_details(photo) for region, photo in others.items()}
        reading, subject = studio.read_details(reference), file_sha256(reference)
        sources = [subject, *(f"{region}={file_sha256(photo)}" for region, photo in others.items())]
        digest = _digest(sources, {**knobs, "reference_for": None}, writing, method)
        shared: TransferKnobs = {**knobs, "reference_for": readings}
        return cls(subject=subject, digest=digest, writing=writing, method=method, seed=plan.controls.seed, reading=reading, knobs=shared)

    def make_up(self, studio: Studio, photo: Path) -> Outcome:
        """See `Job.make_up`."""
        return studio.transfer_details(photo, self.reading, **self.knobs)


class Painter:
    """Does one job, photo after photo; every process has one of its own."""

    def __init__(self, job: Job, saving: AbstractContextManager[object] | None = None) -> None:
        """`saving` is entered while a result is written."""
        self._job = job
        self._saving = saving or nullcontext()
        self._studio = Studio(job.method)

    def paint(self, item: Item, record: Record, *, may_replace: bool = False) -> Record:
        """Make up one photo and write the result. What goes wrong is in the record that comes back; nothing is raised for it.

        `may_replace` lets it replace a result of kohl's own where the job's `force` does not.
        """
        start = time.perf_counter()
        try:
            written, doubts = self._write(item, force=may_replace or self._job.writing.force)
        except KohlError as error:
            return replace(record, status="failed", reason=str(error), seconds=_since(start))
        except Exception as error:  # a fault on one photo must not stop the others
            reason = f"a fault in kohl itself ({type(error).__name__}: {error})"
            return replace(record, status="failed", reason=reason, seconds=_since(start))
        return replace(record, status="done", seconds=_since(start), output_sha256=file_sha256(written), doubts=doubts)

    def _write(self, item: Item, *, force: bool) -> tuple[Path, tuple[str, ...]]:
        """Make up a photo and write the result: where to, and what may be wrong with it."""
        writing = self._job.writing
        path = writing.folder / item.output
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot make the folder {path.parent}: {error.strerror or error}") from error
        outcome = self._job.make_up(self._studio, item.path)
        with self._saving:
            return outcome.save(path, force=force, keep_metadata=writing.keep_metadata).path, outcome.doubts


def _since(start: float) -> float:
    return round(time.perf_counter() - start, 3)


def _digest(sources: Sequence[str], knobs: Mapping[str, Any], writing: Writing, method: str) -> str:
    decides = [sources, knobs, writing.keep_metadata, method, kohl.__version__]
    return _sha256(json.dumps(decides, sort_keys=True, default=str).encode())


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
