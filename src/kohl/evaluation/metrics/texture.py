"""Texture kept: whether the skin's own pores, lines and grain come through."""

from __future__ import annotations

import cv2
import numpy as np

from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import FloatArray, Image, Mask
from kohl.evaluation.metrics.comparing import check_same_shape, core_of

BAND = 0.02
"""Standard deviation of the low-pass, in distances between the eyes: what is finer than an eighth of that distance is texture."""

_NONE = 1e-3
"""Standard deviation, in L*, below which a band is rounding."""


def texture_kept(before: Image, after: Image, skin: Mask, eye_distance: float) -> float:
    """Pearson correlation of the high-pass bands of L* before and after, over the pixels where `skin` (H, W) is above 0.5.

    Pictures (H, W, 3) sRGB in [0, 1]; `eye_distance` in pixels. The band is L* minus its Gaussian mean of sigma `BAND` times
    the eye distance, so it goes from there down to the single pixel; the mean is taken over the skin alone (normalised
    convolution), so that edges of eyes and lips are not taken for texture. Range [-1, 1], higher is better, 1 keeps all of it;
    contrast may change, only its pattern counts. Raises UsageError for different shapes or when no skin is seen.
    """
    check_same_shape(before, after)
    inside = core_of(skin, before, purpose="texture")
    rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    sigma = max(BAND * eye_distance, 0.7)
    first, second = (_fine(picture[box], inside[box].astype(np.float32), sigma) for picture in (before, after))
    if first.std() < _NONE or second.std() < _NONE:
        # A band without any texture has no correlation; wiped out counts as lost, never there as kept.
        return 1.0 if first.std() < _NONE else 0.0
    return float(np.corrcoef(first, second)[0, 1])


def _fine(picture: Image, skin: Mask, sigma: float) -> FloatArray:
    """The high-pass band of L* at every pixel of `skin` (h, w), 0 or 1."""
    lightness = np.ascontiguousarray(lab_from_srgb(picture)[..., 0])
    weight = cv2.GaussianBlur(skin, (0, 0), sigma)
    mean = cv2.GaussianBlur(lightness * skin, (0, 0), sigma) / np.maximum(weight, 1e-6)
    return np.asarray((lightness - mean)[skin > 0], np.float32)
