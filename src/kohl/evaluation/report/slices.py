"""Where a contestant is worse than it is elsewhere: skin tones, ages, glasses, light, and so on, the worst first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kohl.evaluation.report.measures import Measure
from kohl.evaluation.running.rows import Row

FEWEST = 3
"""Cases with a number, inside the slice and outside it, from which on two means are compared."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One measure of one contestant in one group of cases.

    `gap` is how much worse `mean` is than `rest`, the mean over all other cases with a number, in standard deviations of a case:
    0 as good as elsewhere, above 0 worse. `failed` and `refused` count cases of the group that gave no number.
    """

    contestant: str
    group: str
    value: str
    measure: str
    mean: float
    rest: float
    gap: float
    count: int
    failed: int
    refused: int


def slices_of(rows: Sequence[Row], measures: Sequence[Measure]) -> tuple[Slice, ...]:
    """Compare every group of every contestant with its other cases; worst gaps first. Left out: groups that cannot be compared,
    and measures that are a slice themselves.
    """
    found = [item for name in dict.fromkeys(row.contestant for row in rows) for item in _of_contestant(name, rows, measures)]
    return tuple(sorted(found, key=lambda item: -item.gap))


def _of_contestant(name: str, rows: Sequence[Row], measures: Sequence[Measure]) -> Iterator[Slice]:
    own = [row for row in rows if row.contestant == name]
    plain = [measure for measure in measures if not measure.worn]
    for group, value in sorted({pair for row in own for pair in row.slices.items()}):
        inside = [row for row in own if row.slices.get(group) == value]
        outside = [row for row in own if row.slices.get(group) != value]
        statuses = [row.status for row in inside]
        for measure in plain:
            there, elsewhere = _numbers(inside, measure), _numbers(outside, measure)
            if min(len(there), len(elsewhere)) >= FEWEST:
                mean, rest = float(np.mean(there)), float(np.mean(elsewhere))
                spread = float(np.std(there + elsewhere))
                gap = measure.sign * (rest - mean) / spread if spread > 0 else 0.0
                yield Slice(name, group, value, measure.name, mean, rest, gap, len(there), statuses.count("failed"), statuses.count("refused"))


def _numbers(rows: Sequence[Row], measure: Measure) -> list[float]:
    values = (measure.value(row) for row in rows if row.status == "done")
    return [value for value in values if math.isfinite(value)]
