"""Soft region masks at the photo's own resolution (first version: contours only)."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import Image, Points3
from kohl.faces import landmarks as at
from kohl.faces.chart import ChartField
from kohl.faces.contours import between, fill, smooth_curve
from kohl.faces.face import Masks


def build_masks(pixels: Image, points: Points3, field: ChartField) -> Masks:
    """Masks of the face whose mesh is `points`, (478, 3) in pixels of the window `pixels`."""
    size = pixels.shape[:2]
    flat = points[:, :2]

    def closed(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        return fill(between(smooth_curve(flat[first]), smooth_curve(flat[second])), size)

    outer = closed(at.LIPS_UPPER_OUTER, at.LIPS_LOWER_OUTER)
    mouth = closed(at.LIPS_UPPER_INNER, at.LIPS_LOWER_INNER)
    eyes = np.maximum(closed(at.RIGHT_LID_UPPER, at.RIGHT_LID_LOWER), closed(at.LEFT_LID_UPPER, at.LEFT_LID_LOWER))
    brows = np.maximum(closed(at.RIGHT_BROW_UPPER, at.RIGHT_BROW_LOWER), closed(at.LEFT_BROW_UPPER, at.LEFT_BROW_LOWER))
    lips = outer * (1 - mouth)
    clear = np.ones(size, np.float32)
    skin = field.facing * (1 - outer) * (1 - eyes) * (1 - brows)
    return Masks(skin, lips, mouth, eyes, brows, clear)
