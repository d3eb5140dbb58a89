"""CIE 1976 L*a*b* under D65, from sRGB and from linear light, and back; chroma and hue of a Lab colour.

The matrix takes linear sRGB to XYZ divided by the D65 white point (x = 0.3127, y = 0.3290), so every row sums to one and
equal red, green and blue give a* = b* = 0. The curve is CIE 15:2018, section 8.2.1.
"""

from __future__ import annotations

import numpy as np

from kohl.color.blocks import in_blocks
from kohl.color.powers import power
from kohl.color.srgb import linear_from_srgb, srgb_from_linear
from kohl.core.arrays import AnyArray, FloatArray

_XYZ_FROM_RGB = np.array(
    [
        [506752 / 1228815, 87881 / 245763, 12673 / 70218],
        [87098 / 409605, 175762 / 245763, 12673 / 175545],
        [7918 / 409605, 87881 / 737289, 1001167 / 1053270],
    ]
)
_WHITE = _XYZ_FROM_RGB.sum(axis=1)
_RELATIVE_FROM_RGB = (_XYZ_FROM_RGB / _WHITE[:, None]).astype(np.float32)
_RGB_FROM_RELATIVE = np.linalg.inv(_XYZ_FROM_RGB / _WHITE[:, None]).astype(np.float32)
_LAB_FROM_ROOTS = np.array([[0, 116, 0], [500, -500, 0], [0, 200, -200]], dtype=np.float32)
_ROOTS_FROM_LAB = np.array([[1 / 116, 1 / 500, 0], [1 / 116, 0, 0], [1 / 116, 0, -1 / 200]], dtype=np.float32)
_KNEE = np.float32((6 / 29) ** 3)
_ROOT_KNEE = np.float32(6 / 29)
_SLOPE = np.float32((29 / 6) ** 2 / 3)
_OFFSET = np.float32(4 / 29)
_LIGHTNESS_OFFSET = np.float32(16)


def lab_from_linear(linear: AnyArray) -> FloatArray:
    """Lab from linear RGB.

    `linear`: (..., 3) linear sRGB primaries, [0, 1]. Returns float32 (..., 3): L* in [0, 100], a* and b* about [-110, 110].
    """
    return in_blocks(_lab_from_linear, linear, (3,))


def linear_from_lab(lab: AnyArray) -> FloatArray:
    """Linear RGB from Lab; the inverse of `lab_from_linear`.

    `lab`: (..., 3), L* in [0, 100]. Returns float32 (..., 3) linear sRGB primaries; colours outside the gamut leave [0, 1].
    """
    return in_blocks(_linear_from_lab, lab, (3,))


def lab_from_srgb(srgb: AnyArray) -> FloatArray:
    """Lab from sRGB-encoded values.

    `srgb`: (..., 3), [0, 1]. Returns float32 (..., 3): L* in [0, 100], a* and b* about [-110, 110].
    """
    return in_blocks(lambda block: _lab_from_linear(linear_from_srgb(block)), srgb, (3,))


def srgb_from_lab(lab: AnyArray) -> FloatArray:
    """sRGB-encoded values from Lab; the inverse of `lab_from_srgb`.

    `lab`: (..., 3), L* in [0, 100]. Returns float32 (..., 3); colours outside the gamut leave [0, 1] (clip them to show them).
    """
    return in_blocks(lambda block: srgb_from_linear(_linear_from_lab(block)), lab, (3,))


def chroma_hue(lab: AnyArray) -> tuple[FloatArray, FloatArray]:
    """Chroma and hue angle of a Lab or OKLab colour.

    `lab`: (..., 3). Returns two float32 arrays of shape (...): chroma >= 0 in the units of a and b, and the hue in
    degrees, [0, 360), counter-clockwise from +a; the hue of a grey is 0.
    """
    values = np.asarray(lab, dtype=np.float32)
    # Copies: numpy's arctan2 rounds strided arrays by where they lie in memory.
    across, along = values[..., 1].copy(), values[..., 2].copy()
    chroma = np.hypot(across, along)
    hue = np.degrees(np.arctan2(along, across)) % np.float32(360)
    return np.asarray(chroma, dtype=np.float32), np.asarray(np.where(hue >= 360, 0, hue), dtype=np.float32)


def lab_from_chroma_hue(lightness: AnyArray, chroma: AnyArray, hue: AnyArray) -> FloatArray:
    """A Lab or OKLab colour from its lightness, chroma and hue; the inverse of `chroma_hue`.

    Three arrays of shapes that broadcast to (...); `hue` in degrees. Returns float32 (..., 3).
    """
    radians = np.radians(np.asarray(hue, dtype=np.float32))
    parts = np.broadcast_arrays(np.asarray(lightness), np.asarray(chroma) * np.cos(radians), np.asarray(chroma) * np.sin(radians))
    lab: FloatArray = np.stack(parts, axis=-1).astype(np.float32)
    return lab


def _lab_from_linear(linear: FloatArray) -> FloatArray:
    relative = linear @ _RELATIVE_FROM_RGB.T
    # The straight part is the curve's tangent at the knee, so both parts add up: below it only the second counts, above it the first.
    roots = power(np.maximum(relative, _KNEE), 1 / 3)
    roots += _SLOPE * (np.minimum(relative, _KNEE) - _KNEE)
    lab: FloatArray = roots @ _LAB_FROM_ROOTS.T
    lab[:, 0] -= _LIGHTNESS_OFFSET
    return lab


def _linear_from_lab(lab: FloatArray) -> FloatArray:
    shifted = lab.copy()
    shifted[:, 0] += _LIGHTNESS_OFFSET
    roots = shifted @ _ROOTS_FROM_LAB.T
    relative = roots * roots * roots
    np.copyto(relative, (roots - _OFFSET) / _SLOPE, where=roots <= _ROOT_KNEE)
    linear: FloatArray = relative @ _RGB_FROM_RELATIVE.T
    return linear
