"""Wide blurs for little: what a wide Gaussian leaves is so smooth that a coarse grid holds it."""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import FloatArray


def blur_far(values: FloatArray, sigma: float) -> FloatArray:
    """A Gaussian blur of (h, w) or (h, w, C), `sigma` in pixels, worked out on a grid of up to half a sigma a pixel; the border is mirrored."""
    step = max(1, int(sigma / 2))
    size = (max(1, values.shape[1] // step), max(1, values.shape[0] // step))
    small = cv2.GaussianBlur(cv2.resize(values, size, interpolation=cv2.INTER_AREA), (0, 0), max(sigma / step, 0.3))
    return np.asarray(cv2.resize(small, (values.shape[1], values.shape[0]), interpolation=cv2.INTER_LINEAR), np.float32)
