"""The sRGB transfer curve, both ways (IEC 61966-2-1), exact piecewise, within 4e-7 of the definition on [0, 1]."""

from __future__ import annotations

import functools

import numpy as np

from kohl.color.blocks import in_blocks
from kohl.color.powers import power
from kohl.core.arrays import AnyArray, FloatArray

LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Weights of linear sRGB in CIE Y."""
_ENCODED_KNEE = np.float32(0.04045)
_LINEAR_KNEE = np.float32(0.0031308)
_SLOPE = np.float32(12.92)
_OFFSET = np.float32(0.055)
_GAMMA = 2.4
_WHITE = 255
_BYTES = np.arange(_WHITE + 1, dtype=np.float32) / np.float32(_WHITE)
_PICTURE, _LARGE = 3, 1 << 16
"""Axes of a picture, and samples from which on looking bytes up is quicker."""


def linear_from_srgb(srgb: AnyArray) -> FloatArray:
    """Linear light from sRGB-encoded values.

    `srgb`: any shape, sRGB-encoded, [0, 1]. Returns float32 of the same shape, linear, [0, 1]. Values below 0 follow the
    straight part of the curve and values above 1 its power part, so that nothing is clipped on the way.
    """
    looked_up = _from_bytes(srgb) if srgb.ndim == _PICTURE and srgb.size >= _LARGE and srgb.dtype == np.float32 else None
    return in_blocks(_decode, srgb) if looked_up is None else looked_up


def srgb_from_linear(linear: AnyArray) -> FloatArray:
    """sRGB-encoded values from linear light; the inverse of `linear_from_srgb`.

    `linear`: any shape, linear light, [0, 1]. Returns float32 of the same shape, sRGB-encoded, [0, 1]; nothing is clipped.
    """
    return in_blocks(_encode, linear)


def _from_bytes(srgb: FloatArray) -> FloatArray | None:
    """Linear light (h, w, C) of a picture that was made of bytes, as most photos are, looked up; None where it was made of anything else."""
    import cv2  # noqa: PLC0415  heavy, and looks do without

    for part in (srgb[:1], srgb):  # most others are told by their first row
        found = cv2.convertScaleAbs(part, alpha=_WHITE)
        if not np.array_equal(np.divide(found, np.float32(_WHITE), dtype=np.float32), part):
            return None
    return np.asarray(cv2.LUT(found, _decoded_bytes()), np.float32)


@functools.cache
def _decoded_bytes() -> FloatArray:
    """(256,) what `_decode` makes of each byte, to the bit: of a few numbers it would take another way."""
    return _decode(np.tile(_BYTES, 4))[: len(_BYTES)]


def _decode(encoded: FloatArray) -> FloatArray:
    linear = power((np.maximum(encoded, _ENCODED_KNEE) + _OFFSET) / (1 + _OFFSET), _GAMMA)
    np.copyto(linear, encoded / _SLOPE, where=encoded <= _ENCODED_KNEE)
    return linear


def _encode(linear: FloatArray) -> FloatArray:
    encoded = power(np.maximum(linear, _LINEAR_KNEE), 1 / _GAMMA)
    encoded *= 1 + _OFFSET
    encoded -= _OFFSET
    np.copyto(encoded, linear * _SLOPE, where=linear <= _LINEAR_KNEE)
    return encoded
