"""What the tables know of a metric besides its function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from kohl.evaluation.case import Sample

Direction: TypeAlias = Literal["higher", "lower"]
Side: TypeAlias = Literal["truth", "fidelity", "keeping", "other"]


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
    """As `Metric`, of many samples of one contestant at once: a distance between sets, which no single sample has."""

    name: str
    title: str
    unit: str
    better: Direction
    side: Side
    source: str
    measure: Callable[[Sequence[Sample]], Mapping[str, float]]
    wanted: float | None = None
