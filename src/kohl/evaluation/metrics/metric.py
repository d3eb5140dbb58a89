"""What the tables know of a metric besides its function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
