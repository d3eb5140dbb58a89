"""Colour against the ground truth, where the makeup is and where it is not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import Image
from kohl.evaluation.metrics.comparing import check_same_shape

_CHANGED = 2.0 / 255
"""A channel that moves by less between before and after is grain or rounding, not makeup."""


@dataclass(frozen=True, slots=True)
class ColorError:
    """Mean CIEDE2000 `inside` and `outside` the area that the makeup changes; `share` of the picture that it changes.

    Range [0, ~100], lower is better; 1 is about the smallest difference that is seen side by side. NaN where there is no such area.
    """

    inside: float
    outside: float
    share: float


def color_error(result: Image, before: Image, after: Image) -> ColorError:
    """CIEDE2000 (Sharma, Wu, Dalal 2005) of `result` against the ground truth `after`, split by where `before` and `after` differ.

    All (H, W, 3) sRGB in [0, 1]. Raises UsageError for pictures of different shapes.
    """
    check_same_shape(result, after)
    check_same_shape(before, after)
    changed = np.abs(after - before).max(-1) > _CHANGED
    differs = (result != after).any(-1)
    error = np.zeros(differs.shape, np.float32)
    error[differs] = delta_e2000(lab_from_srgb(result[differs]), lab_from_srgb(after[differs]))
    inside = float(error[changed].mean()) if changed.any() else float("nan")
    outside = float(error[~changed].mean()) if not changed.all() else float("nan")
    return ColorError(inside, outside, float(changed.mean()))
