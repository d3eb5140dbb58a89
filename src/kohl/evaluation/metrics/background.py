"""What happened to the background, which no makeup method may touch."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kohl.core.arrays import Image, Mask
from kohl.evaluation.metrics.comparing import check_same_shape, core_of


@dataclass(frozen=True, slots=True)
class BackgroundChange:
    """Change of the background. All lower is better, 0 is untouched.

    `largest` and `mean`: absolute change of a channel, [0, 1]. `l2_m`: mean squared change, [0, 1] (FRAM's and SHMT's L2-M).
    `bg_mse`: the same on a scale of 255, [0, 65025] (MagicMakeup's BG-MSE, without the blur of its mask).
    """

    largest: float
    mean: float
    l2_m: float
    bg_mse: float


def background_change(before: Image, after: Image, background: Mask) -> BackgroundChange:
    """Measure how far `after` left `before`, both (H, W, 3) in [0, 1], where `background` (H, W) is above 0.5.

    Raises UsageError for pictures of different shapes or an empty background.
    """
    check_same_shape(before, after)
    inside = core_of(background, before, purpose="background").astype(np.uint8)
    # OpenCV takes two pictures of one type only.
    first, second = (np.asarray(picture, np.float32) for picture in (before, after))
    largest, total, squares = (cv2.norm(second, first, norm, inside) for norm in (cv2.NORM_INF, cv2.NORM_L1, cv2.NORM_L2SQR))
    values = 3 * cv2.countNonZero(inside)
    return BackgroundChange(largest, total / values, squares / values, squares / values * 255**2)
