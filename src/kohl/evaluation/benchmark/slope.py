"""A straight line through measured times: what a call costs by itself, and what every further megapixel or face costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Line:
    """y = intercept + slope · x, by least squares.

    `r2` is the share of the spread in y that the line explains: 1 where y has no spread, None for two points, which any line fits.
    """

    slope: float
    intercept: float
    r2: float | None
    points: int


def fit_line(x: Sequence[float], y: Sequence[float]) -> Line | None:
    """Fit a line through at least two points with different x; None where there are no two."""
    across, up = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if len(np.unique(across)) < 2:
        return None
    slope, intercept = np.polyfit(across, up, 1)
    rest, spread = float(np.sum((up - intercept - slope * across) ** 2)), float(np.sum((up - up.mean()) ** 2))
    explained = 1.0 - rest / spread if spread > 0 else 1.0
    return Line(float(slope), float(intercept), explained if len(across) > 2 else None, len(across))
