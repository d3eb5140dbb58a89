"""How sure a mean is: percentile bootstrap (Efron 1979) over sources, with a fixed seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kohl.core.arrays import AnyArray

RESAMPLES, SEED, LEVEL = 2000, 0, 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and the bounds between which `LEVEL` of the resampled means lie; NaN where there is nothing, or only one source."""

    mean: float
    low: float
    high: float


def mean_interval(values: Sequence[float], clusters: Sequence[str]) -> Interval:
    """Estimate the mean of finite `values`; those with equal `clusters` (the source they belong to) are drawn together.

    Pairs that share a source are not independent; drawing them one by one would make the interval too narrow.
    An infinite value (PSNR of equal pictures) makes the mean infinite, and its interval unknown.
    """
    numbers = np.asarray(values, np.float64)
    if not len(numbers):
        return Interval(np.nan, np.nan, np.nan)
    mean = float(numbers.mean())
    names, place = np.unique(np.asarray(clusters), return_inverse=True)
    if len(names) < 2 or not np.isfinite(numbers).all():
        return Interval(mean, np.nan, np.nan)
    sums, counts = np.bincount(place, numbers), np.bincount(place)
    drawn = _draws(len(names))
    means = (drawn @ sums) / (drawn @ counts)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    # Rounding must not put the mean outside where all values are equal.
    return Interval(mean, min(float(low), mean), max(float(high), mean))


def _draws(count: int) -> AnyArray:
    """(RESAMPLES, count): how often each of `count` sources is drawn when `count` are drawn with replacement."""
    draws: AnyArray = np.random.default_rng(SEED).multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    return draws
