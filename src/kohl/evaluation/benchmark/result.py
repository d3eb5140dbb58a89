"""The document that a benchmark leaves: every number with what it was measured on. Written and read as JSON, refused where it doesn't fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from kohl.core.errors import UsageError
from kohl.evaluation.benchmark.timing import Timing


class Row(BaseModel):
    """What all parts of the document share: frozen, and nothing unknown in them."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Place(Row):
    """Which picture, with how many threads: `side` pixels square, with `faces` of its `slots` places taken."""

    side: int
    faces: int
    slots: int
    threads: int

    @property
    def where(self) -> str:
        """For people."""
        faces = f", {self.faces} of {self.slots} faces" if self.slots > 1 else ""
        return f"{self.side} px{faces}, {self.threads} thread{'s' if self.threads > 1 else ''}"


class StageRow(Place):
    """One stage of a method. Milliseconds; cold is the first walk of a fresh process."""

    method: str
    stage: str
    cold_ms: float
    timing: Timing


class JobRow(Place):
    """A whole job, a file's bytes to a file's bytes. Cold: a fresh process from its start to its first result, imports included."""

    method: str
    job: str
    cold_ms: float
    timing: Timing
    peak_mib: float | None
    """Most memory up to the first result, …"""
    peak_warm_mib: float | None
    """… and up to the last."""


class PeakRow(Row):
    """What the machine can do at best; see `kohl.evaluation.benchmark.peaks`."""

    threads: int
    gmacs: float
    gigabytes: float
    source: str


class NetworkRow(Row):
    """A network alone. What counting needs the package onnx for is None without it."""

    name: str
    threads: int
    cold_ms: float
    timing: Timing
    parameters: int | None = None
    macs: int | None = None
    intensity: float | None = None
    """Multiply-accumulates per byte, see `kohl.evaluation.benchmark.macs`."""
    attainable_gmacs: float | None = None
    reached_gmacs: float | None = None
    uncounted: tuple[str, ...] = ()


class FitRow(Row):
    """Warm milliseconds (p50) against megapixels or faces, as a line."""

    method: str
    job: str
    threads: int
    against: Literal["megapixels", "faces"]
    clock: Literal["wall", "processor"]
    slope: float
    intercept: float
    r2: float | None
    """None for two points, which any line fits."""
    points: int

    @property
    def cost(self) -> float | None:
        """What each further one costs; None where the times did not grow, for nothing costs less than no time: the slope is noise."""
        return self.slope if self.slope > 0 else None

    @property
    def start(self) -> float | None:
        """What a call costs by itself; None where the slope, or the line's beginning below zero, is noise."""
        return self.intercept if self.slope > 0 and self.intercept >= 0 else None


class Failure(Row):
    """Something that was to be measured and could not be."""

    what: str
    reason: str


class MachineRow(Row):
    """Where it was measured, and whether other programs ran meanwhile."""

    processor: str
    cores: int | None
    memory_gib: float | None
    system: str
    load_before: float | None
    load_after: float | None
    shared_while_measured: bool


class Settings(Row):
    """What was asked for."""

    methods: tuple[str, ...]
    models: tuple[str, ...]
    sizes: tuple[int, ...]
    faces: tuple[int, ...]
    threads: tuple[int, ...]
    look: str
    photo: str
    """"the sample portrait" or "a photo of the user's": never its name."""
    quick: bool


class BenchmarkResult(Row):
    """One run of `kohl benchmark`."""

    format: Literal["kohl.benchmark"] = "kohl.benchmark"
    version: Literal[1] = 1
    date: str
    commit: str | None
    engine_differs_from_commit: bool | None
    machine: MachineRow
    versions: dict[str, str]
    settings: Settings
    seconds: float
    jobs: tuple[JobRow, ...]
    stages: tuple[StageRow, ...]
    fits: tuple[FitRow, ...]
    peaks: tuple[PeakRow, ...]
    networks: tuple[NetworkRow, ...]
    failures: tuple[Failure, ...]

    def to_json(self) -> str:
        """The document as text that `read_result` reads."""
        return self.model_dump_json(indent=1) + "\n"

    def as_data(self) -> dict[str, Any]:
        """The document as plain values."""
        return self.model_dump(mode="json")


def read_result(path: Path) -> BenchmarkResult:
    """Read a document. Raises UsageError, with the first thing that doesn't fit, where it is none."""
    try:
        return BenchmarkResult.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}; give a file that kohl benchmark -o wrote") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise UsageError(f"{path} is no result of kohl benchmark (version 1): {place}: {first['msg']}; write one with kohl benchmark -o") from error
