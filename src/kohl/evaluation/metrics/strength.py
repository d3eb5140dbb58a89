"""Strength: more of it must give more makeup, evenly, from nothing at 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import AnyArray, Image
from kohl.core.errors import UsageError
from kohl.evaluation.metrics.comparing import check_same_shape


@dataclass(frozen=True, slots=True)
class StrengthResponse:
    """`monotone`: share of steps that add makeup, [0, 1], higher is better. `at_zero`: largest change of a channel at strength 0, [0, 1],
    lower is better. `linearity`: correlation of strength and change, [-1, 1], higher is better; NaN where nothing ever changes.
    """

    monotone: float
    at_zero: float
    linearity: float


def strength_response(source: Image, results: Sequence[Image], strengths: Sequence[float]) -> StrengthResponse:
    """Compare results at rising `strengths`, from 0, with their `source`; all (H, W, 3) sRGB in [0, 1].

    How much makeup there is: the mean CIEDE2000 over the pixels that the last result changes. Our own definition. Raises
    UsageError for fewer than three strengths, ones that do not rise from 0, or pictures of other shapes.
    """
    if len(results) != len(strengths) or len(strengths) < 3 or strengths[0] != 0 or (np.diff(strengths) <= 0).any():
        raise UsageError(f"expected results at three or more strengths that rise from 0, got {len(results)} at {list(strengths)}; start with 0")
    for result in results:
        check_same_shape(source, result)
    at_zero = float(np.abs(results[0].astype(np.float64) - source).max())
    changed = (results[-1] != source).any(-1)
    if not changed.any():
        return StrengthResponse(1.0 if at_zero == 0 else 0.0, at_zero, float("nan"))
    before = lab_from_srgb(source[changed])
    amounts = np.array([float(delta_e2000(before, lab_from_srgb(result[changed])).mean()) for result in results])
    return StrengthResponse(float((np.diff(amounts) > 0).mean()), at_zero, _correlation(np.asarray(strengths, np.float64), amounts))


def _correlation(first: AnyArray, second: AnyArray) -> float:
    if second.std() == 0:
        return float("nan")
    return float(np.corrcoef(first, second)[0, 1])
