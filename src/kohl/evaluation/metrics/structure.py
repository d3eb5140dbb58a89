"""SSIM and MS-SSIM: whether the structure of a picture was kept.

Wang, Bovik, Sheikh, Simoncelli: "Image quality assessment: from error visibility to structural similarity" (IEEE TIP 2004):
Gaussian window of 11 taps with sigma 1.5, K1 = 0.01, K2 = 0.03, biased covariances, the mean over the valid pixels and the
three channels. Wang, Simoncelli, Bovik: "Multi-scale structural similarity" (Asilomar 2003) for the scales and their weights.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from kohl.core.arrays import Box, Image, Mask
from kohl.core.errors import UsageError
from kohl.evaluation.metrics.comparing import check_same_shape, core_of

_TAPS, _SIGMA = 11, 1.5
_FLAT, _STILL = 0.01**2, 0.03**2
"""C1 and C2 for pictures in [0, 1]."""
_SCALE_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
_Plane = npt.NDArray[np.float64]


def ssim(first: Image, second: Image) -> float:
    """Structural similarity of two (H, W, 3) pictures in [0, 1]. Range [-1, 1], higher is better, 1 for equal pictures.

    Raises UsageError for pictures of different shapes or smaller than the window of 11 pixels.
    """
    return _mean_similarities(first, second)[1]


def ssim_where(first: Image, second: Image, mask: Mask) -> float:
    """Mean of SSIM's map over the valid pixels where `mask` (H, W) is above 0.5; otherwise as `ssim`.

    Worked out only around pixels that differ, since it is 1 elsewhere. Raises UsageError as `ssim`, and for an empty mask.
    """
    check_same_shape(first, second)
    edge = _TAPS // 2
    inside = core_of(mask, first, purpose="SSIM")
    inside[:edge], inside[-edge:], inside[:, :edge], inside[:, -edge:] = False, False, False, False
    box = _around_differences(first, second)
    if box is None or not inside.any():
        return 1.0
    structure, lightness = _similarities(first[box], second[box])
    lost = (1 - structure * lightness).mean(-1)[inside[box][edge:-edge, edge:-edge]].sum()
    return float(1 - lost / inside.sum())


def ms_ssim(first: Image, second: Image) -> float:
    """Structural similarity over five scales, each half as large. Range [0, 1], higher is better, 1 for equal pictures.

    Two (H, W, 3) pictures in [0, 1]. Contrast and structure count at every scale, lightness at the coarsest. Negative
    structure counts as none. Raises UsageError for pictures of different shapes or smaller than 176 pixels.
    """
    product = 1.0
    for scale, weight in enumerate(_SCALE_WEIGHTS):
        if scale:
            first, second = _halved(first), _halved(second)
        structure, both = _mean_similarities(first, second)
        value = both if scale == len(_SCALE_WEIGHTS) - 1 else structure
        product *= max(value, 0.0) ** weight
    return product


def _mean_similarities(first: Image, second: Image) -> tuple[float, float]:
    """Means over the valid pixels and channels: of contrast times structure, and of that times lightness."""
    check_same_shape(first, second)
    _check_size(first)
    box = _around_differences(first, second)
    if box is None:
        return 1.0, 1.0
    structure, lightness = _similarities(first[box], second[box])
    valid = (first.shape[0] - _TAPS + 1) * (first.shape[1] - _TAPS + 1) * first.shape[2]
    return float(1 - (1 - structure).sum() / valid), float(1 - (1 - structure * lightness).sum() / valid)


def _around_differences(first: Image, second: Image) -> Box | None:
    """A box that holds every window in which the two differ; None where they are equal. Elsewhere all similarities are 1."""
    differs = (first != second).any(-1)
    if not differs.any():
        return None
    rows, columns = np.flatnonzero(differs.any(1)), np.flatnonzero(differs.any(0))
    down, across = (slice(max(0, int(hit[0]) - _TAPS + 1), int(hit[-1]) + _TAPS) for hit in (rows, columns))
    return down, across


def _check_size(picture: Image) -> None:
    if min(picture.shape[:2]) < _TAPS:
        raise UsageError(
            f"expected pictures of at least {_TAPS} px a side at every scale of SSIM, got {picture.shape[1]}×{picture.shape[0]}; use larger ones"
        )


def _similarities(first: Image, second: Image) -> tuple[_Plane, _Plane]:
    """Contrast times structure, and lightness, of every valid pixel and channel."""
    _check_size(first)
    x, y = first.astype(np.float64), second.astype(np.float64)
    mean_x, mean_y = _windowed(x), _windowed(y)
    spread = _windowed(x * x) + _windowed(y * y) - mean_x**2 - mean_y**2
    shared = _windowed(x * y) - mean_x * mean_y
    structure = (2 * shared + _STILL) / (spread + _STILL)
    lightness = (2 * mean_x * mean_y + _FLAT) / (mean_x**2 + mean_y**2 + _FLAT)
    return structure, lightness


def _windowed(values: _Plane) -> _Plane:
    """Gaussian mean around every pixel whose whole window lies inside."""
    edge = _TAPS // 2
    blurred = cv2.GaussianBlur(values, (_TAPS, _TAPS), _SIGMA)
    return np.asarray(blurred[edge:-edge, edge:-edge], np.float64)


def _halved(picture: Image) -> Image:
    """The picture at half its size, every pixel the mean of four; an odd last row or column is dropped."""
    height, width = picture.shape[0] // 2 * 2, picture.shape[1] // 2 * 2
    cut = picture[:height, :width]
    return np.asarray((cut[::2, ::2] + cut[1::2, ::2] + cut[::2, 1::2] + cut[1::2, 1::2]) / 4, np.float32)
