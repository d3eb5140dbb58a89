"""Shadow that was blended beyond the lids, up to the brow and towards the temple: where it is, told by its hue.

Deep-set eyes lie in shade, and lamps are warm or cool: around the eyes of a bare face lightness and chroma differ from the cheeks' as much as
with makeup. Its hue hardly does, beside the skin right around, and not on both sides at once.
"""

from __future__ import annotations

import functools

import cv2
import numpy as np

from kohl.color.lab import lab_from_linear
from kohl.core.arrays import FloatArray, Mask
from kohl.core.medians import median
from kohl.core.ramps import eased, ramp
from kohl.reading.unrolled import SIDE, Unrolled
from kohl.reading.zones import LOWER_LID, ORBIT, zone_mask

_NOTICED = (3.5, 7.5)
"""Lab units across the skin's own hue at which a point starts to count as painted, and surely is: so 10 % of the orbits beyond the lids of 28
made-up faces are called painted, 1.8 % of those of 30 bare men in any light, none of 30 bare faces in a studio's.
"""
_RING = 0.028
"""Chart units: the width of the skin around the orbit that it is held against; `left` is known as far as that."""
_SOFT = 0.012
"""Chart units: standard deviation of the edge that a brush leaves."""
_SEEN, _ENOUGH = 0.7, 30
"""Mask from which on that skin is nothing else, and the points of it that are needed."""


def shadow_beyond_lids(left: FloatArray, unrolled: Unrolled) -> Mask:
    """(S, S) in [0, 1]: how surely a point of the orbit is painted. `left` (S, S, 3): Lab of its colour beside skin, minus a bare face's."""
    hue = lab_from_linear(unrolled.photo_skin)[1:]
    hue = hue / max(float(np.linalg.norm(hue)), 1e-3)
    across = left[..., 1] * hue[1] - left[..., 2] * hue[0]
    ring = _ring() * (unrolled.skin_seen > _SEEN)
    middle = SIDE // 2
    for half in (slice(0, middle), slice(middle, SIDE)):
        around = across[:, half][ring[:, half] > 0]
        across[:, half] -= median(around) if around.size >= _ENOUGH else 0
    mirrored = across[:, ::-1]
    on_both = np.where(across * mirrored > 0, np.minimum(np.abs(across), np.abs(mirrored)), 0)
    soft = cv2.GaussianBlur(ramp(on_both, *_NOTICED), (0, 0), _SOFT * SIDE)
    return np.asarray(eased(soft) * zone_mask(ORBIT, SIDE), np.float32)


@functools.cache
def _ring() -> Mask:
    """(S, S), 0 or 1: skin close around both orbits."""
    around = (np.maximum(zone_mask(ORBIT, SIDE), zone_mask(LOWER_LID, SIDE)) > 0.05).astype(np.float32)
    size = 2 * round(_RING * SIDE) + 1
    wide = cv2.dilate(around, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    return np.asarray(wide - around, np.float32)
