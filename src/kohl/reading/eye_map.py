"""Both eyes on one small map that follows lids, crease and brow: every cell is the same place on everybody, a pan's edge among them."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray
from kohl.core.medians import median
from kohl.reading.eye_patches import EyePatch
from kohl.rendering.light import luminance
from kohl.rendering.zones.eyes import right_eye_frame

ALONG = np.linspace(-0.4, 1.12, 12)
"""Bounds of the cells along the eye: 0 is the outer corner, 1 the inner one."""
ABOVE = np.array([0.0, 0.15, 0.35, 0.55, 0.8, 1.05, 1.3, 1.55, 1.8])
"""Bounds over the lash line: 1 is the crease, 2 the brow."""
BELOW = np.array([0.0, 0.05, 0.1, 0.17, 0.25, 0.36])
"""Bounds under the lower lashes, in eye widths."""
COLUMNS, ROWS = len(ALONG) - 1, len(ABOVE) + len(BELOW) - 2
_HELD = 4.0
"""Pixels: cells that show fewer follow the mean of their row."""
_SURELY_EYE = 0.8
_FEWEST = 20


def eye_map(eyes: Sequence[EyePatch]) -> FloatArray:
    """(ROWS, COLUMNS, 3) mean log ratio of all eyes' skin in every cell; rows from the lash line up to the brow, then from the lower lashes down."""
    sums = np.zeros((ROWS * COLUMNS, 4))
    for eye in eyes:
        cell = _cells_of(eye)
        weight = np.where(cell >= 0, eye.skin * (1 - eye.eye), 0).ravel()
        at = np.maximum(cell, 0).ravel()
        planes = [weight, *(weight * eye.ratio[..., channel].ravel() for channel in range(3))]
        sums += np.stack([np.bincount(at, plane, ROWS * COLUMNS) for plane in planes], -1)
    by_row = sums.reshape(ROWS, COLUMNS, 4)
    row = _mean(by_row.sum(1, keepdims=True), _mean(by_row.sum((0, 1), keepdims=True), np.zeros(3)))
    return np.asarray(_mean(by_row, row), np.float32)


def _mean(sums: npt.NDArray[np.float64], expected: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Means (..., 3) of `sums` (..., 4), weight first, held towards what is `expected`."""
    return np.asarray((sums[..., 1:] + _HELD * expected) / (sums[..., :1] + _HELD))


def eye_white(eyes: Sequence[EyePatch]) -> FloatArray:
    """(7,) what nobody paints: log luminance of the eyeballs at the 5th, 50th, 80th and 95th per cent, the two log chromas of
    the brighter half, and how open the eyes are. It tells how much light reaches the lids. NaN where the eyes are closed.
    """
    ball = np.concatenate([eye.ratio[eye.eye > _SURELY_EYE] for eye in eyes])
    openness = float(np.mean([eye.openness for eye in eyes]))
    if len(ball) < _FEWEST:
        return np.array([np.nan] * 6 + [openness], np.float32)
    bright = luminance(ball)
    lit = median(ball[bright >= median(bright)])
    return np.array([*np.percentile(bright, (5, 50, 80, 95)), lit[0] - lit[1], lit[2] - lit[1], openness], np.float32)


def _cells_of(eye: EyePatch) -> npt.NDArray[np.intp]:
    """(h, w) number of the map's cell that each pixel of a patch lies in; -1 outside."""
    frame, (top, left) = _frame()
    side = np.float32(right_eye_frame().t.shape[0])
    u, v = eye.uv[..., 0], eye.uv[..., 1]
    u = np.minimum(u, 1 - u)  # the chart is symmetric
    at = np.stack([u * side - 0.5 - left, v * side - 0.5 - top], -1).astype(np.float32)
    t, s, r = cv2.split(cv2.remap(frame, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(9, 9, 9, 0)))
    column = np.searchsorted(ALONG, t) - 1
    above, below = np.searchsorted(ABOVE, s) - 1, np.searchsorted(BELOW, r) - 1
    upper = (above >= 0) & (above < len(ABOVE) - 1)
    row = np.where(upper, above, below + len(ABOVE) - 1)
    inside = (column >= 0) & (column < COLUMNS) & (upper | ((below >= 0) & (below < len(BELOW) - 1)))
    return np.asarray(np.where(inside, row * COLUMNS + column, -1), np.intp)


@functools.cache
def _frame() -> tuple[FloatArray, tuple[int, int]]:
    """(rows, columns, 3) the right eye's t, s, r, cut to the part of the chart that the map covers; and that part's top and left."""
    frame = right_eye_frame()
    covered = (frame.t >= ALONG[0]) & (frame.t <= ALONG[-1]) & (frame.s <= ABOVE[-1]) & (frame.r <= BELOW[-1])
    rows, columns = np.flatnonzero(covered.any(1)), np.flatnonzero(covered.any(0))
    box = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    stacked = np.ascontiguousarray(np.stack([frame.t[box], frame.s[box], frame.r[box]], -1), np.float32)
    stacked.flags.writeable = False
    return stacked, (box[0].start, box[1].start)
