"""The sRGB transfer curve, both ways (IEC 61966-2-1), exact piecewise, within 4e-7 of the definition on [0, 1]."""

from __future__ import annotations

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


def linear_from_srgb(srgb: AnyArray) -> FloatArray:
    """Linear light from sRGB-encoded values.

    `srgb`: any shape, sRGB-encoded, [0, 1]. Returns float32 of the same shape, linear, [0, 1]. Values below 0 follow the
    straight part of the curve and values above 1 its power part, so that nothing is clipped on the way.
    """
    return in_blocks(_decode, srgb)


def srgb_from_linear(linear: AnyArray) -> FloatArray:
    """sRGB-encoded values from linear light; the inverse of `linear_from_srgb`.

    `linear`: any shape, linear light, [0, 1]. Returns float32 of the same shape, sRGB-encoded, [0, 1]; nothing is clipped.
    """
    return in_blocks(_encode, linear)


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
