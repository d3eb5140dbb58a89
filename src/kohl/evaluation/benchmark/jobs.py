"""Whole jobs, as a user of `kohl.Studio` meets them: a JPEG's bytes in, a JPEG's bytes out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kohl.api.studio import Studio
from kohl.core.errors import UnknownNameError
from kohl.evaluation.benchmark.processes import MIB, peak_bytes
from kohl.evaluation.benchmark.timing import Repeats, measure
from kohl.looks.presets import load
from kohl.methods import registry
from kohl.methods.base import Worn
from kohl.methods.tinybeauty.learned import LearnedLook

APPLY, TRANSFER, READ_BEFORE = "apply", "transfer", "transfer, read before"
ONNX = ".onnx"
LEARNED = "tinybeauty"
"""The method that wears learned looks; alone it has nothing to do."""


@dataclass(frozen=True)
class Job:
    """Something to do: `name` is one of `jobs_of(method)`, and `look` what is put on; a learned look's file is both `method` and look."""

    method: str
    name: str
    photo: Path
    reference: Path
    look: Worn
    faces: int = 1

    def prepare(self) -> Callable[[], bytes]:
        """Read the files, and the reference's makeup where that is done before, and return what is then left to be done.

        Raises UnknownNameError for a job that isn't one.
        """
        photo, reference = self.photo.read_bytes(), self.reference.read_bytes()
        studio = Studio() if self.method.endswith(ONNX) else Studio(self.method)
        if self.name == APPLY:
            return lambda: studio.apply(photo, self.look, faces=self.faces)
        if self.name == TRANSFER:
            return lambda: studio.transfer(photo, reference, faces=self.faces)
        if self.name == READ_BEFORE:
            reading = studio.read_details(reference)
            return lambda: studio.transfer(photo, reading, faces=self.faces)
        raise UnknownNameError("job", self.name, (APPLY, TRANSFER, READ_BEFORE))


def open_look(name: str, threads: int) -> Worn:
    """The preset called `name`, or the learned look in the file `name`, its network with `threads` threads. Raises as their loaders."""
    return LearnedLook.load(name, threads=threads) if name.endswith(ONNX) else load(name)


def jobs_of(method: str) -> tuple[str, ...]:
    """What `method`, a registered name or a learned look's file, can do. Raises UnknownNameError for another name."""
    if method.endswith(ONNX):
        return (APPLY,)
    able = registry.create(method).capabilities
    return (*((APPLY,) if able.applies_looks else ()), *((TRANSFER, READ_BEFORE) if able.transfers and able.reads else ()))


def time_job(job: Job, repeats: Repeats, *, started: float) -> dict[str, Any]:
    """Do `job` once cold, then warm. `started`: the moment, of `time.monotonic`, from which cold counts.

    Returns "cold_ms", "timing", "peak_mib" (after the first call) and "peak_warm_mib". Raises ValueError where the photo has fewer faces
    than wanted, and whatever the method raises.
    """
    call = job.prepare()
    call()
    cold, peak = 1000 * (time.monotonic() - started), _peak_mib()
    _require_faces(job)
    timing = measure(call, repeats)
    return {"cold_ms": cold, "timing": vars(timing), "peak_mib": peak, "peak_warm_mib": _peak_mib()}


def _require_faces(job: Job) -> None:
    """A studio makes up as many as there are; a time per face needs them all to be there."""
    found = len(Studio().analyze(job.photo))
    if found < job.faces:
        raise ValueError(f"expected {job.faces} faces in the picture, found {found}")


def _peak_mib() -> float | None:
    peak = peak_bytes()
    return None if peak is None else peak / MIB
