"""The regions that statistical baselines match one by one, and how what they make is laid back on the photo."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kohl.core.arrays import FloatArray, Image, Mask
from kohl.faces.face import Face
from kohl.reading.zones import LIDS, LOWER_LID, zone_mask

LIPS, LIDS_AREA, SKIN = "lips", "lids", "skin"
"""BeautyGAN's three: lips, eye shadow, and the rest of the face."""
_FEWEST = 20
"""Pixels below which a region has no statistics."""


def soft_regions(face: Face) -> Mapping[str, Mask]:
    """Region → soft (h, w) mask in the face's window; they add up to at most 1. Hair, brows, eyeballs and teeth belong to none."""
    zone = face.field.sample(np.maximum(zone_mask(LIDS), zone_mask(LOWER_LID)))
    lids = np.clip(1.6 * zone, 0, 1) * face.masks.skin
    return {LIPS: face.masks.lips, LIDS_AREA: np.asarray(lids, np.float32), SKIN: np.asarray(face.masks.skin - lids, np.float32)}


def is_enough(mask: Mask) -> bool:
    """Whether so much of a region is seen that its statistics mean something."""
    return bool((mask > 0.5).sum() >= _FEWEST)


def lay_back(image: Image, face: Face, painted: FloatArray, mask: Mask) -> Image:
    """Mix `painted` (h, w, 3), the face's window in sRGB, into `image` (H, W, 3) by `mask` (h, w); the rest stays bit for bit."""
    result = image.copy()
    window = result[face.window_slices]
    touched = mask > 0
    share = mask[touched][:, None]
    window[touched] = np.clip(window[touched] * (1 - share) + painted[touched] * share, 0, 1)
    return result
