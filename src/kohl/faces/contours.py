"""Smooth curves through mesh points, and shapes drawn along them, antialiased at the photo's own resolution."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from kohl.core.arrays import AnyArray, FloatArray, Mask, Points

_SHIFT = 4
"""cv2 takes polygon corners as integers of 1/16 pixel."""
SAMPLES = 4
"""Samples a pixel, along each side."""


def smooth_curve(points: AnyArray, steps: int = 8) -> Points:
    """Return a centripetal Catmull-Rom curve through open `points` (N, C), `steps` samples a span, both ends kept.

    Centripetal knots (Barry & Goldman 1988; Yuksel 2011) make no loops where points crowd.
    """
    points = np.asarray(points, np.float64)
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    gaps = np.sqrt(np.maximum(np.linalg.norm(np.diff(padded[:, :2], axis=0), axis=1), 1e-6))
    share = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    p0, p1, p2, p3 = (padded[i : len(padded) - 3 + i, None] for i in range(4))
    d0, d1, d2 = (gaps[i : len(gaps) - 2 + i, None, None] for i in range(3))
    slope1 = (p1 - p0) / d0 - (p2 - p0) / (d0 + d1) + (p2 - p1) / d1
    slope2 = (p2 - p1) / d1 - (p3 - p1) / (d1 + d2) + (p3 - p2) / d2
    a, b = p1, d1 * slope1
    c = -3 * p1 + 3 * p2 - 2 * d1 * slope1 - d1 * slope2
    d = 2 * p1 - 2 * p2 + d1 * slope1 + d1 * slope2
    curve = (a + share * (b + share * (c + share * d))).reshape(-1, points.shape[1])
    return np.asarray(np.concatenate([curve, points[-1:]]), np.float32)


def at_shares(curve: Points, share: FloatArray) -> Points:
    """Return the points of an open `curve` (N, 2) at each `share` (M,) of its length, in [0, 1]."""
    steps = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])
    return np.stack([np.interp(share * steps[-1], steps, curve[:, axis]) for axis in (0, 1)], 1).astype(np.float32)


def between(first: AnyArray, second: AnyArray) -> Points:
    """Return the closed outline of two curves that share their ends: along `first`, back along `second`."""
    return np.asarray(np.concatenate([first, second[-2:0:-1]]), np.float32)


def fill(outline: Points, size: tuple[int, ...]) -> Mask:
    """Return a (h, w) mask that is 1 inside the closed `outline` (N, 2), antialiased; parts outside the picture are cut off."""
    return fill_all([outline], size)


def fill_all(outlines: Sequence[Points], size: tuple[int, ...], samples: int = SAMPLES) -> Mask:
    """Return a (h, w) mask of the union of closed outlines, antialiased by `samples` along each side of a pixel, drawn only in their box."""
    mask = np.zeros(size[:2], np.float32)
    if not outlines:
        return mask
    corners = np.concatenate(outlines)
    low = np.maximum(np.floor(corners.min(0)).astype(int) - 1, 0)
    high = np.minimum(np.ceil(corners.max(0)).astype(int) + 2, (size[1], size[0]))
    width, height = (int(side) for side in high - low)
    if width <= 0 or height <= 0:
        return mask
    canvas = np.zeros((height * samples, width * samples), np.uint8)
    fine = np.rint(((corners - low) * samples - 0.5) * (1 << _SHIFT)).astype(np.int32)
    ends = np.cumsum([len(outline) for outline in outlines])
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        cv2.fillPoly(canvas, [fine[start:end]], 255, lineType=cv2.LINE_8, shift=_SHIFT)
    small = cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA)
    mask[low[1] : high[1], low[0] : high[0]] = small.astype(np.float32) / 255
    return mask


def fill_shown(shapes: Iterable[tuple[float, Sequence[Points]]], size: tuple[int, ...], samples: int = SAMPLES) -> Mask:
    """Return a (h, w) mask of closed outlines that are shown by a share in [0, 1] each; those shown alike, as both eyes' mostly are, are drawn at
    once. Otherwise as `fill_all`.
    """
    alike: dict[float, list[Points]] = {}
    for share, outlines in shapes:
        alike.setdefault(share, []).extend(outlines)
    return functools.reduce(np.maximum, (np.float32(share) * fill_all(outlines, size, samples) for share, outlines in alike.items()))


def ribbon(curve: Points, widths: FloatArray) -> Points:
    """Return the closed outline of a band around an open `curve` (N, 2); `widths` (N,) in pixels, across, at each point."""
    direction = np.gradient(curve, axis=0)
    direction /= np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-6)
    aside = np.stack([-direction[:, 1], direction[:, 0]], 1) * (widths[:, None] / 2)
    return np.asarray(np.concatenate([curve + aside, (curve - aside)[::-1]]), np.float32)
