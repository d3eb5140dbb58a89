"""Skin-tone drift: whether skin that no layer touches keeps its colour. Methods that learn from fair faces lighten deep ones here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.color.skin import ita_from_lab
from kohl.core.arrays import Image, Mask
from kohl.evaluation.metrics.comparing import check_same_shape, core_of


@dataclass(frozen=True, slots=True)
class SkinDrift:
    """How bare skin moved; 0 is untouched and nearer to 0 is better.

    `ita`: degrees of the individual typology angle (Chardon et al. 1991) of the median colour, after minus before: positive is
    lighter. `lightness`, `redness`, `yellowness`: the same of L*, a*, b*. `mean` and `p95` of CIEDE2000 over the pixels, [0, ~100].
    """

    ita: float
    lightness: float
    redness: float
    yellowness: float
    mean: float
    p95: float


def skin_drift(before: Image, after: Image, skin: Mask) -> SkinDrift:
    """Compare `before` and `after`, (H, W, 3) sRGB in [0, 1], where `skin` (H, W) is above 0.5; pass skin that carries no makeup.

    Raises UsageError for pictures of different shapes or when no skin is seen.
    """
    check_same_shape(before, after)
    inside = core_of(skin, before, purpose="skin tone")
    first, second = lab_from_srgb(before[inside]), lab_from_srgb(after[inside])
    typical, moved = np.median(first, axis=0), np.median(second, axis=0)
    error = delta_e2000(first, second)
    drift = moved - typical
    turned = float(ita_from_lab(moved) - ita_from_lab(typical))
    return SkinDrift(turned, float(drift[0]), float(drift[1]), float(drift[2]), float(error.mean()), float(np.percentile(error, 95)))
