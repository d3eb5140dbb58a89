"""What networks see of a face: one square cut for every picture of a case, so that they are compared like with like."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kohl.core.arrays import FloatArray, Image, Matrix
from kohl.faces.face import Face
from kohl.geometry.affine import crop_from_box, similarity_from_points
from kohl.geometry.warp import warp_image

_EYES_NOSE_MOUTH = ((33, 133), (362, 263), (1,), (61,), (291,))
"""Mesh points whose means are the five points that recognition aligns by: right eye, left eye, nose, corners of the mouth."""
_ARCFACE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32)
"""Where ArcFace wants them in a crop of 112 pixels (Deng et al., CVPR 2019)."""


def face_square(image: Image, face: Face, side: int) -> Image:
    """(side, side, 3) sRGB: the square around the face's window, filled by its edge where it leaves the picture."""
    y0, y1, x0, x1 = face.window
    reach, (x, y) = max(y1 - y0, x1 - x0) / 2, ((x0 + x1) / 2, (y0 + y1) / 2)
    return np.clip(warp_image(image, crop_from_box((x - reach, y - reach, x + reach, y + reach), (side, side)), (side, side)), 0, 1)


def aligned_square(image: Image, face: Face, side: int) -> Image:
    """(side, side, 3) sRGB with eyes, nose and mouth where ArcFace puts them."""
    return np.clip(warp_image(image, _aligned_from_image(face, side), (side, side)), 0, 1)


def _aligned_from_image(face: Face, side: int) -> Matrix:
    points = np.stack([face.points[list(numbers), :2].mean(0) for numbers in _EYES_NOSE_MOUTH])
    return similarity_from_points(points, _ARCFACE * np.float32(side / 112))


def as_batch(pixels: Image, mean: Sequence[float], deviation: Sequence[float]) -> FloatArray:
    """(1, 3, S, S) of (S, S, 3), each channel less its mean, over its deviation."""
    normal = (pixels - np.asarray(mean, np.float32)) / np.asarray(deviation, np.float32)
    return np.ascontiguousarray(normal.transpose(2, 0, 1)[None], np.float32)
