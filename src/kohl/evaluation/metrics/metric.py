"""What the tables know of a metric besides its function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from kohl.core.arrays import AnyArray
from kohl.evaluation.case import Sample

Direction: TypeAlias = Literal["higher", "lower"]
Side: TypeAlias = Literal["truth", "fidelity", "keeping", "other"]
Described: TypeAlias = Mapping[str, AnyArray]
"""What is kept of a sample for comparing sets: "result", "reference" and, where there is one, "truth" → feature vector."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One number a sample, or several under one idea ("distance.lips", "distance.lids").

    `measure` gives name → value; NaN where there is nothing to measure in this sample (that is counted, not dropped). `side`: whether it
    says how near the truth, how faithful to the reference, or how well kept the source is. `wanted` is the target, where there is one.
    """

    name: str
    title: str
    unit: str
    better: Direction
    side: Side
    source: str
    measure: Callable[[Sample], Mapping[str, float]]
    wanted: float | None = None


@dataclass(frozen=True, slots=True)
class SetMetric:
    """As `Metric`, of many samples of one contestant at once: a distance between sets, which no single sample has.

    `describe` is asked for every sample while its pictures are at hand; `compare` gets all answers. Metrics that share a `describe` share its work.
    """

    name: str
    title: str
    unit: str
    better: Direction
    side: Side
    source: str
    describe: Callable[[Sample], Described]
    compare: Callable[[Sequence[Described]], Mapping[str, float]]
    wanted: float | None = None

    def measure(self, samples: Sequence[Sample]) -> Mapping[str, float]:
        """Name → value over samples that are all at hand."""
        return self.compare([self.describe(sample) for sample in samples])
