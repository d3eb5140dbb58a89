"""Samples at any depth ↔ float32: uint8, uint16, float32 and float64 arrays of any shape."""

from __future__ import annotations

from typing import Any

import numpy as np

from kohl.core.arrays import AnyArray, FloatArray

_PICTURE, _LARGE = 3, 1 << 14
"""Axes of a picture, and samples from which on OpenCV is the quicker one."""


def as_float(samples: AnyArray) -> FloatArray:
    """Samples → a new float32 array in [0, 1], same shape: exactly `value / largest value` for integers, clipped for floats."""
    if samples.dtype.kind == "u":
        return np.divide(samples, np.float32(np.iinfo(samples.dtype).max), dtype=np.float32)
    return np.clip(samples, 0.0, 1.0).astype(np.float32, copy=False)


def quantized(values: AnyArray, dtype: np.dtype[Any]) -> AnyArray:
    """Floats → samples of `dtype`, same shape: clipped to [0, 1], and for integers scaled and rounded to the nearest, a half to
    the even one.
    """
    if dtype == np.uint8 and values.dtype == np.float32 and values.ndim == _PICTURE and values.size >= _LARGE:
        import cv2  # noqa: PLC0415  heavy, and files are opened without

        return np.asarray(cv2.convertScaleAbs(np.maximum(values, 0), alpha=np.iinfo(dtype).max))
    clipped: AnyArray = np.clip(values, 0.0, 1.0)
    if dtype.kind == "u":
        clipped *= np.iinfo(dtype).max
        np.rint(clipped, out=clipped)
    return clipped.astype(dtype, copy=False)


def as_bytes(samples: AnyArray) -> AnyArray:
    """Samples → uint8, same shape, rounded to the nearest; the array itself where it is uint8 already."""
    return samples if samples.dtype == np.uint8 else quantized(as_float(samples), np.dtype(np.uint8))
