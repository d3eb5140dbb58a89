"""Where a brush leaves blush: one soft shape, from the apple of the cheek up along the cheekbone."""

from __future__ import annotations

import functools

import cv2
import numpy as np

from kohl.core.arrays import Mask
from kohl.core.ramps import ramp
from kohl.reading.unrolled import SIDE
from kohl.reading.zones import CHEEKS, without_hollows, zone_mask

_CORE = (0.22, 0.37)
"""Zone mask from which on a point begins to belong to the shape, and does."""
_ROUNDED = 0.08
"""Chart units: how wide a hollow of the zone is filled."""
_BLENDED = 0.038
"""Chart units: standard deviation of the edge that a brush leaves."""
_TOP = (0.375, 0.47)
"""Chart units from above: where blush begins below the height of the eye's outer corner, and is in full. What lies higher is temple."""


@functools.cache
def blended_blush(side: int = SIDE) -> Mask:
    """(side, side) in [0, 1]: how far blush covers where all of the cheek is painted. The zone itself is made for measuring, of an apple and a band
    up to the temple: laid on, their outlines show as a notch and a horn beside the eye.
    """
    whole = without_hollows(ramp(zone_mask(CHEEKS, side), *_CORE), _ROUNDED)
    whole *= ramp((np.arange(side, dtype=np.float32)[:, None] + 0.5) / side, *_TOP)
    soft = cv2.GaussianBlur(whole, (0, 0), _BLENDED * side)
    cover = np.asarray(soft / soft.max(), np.float32)
    cover.flags.writeable = False
    return cover
