"""What a few pairs say about a look, point by point on the chart: for each place, how the colour after follows from the colour before.

A guided filter (He, Sun, Tang 2013, eq. 5–8) whose windows reach over all examples at once: around a chart point, over every example that
shows it, the change is regressed on the colour before, `change = slope · before + offset`. A film of pigment is such a line (it keeps a
share of the skin and adds its own), so one fit holds for fair and deep skin, and at a lip's edge the colour tells lip from skin. Any
number of examples will do, in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Image, Mask
from kohl.core.errors import UsageError
from kohl.faces.face import Face
from kohl.faces.unrolling import ChartView

CHART_SIDE = 192
"""Pixels along the chart: about as many as along the face in a 256-pixel crop."""
_REACH = 0.75
"""Standard deviation of a window, in chart pixels."""
_RIDGE = 0.05**2
"""Spread of colour below which a window says nothing about the slope."""
_FARTHER = 8
"""Where a window sees too little, one this many times as wide decides."""
_ENOUGH = 0.05
_TRACE = 1e-3
"""Weight below which a place is not shown at all."""
_UPPER = tuple((i, j) for i in range(3) for j in range(i, 3))


@dataclass(frozen=True, eq=False)
class Example:
    """One pair: `before`, `after` (H, W, 3) sRGB [0, 1], aligned to the pixel, and the `face` found in `before`."""

    before: Image
    after: Image
    face: Face


@dataclass(frozen=True, eq=False)
class ChartStyle:
    """`slope` (S, S, 3, 3), `offset` (S, S, 3): change = slope @ before + offset, sRGB-encoded. `evidence` (S, S) [0, 1]: how well the
    examples show that place. `spread` (S, S): root mean square of what the lines leave unexplained.
    """

    slope: FloatArray
    offset: FloatArray
    evidence: Mask
    spread: FloatArray

    @classmethod
    def of(cls, examples: Sequence[Example], side: int = CHART_SIDE) -> ChartStyle:
        """Read the style of one or more examples. Raises UsageError for none."""
        return cls.from_moments([moments(example, side) for example in examples])

    @classmethod
    def from_moments(cls, found: Sequence[FloatArray]) -> ChartStyle:
        """As `of`, from what `moments` gave for each example. Raises UsageError for none."""
        if not found:
            raise UsageError("expected at least one before/after pair to read a style from, got none")
        sums = np.sum(found, axis=0)
        near, far = _smooth(sums, _REACH), _smooth_far(sums)
        lack = np.clip(1 - near[..., :1] / _ENOUGH, 0, 1)
        return cls(*_regress(near + lack * far, len(found)))

    def change_on(self, image: Image, face: Face) -> tuple[FloatArray, FloatArray]:
        """The change that the style makes to `face` in `image` (H, W, 3), and what is unsure about it.

        Returns (H, W, 3) float32 residual, 0 beyond the face, and (H, W, 2): evidence and spread there.
        """
        known = np.concatenate([self.slope.reshape(*self.offset.shape[:2], 9), self.offset, self.evidence[..., None], self.spread[..., None]], -1)
        sampled = np.concatenate([face.field.sample(np.ascontiguousarray(known[..., first : first + 4])) for first in (0, 4, 8, 12)], -1)
        sampled *= face.field.facing[..., None]
        window = face.window_slices
        change = np.einsum("hwij,hwj->hwi", sampled[..., :9].reshape(*sampled.shape[:2], 3, 3), image[window]) + sampled[..., 9:12]
        residual, doubt = np.zeros(image.shape, np.float32), np.zeros((*image.shape[:2], 2), np.float32)
        residual[window], doubt[window] = change, sampled[..., 12:14]
        return residual, doubt


def moments(example: Example, side: int = CHART_SIDE) -> FloatArray:
    """What one example adds to a style, (S, S, 23).

    Its weight, and times that: before (3), change (3), before times before (6), before times change (9), change squared (1).
    """
    face, window = example.face, example.face.window_slices
    view = ChartView.of(face.points, face.window, side)
    before = view.unroll(np.ascontiguousarray(example.before[window]))
    change = view.unroll(np.ascontiguousarray(example.after[window] - example.before[window]))
    weight = (view.seen * view.unroll(face.masks.clear))[..., None]
    pairs = [before[..., i] * before[..., j] for i, j in _UPPER]
    crossed = (before[..., :, None] * change[..., None, :]).reshape(side, side, 9)
    parts = [np.ones_like(weight), before, change, np.stack(pairs, -1), crossed, np.square(change).sum(-1, keepdims=True)]
    return np.asarray(np.concatenate(parts, -1) * weight, np.float32)


def _smooth(sums: FloatArray, reach: float) -> FloatArray:
    planes = [cv2.GaussianBlur(np.ascontiguousarray(sums[..., channel]), None, reach) for channel in range(sums.shape[-1])]
    return np.stack(planes, axis=-1)


def _smooth_far(sums: FloatArray) -> FloatArray:
    """As `_smooth`, over windows `_FARTHER` times as wide, by way of a smaller chart."""
    side = len(sums)
    small = cv2.resize(sums, (side // _FARTHER, side // _FARTHER), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(_smooth(small, _REACH), (side, side), interpolation=cv2.INTER_LINEAR), np.float32)


def _regress(sums: FloatArray, count: int) -> tuple[FloatArray, FloatArray, Mask, FloatArray]:
    means = sums[..., 1:] / np.maximum(sums[..., :1], 1e-6)
    before, change = means[..., :3], means[..., 3:6]
    square = means[..., 6:12] - np.stack([before[..., i] * before[..., j] for i, j in _UPPER], -1)
    crossed = means[..., 12:21].reshape(*before.shape[:2], 3, 3) - before[..., :, None] * change[..., None, :]
    slope = np.einsum("hwij,hwjc->hwci", _inverse(square), crossed)
    offset = change - np.einsum("hwij,hwj->hwi", slope, before)
    left = means[..., 21] - np.square(change).sum(-1) - np.einsum("hwij,hwji->hw", slope, crossed)
    shown = np.asarray(sums[..., 0] > _TRACE, np.float32)
    return (
        np.asarray(slope * shown[..., None, None], np.float32),
        np.asarray(offset * shown[..., None], np.float32),
        np.asarray(np.clip(sums[..., 0] / count, 0, 1), np.float32),
        np.asarray(np.sqrt(np.maximum(left, 0) / 3) * shown, np.float32),
    )


def _inverse(square: FloatArray) -> FloatArray:
    """(h, w, 3, 3) inverses of symmetric matrices, given as (h, w, 6) upper triangles, with the ridge on their diagonals."""
    a, b, c, d, e, f = (square[..., i] for i in range(6))
    a, d, f = a + _RIDGE, d + _RIDGE, f + _RIDGE
    cofactors = (d * f - e * e, c * e - b * f, b * e - c * d, a * f - c * c, b * c - a * e, a * d - b * b)
    determinant = a * cofactors[0] + b * cofactors[1] + c * cofactors[2]
    return np.asarray(np.stack([cofactors[i] for i in (0, 1, 2, 1, 3, 4, 2, 4, 5)], -1).reshape(*a.shape, 3, 3) / determinant[..., None, None])
