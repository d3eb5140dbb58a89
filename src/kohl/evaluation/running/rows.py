"""What became of one case with one contestant: a row, and the file of rows that a run adds to."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self, TypeAlias

from kohl.core.errors import OutputError, UsageError
from kohl.evaluation.metrics.metric import Described

Status: TypeAlias = Literal["done", "failed", "refused"]
"""`refused`: the case's own pictures cannot be used, whoever the contestant is; `failed`: this contestant's fault."""


@dataclass(frozen=True)
class Row:
    """One case with one contestant."""

    key: str
    """SHA-256 of all that decides the numbers; see `kohl.evaluation.running.keys`."""
    case: str
    contestant: str
    source: str
    reference: str
    status: Status
    reason: str = ""
    """Why it failed or was refused."""
    slices: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)
    """Measure → number; NaN where there was nothing to measure, or the metric itself failed."""
    problems: tuple[str, ...] = ()
    """What went wrong beside: metrics that raised, a face that was not found again."""
    seconds: float = 0.0
    """Wall time that the contestant took."""
    cpu_seconds: float = 0.0
    """Processor time of the contestant, its threads included; of programs it starts, only the waiting."""
    worn: tuple[str, ...] = ()
    """Regions that the reference is stated to wear makeup on."""
    described: Mapping[str, Described] = field(default_factory=dict, compare=False, repr=False)
    """For metrics of sets: name → what they compare. It says how faces look, so it lives in memory alone: never written, never read back."""


def to_json(row: Row) -> str:
    """One line of strict JSON: NaN is null, infinities are words."""
    return json.dumps(plain_row(row), ensure_ascii=False)


def plain_row(row: Row) -> dict[str, Any]:
    """A row as strict JSON has it, without what lives in memory alone."""
    plain = asdict(replace(row, described={})) | {"values": {name: plain_number(value) for name, value in row.values.items()}}
    del plain["described"]
    return plain


def plain_number(value: float) -> float | str | None:
    """A number as strict JSON has it: NaN is null, infinities are the words "inf" and "-inf"."""
    return value if math.isfinite(value) else None if math.isnan(value) else str(value)


def from_json(line: str) -> Row | None:
    """Read a line back; None when it was cut short. Raises TypeError when it is whole, but no row."""
    try:
        content: Any = json.loads(line)
    except json.JSONDecodeError:
        return None
    if (
        not isinstance(content, dict)
        or not content.keys() >= {"key", "case", "contestant", "status"}
        or content.keys() - {f.name for f in fields(Row)}
    ):
        raise TypeError("its fields are others")
    values = {name: math.nan if value is None else float(value) for name, value in content.get("values", {}).items()}
    return Row(**content | {"values": values, "problems": tuple(content.get("problems", ())), "worn": tuple(content.get("worn", ()))})


class RowFile:
    """A file of rows, opened for adding; use it in a with statement. A line that a crash cut short is passed over.

    Raises OutputError when the file cannot be written and UsageError when it is some other file.
    """

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        self.path = path
        self._fresh = fresh
        self._known = {} if fresh else {row.key: row for row in read_rows(path)}
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        try:
            self._file = self.path.open("w" if self._fresh else "a", encoding="utf-8")
            # After a crash the last line may lack its end; the next row must not be glued to it.
            if self._file.tell() and not self.path.read_bytes().endswith(b"\n"):
                self._file.write("\n")
        except OSError as error:
            raise OutputError(f"cannot write {self.path}: {error.strerror or error}; name a folder that can be written") from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()

    def get(self, key: str) -> Row | None:
        """Return the last row with this key, if there is one."""
        return self._known.get(key)

    def add(self, row: Row) -> None:
        """Write one row. Raises OutputError when the file is not open or the disk is full."""
        if self._file is None:
            raise OutputError(f"{self.path} is not open; use it in a with statement")
        try:
            self._file.write(to_json(row) + "\n")
            self._file.flush()
        except OSError as error:
            raise OutputError(f"cannot write {self.path}: {error.strerror or error}; what was finished stays") from error
        self._known[row.key] = row


def read_rows(path: Path) -> list[Row]:
    """Return the rows in `path`, oldest first; none when there is no such file. Raises UsageError when a line is no row."""
    if not path.exists():
        return []
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        try:
            row = from_json(line)
        except (TypeError, ValueError) as error:
            raise UsageError(
                f"line {number} of {path} is no row of an evaluation ({error}); start anew with --fresh, or name another folder"
            ) from None
        if row is not None:
            rows.append(row)
    return rows
