"""From nothing to all of it, straight or slow at both ends: how soft thresholds are written."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

from kohl.core.arrays import AnyArray, FloatArray

_Share = TypeVar("_Share", float, FloatArray)


def ramp(values: AnyArray | np.floating[Any], low: float, high: float) -> FloatArray:
    """0 up to `low`, 1 from `high` on, straight in between; `high` may be the smaller one."""
    share = np.asarray((values - np.float32(low)) * np.float32(1 / (high - low)), np.float32)
    return np.clip(share, 0, 1, out=share)


def share_between(value: float, limits: tuple[float, float]) -> float:
    """The same of one number: 0 up to the first of `limits`, 1 from the second on."""
    low, high = limits
    return min(max((value - low) / (high - low), 0.0), 1.0)


def eased(share: _Share) -> _Share:
    """`share` in [0, 1], slow at both ends in place of straight: 3 x² - 2 x³ (Hermite's, "smoothstep"), so that no edge shows where a ramp begins."""
    return share * share * (3 - 2 * share)
