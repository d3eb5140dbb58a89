"""Colours times masks. Numpy multiplies (H, W, 3) by (H, W, 1), or by (3,), four times slower than by an array of its own shape: its innermost loop
is as short as a pixel.
"""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import AnyArray, FloatArray

_FEW = 4096
"""Pixels below which there is nothing to be gained."""


def to_channels(plane: AnyArray, channels: int = 3) -> FloatArray:
    """A mask (...) as (..., `channels`), the same in all of them; of few pixels, as (..., 1)."""
    if plane.size < _FEW:
        return np.asarray(plane[..., None], np.float32)
    column = np.ascontiguousarray(plane, np.float32).reshape(-1, 1)
    return np.asarray(cv2.merge([column] * channels), np.float32).reshape(*plane.shape, channels)


def times(colours: FloatArray, factors: AnyArray) -> FloatArray:
    """`colours * factors`: finite (..., 3) times (3,), in float32."""
    return _transformed(colours, np.diag(factors)) if colours.size >= 3 * _FEW else np.asarray(colours * factors, np.float32)


def plus(colours: FloatArray, offsets: AnyArray) -> FloatArray:
    """`colours + offsets`: finite (..., 3) plus (3,), in float32."""
    if colours.size < 3 * _FEW:
        return np.asarray(colours + offsets, np.float32)
    return _transformed(colours, np.column_stack([np.eye(3), offsets]))


def _transformed(colours: FloatArray, matrix: AnyArray) -> FloatArray:
    pixels = np.ascontiguousarray(colours, np.float32).reshape(-1, 1, 3)
    return np.asarray(cv2.transform(pixels, np.asarray(matrix, np.float32)), np.float32).reshape(colours.shape)
