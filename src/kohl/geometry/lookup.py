"""A picture looked up at a list of places, wherever they lie."""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import FloatArray

_ROW = 1024
"""Places to a row: OpenCV counts columns in 16 bits, and lists are longer."""


def look_up(picture: FloatArray, places: FloatArray) -> FloatArray:
    """The values (N,) or (N, C) of `picture` (h, w) or (h, w, C), C at most 4, at `places` (N, 2), x and y in its pixels; linear between pixel
    centres, the border repeated beyond the edge. OpenCV places samples to 1/32 of a pixel.
    """
    count = len(places)
    grid = np.zeros((-(-count // _ROW), _ROW, 2), np.float32)
    np.subtract(places, np.float32(0.5), out=grid.reshape(-1, 2)[:count])
    if not count:
        return np.zeros((0, *picture.shape[2:]), np.float32)
    found = cv2.remap(picture, grid, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found.reshape(-1, *picture.shape[2:])[:count], np.float32)
