"""Faces that never were: one person's photo with the colours that another's bare lips, lids and cheeks have beside their skin.

How a bare face's lips and lids look is what reading has to tell makeup from, and few people are known to be bare. What is lent is
the coarse part alone (the log ratio to the person's own skin on the chart, smoothed), so that pores, lines and lashes stay.
"""

from __future__ import annotations

import cv2
import numpy as np

from kohl.color.srgb import srgb_from_linear
from kohl.core.arrays import FloatArray, Image
from kohl.faces.face import Face
from kohl.reading.unrolled import unroll_window, window_light

_SMOOTHING = 2.5
"""Chart pixels: about half a lid."""
_SURE = (0.4, 0.8)
"""From which to which share of skin around a point its colour is lent."""
_SHARE = 0.7
"""How far from their own colours towards the lender's."""
_LARGEST = 0.6
"""Log ratios that are lent are cut here."""


def coarse_colours(image: Image, face: Face) -> FloatArray:
    """(S, S, 4) on the chart: smoothed log ratio of skin and lips to the person's typical skin, and how surely it is known, [0, 1]."""
    unrolled = unroll_window(window_light(image, face), face)
    seen = np.maximum(unrolled.skin_seen, unrolled.lips_seen)
    sums = cv2.GaussianBlur(np.dstack([unrolled.ratio * seen[..., None], seen]), (0, 0), _SMOOTHING)
    sums = (sums + sums[:, ::-1]) / 2  # light from one side is not part of the skin
    low, high = _SURE
    sure = np.clip((sums[..., 3:] - low) / (high - low), 0, 1)
    return np.asarray(np.concatenate([sums[..., :3] / np.maximum(sums[..., 3:], 1e-3), sure], -1), np.float32)


def lend(image: Image, face: Face, lender: FloatArray) -> Image:
    """`face` of `image` with the coarse colours of somebody else, `lender` (S, S, 4), where they are known of both."""
    own = coarse_colours(image, face)
    change = np.clip(lender[..., :3] - own[..., :3], -_LARGEST, _LARGEST) * _SHARE * np.minimum(lender[..., 3:], own[..., 3:])
    amount = (face.masks.skin + face.masks.lips).clip(0, 1)[..., None]
    changed = window_light(image, face) * np.exp(face.field.sample(change) * amount)
    result = image.copy()
    result[face.window_slices] = np.clip(srgb_from_linear(changed), 0, 1)
    return result
