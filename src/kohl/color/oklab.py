"""OKLab, the space in which colours are mixed: even steps look even, and hue stays put on the way.

Matrices: Björn Ottosson, "A perceptual color space for image processing" (2020), for linear sRGB.
"""

from __future__ import annotations

import numpy as np

from kohl.color.blocks import in_blocks
from kohl.core.arrays import AnyArray, FloatArray

_LMS_FROM_RGB_64 = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_OKLAB_FROM_ROOTS_64 = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_LMS_FROM_RGB = _LMS_FROM_RGB_64.astype(np.float32)
_RGB_FROM_LMS = np.linalg.inv(_LMS_FROM_RGB_64).astype(np.float32)
_OKLAB_FROM_ROOTS = _OKLAB_FROM_ROOTS_64.astype(np.float32)
_ROOTS_FROM_OKLAB = np.linalg.inv(_OKLAB_FROM_ROOTS_64).astype(np.float32)


def oklab_from_linear(linear: AnyArray) -> FloatArray:
    """OKLab from linear RGB.

    `linear`: (..., 3) linear sRGB primaries, [0, 1]. Returns float32 (..., 3): L in [0, 1], a and b about [-0.4, 0.4].
    """
    return in_blocks(_oklab_from_linear, linear, (3,))


def linear_from_oklab(oklab: AnyArray) -> FloatArray:
    """Linear RGB from OKLab; the inverse of `oklab_from_linear`.

    `oklab`: (..., 3), L in [0, 1]. Returns float32 (..., 3) linear sRGB primaries; colours outside the gamut leave [0, 1].
    """
    return in_blocks(_linear_from_oklab, oklab, (3,))


def _oklab_from_linear(linear: FloatArray) -> FloatArray:
    oklab: FloatArray = np.cbrt(linear @ _LMS_FROM_RGB.T) @ _OKLAB_FROM_ROOTS.T
    return oklab


def _linear_from_oklab(oklab: FloatArray) -> FloatArray:
    roots = oklab @ _ROOTS_FROM_OKLAB.T
    linear: FloatArray = (roots * roots * roots) @ _RGB_FROM_LMS.T
    return linear
