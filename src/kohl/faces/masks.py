"""Soft region masks at the photo's own resolution."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import Image, Points3
from kohl.core.ramps import ramp
from kohl.core.side_by_side import both
from kohl.faces.brows import find_brows
from kohl.faces.chart import ChartField
from kohl.faces.cover import find_clear
from kohl.faces.eyes import find_eyes
from kohl.faces.face import Masks
from kohl.faces.mouth import find_mouth
from kohl.geometry.strips import strips, whole


def build_masks(pixels: Image, points: Points3, field: ChartField) -> Masks:
    """Masks of the face whose mesh is `points`, (478, 3) in pixels of the window `pixels`."""
    clear, ((lips, mouth), eyes, brows) = both(
        lambda: find_clear(pixels, field), lambda: (find_mouth(pixels, points), find_eyes(pixels, points), find_brows(pixels, points))
    )
    skin = np.empty_like(clear)
    for part in strips(whole(clear.shape)):
        brows[part] *= clear[part]
        rest = field.facing[part] * clear[part]
        for other in (lips[part] + mouth[part], eyes[part], brows[part]):
            rest *= np.maximum(1 - other, 0)
        skin[part] = rest
        # A beard around the lips makes `clear` fall off a little way into them; only what really lies over them counts.
        lips[part] *= ramp(clear[part], 0.0, 0.6)
    return Masks(skin, lips, mouth, eyes, brows, clear)
