"""The manifest of a batch: one line of JSON per event, only ever added to, so that a run can stop anywhere and go on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self

from kohl.core.errors import OutputError, UsageError

Status = Literal["started", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Record:
    """What happened to one photo. Nothing of a face is in it: names, checksums and settings."""

    input: str
    """The photo's name, relative to the folder that was given."""
    input_sha256: str
    output: str
    """The result's name, relative to the manifest's folder."""
    job: str
    """SHA-256 of the look or the references, the settings and the engine's version: the same job makes the same picture."""
    look: str
    """SHA-256 of the look, or of the reference's file."""
    seed: int
    engine: str
    """kohl's version."""
    status: Status
    seconds: float = 0.0
    reason: str = ""
    """Why it failed."""
    output_sha256: str = ""
    """SHA-256 of the result as it was written; "" until then, and in manifests of kohl before it was noted."""
    doubts: tuple[str, ...] = ()
    """Why the result may be wrong though it was made (`Outcome.doubts`)."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two records speak of the same work."""
        return self.input_sha256, self.job, self.output


class Manifest:
    """A manifest file, opened for adding. Use it as a context manager.

    Raises OutputError when the file cannot be written and UsageError when it is some other file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last: dict[tuple[str, str, str], Record] = {}
        self._begun: dict[str, Record] = {}
        """By output: what was begun and never ended, so that either picture may lie there."""
        self._written: dict[str, Record] = {}
        """By output: the work whose result lies there."""
        for record in read_manifest(path):
            self._remember(record)
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            torn = self.path.exists() and not self.path.read_bytes().endswith(b"\n") and self.path.stat().st_size > 0
            self._file = self.path.open("a", encoding="utf-8")
            if torn:
                self._file.write("\n")
        except OSError as error:
            raise OutputError(f"cannot write the manifest {self.path}: {error.strerror or error}") from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()

    def last(self, record: Record) -> Record | None:
        """Return what was last said of the same work, if anything."""
        return self._last.get(record.key)

    def holds(self, record: Record) -> bool:
        """Return whether the result of this very work was the last to be written to its output; another look may have followed it."""
        written = self._written.get(record.output)
        return written is not None and written.key == record.key and record.output not in self._begun

    def may_replace(self, record: Record, path: Path) -> bool:
        """Return whether the file at `path`, where the result of `record` goes, is kohl's own: written for the photo of that name, under
        any look, and not changed since; or left by a run that was stopped before it could note it.
        """
        begun, written = self._begun.get(record.output), self._written.get(record.output)
        if begun is not None and begun.input == record.input:
            return True
        # One output may be fed by photos of two names (a.gif and a.png, in two batches): neither takes the other's place.
        return written is not None and written.input == record.input and written.output_sha256 in ("", file_sha256(path))

    def add(self, record: Record) -> None:
        """Write one line, whole: who reads meanwhile, or after a crash, finds every line complete but the last."""
        if self._file is None:
            raise OutputError(f"the manifest {self.path} is not open; use it in a with statement")
        self._file.write(json.dumps(asdict(record), ensure_ascii=False) + "\n")
        self._file.flush()
        self._remember(record)

    def _remember(self, record: Record) -> None:
        begun = self._begun.get(record.output)
        ends = begun is not None and begun.key == record.key
        if record.status == "failed" and not ends:
            return  # refused before it was begun: that says nothing of the photo, and the next run looks anew
        if ends:
            del self._begun[record.output]
        if record.status == "started":
            self._begun[record.output] = record
        if record.status == "done":
            self._written[record.output] = record
        self._last[record.key] = record


def file_sha256(path: Path) -> str:
    """Return a file's checksum, "" for one that cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def read_manifest(path: Path) -> list[Record]:
    """Return the records in `path`, oldest first; none when there is no such file. A line cut short by a crash is passed over.

    Raises UsageError when a line is whole, but no record.
    """
    if not path.exists():
        return []
    return [record for number, line in enumerate(_lines(path), 1) if (record := _parse(path, number, line))]


def _lines(path: Path) -> Iterable[str]:
    with path.open(encoding="utf-8", errors="replace") as file:
        yield from file


def _parse(path: Path, number: int, line: str) -> Record | None:
    try:
        return Record(**json.loads(line))
    except json.JSONDecodeError:
        return None
    except TypeError as error:
        raise UsageError(f"line {number} of {path} is no record of a batch ({error}); name another manifest or move this one away") from None
