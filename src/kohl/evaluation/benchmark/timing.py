"""Clocks. Wall time is what a user waits; processor time, of all threads, is what it costs, and hardly minds what else runs."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Sample:
    """Milliseconds that one call took."""

    wall: float
    processor: float

    def __add__(self, other: Sample) -> Sample:
        return Sample(self.wall + other.wall, self.processor + other.processor)

    def __sub__(self, other: Sample) -> Sample:
        return Sample(self.wall - other.wall, self.processor - other.processor)


@dataclass(frozen=True)
class Timing:
    """Milliseconds of warm calls: wall time's middle, 95th percentile and quartiles, and the middle of processor time."""

    p50: float
    p95: float
    p25: float
    p75: float
    processor: float
    calls: int


@dataclass(frozen=True)
class Repeats:
    """How often something is called: at least `least` times, then until `most` calls or `seconds` are reached; `warm_up` don't count."""

    least: int
    most: int
    seconds: float
    warm_up: int = 2

    @classmethod
    def exactly(cls, calls: int, *, warm_up: int = 2) -> Repeats:
        """That many, however long they take."""
        return cls(calls, calls, 0.0, warm_up)


def now() -> Sample:
    """Both clocks; only differences mean anything."""
    return Sample(1000 * time.perf_counter(), 1000 * time.process_time())


def sample(call: Callable[[], Any]) -> Sample:
    """Time one call."""
    start = now()
    call()
    return now() - start


def summarise(samples: Sequence[Sample]) -> Timing:
    """Middle and spread of at least one sample."""
    walls = [item.wall for item in samples]
    p25, p50, p75, p95 = (float(value) for value in np.percentile(walls, (25, 50, 75, 95)))
    return Timing(p50, p95, p25, p75, float(np.median([item.processor for item in samples])), len(samples))


def repeat(once: Callable[[], Any], repeats: Repeats) -> None:
    """Call `once` as often as `repeats` says, the warm-up included."""
    for _ in range(repeats.warm_up):
        once()
    start, calls = time.perf_counter(), 0
    while calls < repeats.least or (calls < repeats.most and time.perf_counter() - start < repeats.seconds):
        once()
        calls += 1


def measure(call: Callable[[], Any], repeats: Repeats, *, collects: bool = True) -> Timing:
    """Time `call` warm. `collects`: garbage is collected before every call; off for calls so short that caches and threads would cool down."""
    samples: list[Sample] = []

    def once() -> None:
        if collects:
            gc.collect()
        samples.append(sample(call))

    repeat(once, repeats)
    return summarise(samples[repeats.warm_up :])


def interleave(calls: Mapping[str, Callable[[], Any]], runs: int, *, block: int = 20, settle: int = 3) -> dict[str, Timing]:
    """Time several things in one run, warm and by turns, so that whatever else happens on the machine happens to all of them.

    Each has its turn of `block` calls until it has `runs`. The first `settle` calls of a turn don't count: caches are still the other's, and
    thread pools, onnxruntime's above all, keep spinning for a while after their own last call.
    """
    samples: dict[str, list[Sample]] = {name: [] for name in calls}
    for start in range(0, runs, block):
        for name, call in calls.items():
            gc.collect()
            for _ in range(settle):
                call()
            samples[name] += [sample(call) for _ in range(min(block, runs - start))]
    return {name: summarise(own) for name, own in samples.items()}


@dataclass
class Laps:
    """The parts of one walk through the engine, added up by name."""

    parts: dict[str, Sample] = field(default_factory=dict)

    @contextmanager
    def lap(self, name: str) -> Iterator[None]:
        """Add what happens inside to the part `name`."""
        start = now()
        yield
        self.parts[name] = self.parts.get(name, Sample(0.0, 0.0)) + (now() - start)
