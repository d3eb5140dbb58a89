"""Region leakage: what changes outside the regions that were asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import Image, Mask
from kohl.evaluation.metrics.comparing import check_same_shape, core_of

_SEEN = 1.0
"""CIEDE2000 from which on a change counts as seen."""


@dataclass(frozen=True, slots=True)
class Leakage:
    """`largest` CIEDE2000 outside what was asked for, [0, ~100]; `share` of all seen change that lies there, [0, 1]. Lower is better."""

    largest: float
    share: float


def region_leakage(before: Image, after: Image, allowed: Mask) -> Leakage:
    """Measure what `after` changed in `before`, (H, W, 3) sRGB in [0, 1], where `allowed` (H, W) is at most 0.5.

    `share` weighs pixels by their CIEDE2000 and leaves out what nobody sees (below 1); it is 0 when nothing changed.
    Raises UsageError for different shapes or when everything is allowed.
    """
    check_same_shape(before, after)
    outside = core_of(np.asarray(1 - allowed, np.float32), before, purpose="region leakage")
    error = delta_e2000(lab_from_srgb(before), lab_from_srgb(after))
    seen = np.where(error >= _SEEN, error, 0)
    total = float(seen.sum())
    return Leakage(float(error[outside].max()), float(seen[outside].sum()) / total if total else 0.0)
