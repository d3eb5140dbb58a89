"""What the lips show: colour from outside their outline inwards, how even it is, and what their highlights look like."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray
from kohl.core.medians import median
from kohl.reading.unrolled import SIDE, Unrolled
from kohl.reading.zones import LIPS, zone_mask
from kohl.rendering.light import luminance

_EDGES = (-9.0, -6.0, -4.0, -2.5, -1.0, 1.0, 2.5, 4.0, 6.0, 20.0)
"""Bounds of the bands of a profile, in chart pixels inside the outline (negative: outside)."""
_SEEN = 0.5
_FEWEST = 6


@dataclass(frozen=True, eq=False)
class LipMeasure:
    """`profile` (2, bands, 3): median log ratio of upper and lower lip in every band, NaN where hidden. `unevenness` (2, bands, 2):
    median absolute deviation of its two log chromas. `typical` (3,): median log ratio of the red of the lips.
    `shine` (7,): see `_shine`.
    """

    profile: FloatArray
    unevenness: FloatArray
    typical: FloatArray
    shine: FloatArray


def chroma(ratio: FloatArray) -> FloatArray:
    """The two log chromas (..., 2) of log ratios (..., 3): red over green, blue over green. Light and shade cancel."""
    return np.stack([ratio[..., 0] - ratio[..., 1], ratio[..., 2] - ratio[..., 1]], -1)


def measure_lips(unrolled: Unrolled) -> LipMeasure:
    """Measure the lips of an unrolled face."""
    seen = (np.maximum(unrolled.skin_seen, unrolled.lips_seen) > _SEEN).ravel()
    ratio = unrolled.ratio.reshape(-1, 3)
    bands = [ratio[band[seen[band]]] for band in _bands()]
    profile = np.stack([_median(values) for values in bands])
    unevenness = np.stack([_deviation(chroma(values)) for values in bands])
    red = unrolled.ratio[(_depth() > 0) & (unrolled.lips_seen > _SEEN)]
    shape = (2, len(_EDGES) - 1)
    return LipMeasure(profile.reshape(*shape, 3), unevenness.reshape(*shape, 2), _median(red), _shine(red))


@functools.cache
def _depth() -> FloatArray:
    """(S, S) chart pixels inside the lips' outline, negative outside."""
    lips = (zone_mask(LIPS, SIDE) > _SEEN).astype(np.uint8)
    inside, outside = (cv2.distanceTransform(part, cv2.DIST_L2, 5) for part in (lips, 1 - lips))
    return np.asarray(inside - outside, np.float32)


@functools.cache
def _bands() -> tuple[npt.NDArray[np.intp], ...]:
    """The chart points (flat) of the upper lip's bands from outside inwards, then those of the lower one's."""
    depth, lips = _depth(), zone_mask(LIPS, SIDE)
    rows = np.arange(SIDE)[:, None]
    upper = rows < float((rows * lips).sum() / lips.sum())
    return tuple(np.flatnonzero((depth >= low) & (depth < high) & half) for half in (upper, ~upper) for low, high in pairwise(_EDGES))


def _median(values: FloatArray) -> FloatArray:
    if len(values) < _FEWEST:
        return np.full(values.shape[-1], np.nan, np.float32)
    return np.asarray(median(values), np.float32)


def _deviation(values: FloatArray) -> FloatArray:
    return _median(np.abs(values - _median(values)))


def _shine(red: FloatArray) -> FloatArray:
    """(7,) of log luminance: how far the brightest twentieth, hundredth and the darkest twentieth lie from the middle; the
    quartiles' distance; how the highlights' two chromas differ from the middle's; the middle itself.
    """
    if len(red) < 20:
        return np.full(7, np.nan, np.float32)
    bright = luminance(red)
    low, first, middle, third, high, peak = np.percentile(bright, (5, 25, 50, 75, 95, 99))
    lit = chroma(red[bright >= np.percentile(bright, 93)]).mean(0)
    usual = chroma(red[np.abs(bright - middle) <= 0.5 * (third - first) + 1e-3]).mean(0)
    return np.array([high - middle, peak - middle, third - first, middle - low, *(lit - usual), middle], np.float32)
