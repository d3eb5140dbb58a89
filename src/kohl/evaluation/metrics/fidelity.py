"""PSNR: how near a result is to the ground truth, pixel by pixel."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import Image
from kohl.evaluation.metrics.comparing import check_same_shape


def psnr(result: Image, truth: Image) -> float:
    """Peak signal-to-noise ratio of two (H, W, 3) pictures in [0, 1], in decibels: 10 log10(1 / mean squared error).

    Range (0, inf], higher is better, inf for equal pictures; 30 is a visible and 45 an invisible difference as a rule.
    Raises UsageError for pictures of different shapes.
    """
    check_same_shape(result, truth)
    error = float(np.mean(np.square(result.astype(np.float64) - truth)))
    return float("inf") if error == 0 else float(-10 * np.log10(error))
