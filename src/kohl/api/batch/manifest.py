"""The manifest of a batch: one line of JSON per event, only ever added to, so that a run can stop anywhere and go on."""

from __future__ import annotations

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
        self._last = {record.key: record for record in read_manifest(path)}
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

    def add(self, record: Record) -> None:
        """Write one line, whole: who reads meanwhile, or after a crash, finds every line complete but the last."""
        if self._file is None:
            raise OutputError(f"the manifest {self.path} is not open; use it in a with statement")
        self._file.write(json.dumps(asdict(record), ensure_ascii=False) + "\n")
        self._file.flush()
        self._last[record.key] = record


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
