"""The residual of a 256×256 crop at the photo's own resolution, so that liner stays crisp at 4K and pores stay.

A fast guided filter (He & Sun 2015, arXiv 1505.00996): around every point of the small grid the residual is a line of the photo,
r = gain · I + offset; the lines are brought to full size, and the full-size photo is put into them. Two things differ from the paper.
The offset is set so that the line goes through the residual itself, r = gain · (I − crop) + residual: the paper's box filters would blur
what the network drew. And the small grid is sharpened first by what averaging down and interpolating up take from it.
Measured in docs/learned.md.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Image, Matrix
from kohl.core.ramps import eased
from kohl.geometry.affine import scale_of
from kohl.geometry.warp import Border, warp_image

_NOISE = 1e-3
"""The guided filter's epsilon, (encoded values)²: contrast well below its root, 0.03, is skin texture that no makeup follows."""
_STEEPEST = 4.0
"""Residual per photo; steeper lines come from contrast that is too small to stand on."""
_SHARPEST = 0.9
_BINOMIAL = np.array([0.25, 0.5, 0.25], np.float32)
RIM = 12
"""Pixels of the crop over which the residual fades to nothing. A face fills 7/10 of the crop, and 86 % when its box was tight."""


def fade_rim(residual: FloatArray) -> FloatArray:
    """The residual (S, S, C), exactly 0 on the crop's outermost pixels and unchanged from `RIM` pixels inwards: no square shows."""
    faded: FloatArray = residual * _rim(residual.shape[0])
    return faded


def upsample_residual(residual: FloatArray, crop: Image, part: Image, part_from_crop: Matrix) -> FloatArray:
    """The residual at the resolution of `part`, the photo or a piece of it.

    Parameters
    ----------
    residual
        (s, t, 3), to be added to `crop`; 0 on its outermost pixels (`fade_rim`).
    crop
        (s, t, 3), sRGB-encoded [0, 1]: what the network saw, or the piece of it that it changes.
    part
        (h, w, 3), sRGB-encoded [0, 1], at its own resolution.
    part_from_crop
        (2, 3), from the crop's pixels to the part's.

    Returns
    -------
    (h, w, 3) float32 in the same units; exactly 0 outside the crop, and where the residual is 0 all around.

    Raises
    ------
    UsageError
        The matrix flattens the plane.
    """
    gain, offset = fit_lines(residual, crop, sharpness=min(scale_of(part_from_crop) / 2, _SHARPEST))
    size = (part.shape[0], part.shape[1])
    result = warp_image(gain, part_from_crop, size, border=Border.ZERO)
    result *= part
    result += warp_image(offset, part_from_crop, size, border=Border.ZERO)
    return result


def fit_lines(residual: FloatArray, crop: Image, *, sharpness: float) -> tuple[FloatArray, FloatArray]:
    """(gain, offset), (s, t, 3) each: the residual around every point as a line of the crop, channel by channel.

    gain = cov(I, r) / (var(I) + eps) over a 3×3 neighbourhood with binomial weights: equations 5 and 6 of He, Sun & Tang 2010.
    `sharpness` is how much of what a binomial blur takes away is added first, 0 to 1.
    """
    crop_mean, residual_mean = _blur(crop), _blur(residual)
    variance = _blur(crop * crop)
    variance -= crop_mean * crop_mean
    np.maximum(variance, 0, out=variance)
    variance += np.float32(_NOISE)
    gain = _blur(crop * residual)
    gain -= crop_mean * residual_mean
    gain /= variance
    np.clip(gain, -_STEEPEST, _STEEPEST, out=gain)
    sharp_residual, sharp_crop = (_sharpen(*pair, sharpness) for pair in ((residual, residual_mean), (crop, crop_mean)))
    # Both look at neighbours, and would put a little onto the outermost pixels, beyond which there is nothing.
    for values in (gain, sharp_residual):
        values[[0, -1]] = values[:, [0, -1]] = 0
    sharp_crop *= gain
    sharp_residual -= sharp_crop
    return gain, sharp_residual


def _sharpen(values: FloatArray, mean: FloatArray, sharpness: float) -> FloatArray:
    """`values` and what a blur took from them, `sharpness` times."""
    sharpened: FloatArray = cv2.addWeighted(values, 1 + sharpness, mean, -sharpness, 0)
    return sharpened


def _blur(values: FloatArray) -> FloatArray:
    blurred: FloatArray = cv2.sepFilter2D(values, -1, _BINOMIAL, _BINOMIAL, borderType=cv2.BORDER_REFLECT)
    return blurred


@cache
def _rim(side: int) -> FloatArray:
    """(S, S, 1): 0 on the outermost pixels, smoothly 1 from `RIM` pixels inwards."""
    inwards = np.minimum(np.arange(side), np.arange(side)[::-1]).astype(np.float32) / RIM
    smooth = eased(np.clip(inwards, 0, 1))
    window = np.outer(smooth, smooth)[..., None].astype(np.float32)
    window.setflags(write=False)
    return window
