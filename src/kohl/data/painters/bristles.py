"""Brush strokes: bundles of bristles that each leave a trace of their own, so that strokes overlap visibly.

A brush's bristles are the brush's, not the picture's: the same trace lies at the same place of every face, and can be learnt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import cv2
import numpy as np

from kohl.core.arrays import AnyArray, Mask, Points
from kohl.data.painters.spraying import union
from kohl.faces.contours import fill_all

Sides: TypeAlias = tuple[Sequence[Points], Sequence[Points]]
"""Curves (N, 2) in pixels, in the direction of the hand; where they lie is where the brush's middle goes."""

_BRISTLES = 7
"""Traces a stroke."""
_LOADS = (0.12, 0.42, 0.72)
"""How much colour the three sorts of bristles hold: their cover on one pass."""
_STEPS = 16
"""Points along a trace."""
_TREMOR = 0.25
"""How far a seed other than 0 moves a bristle, in distances between bristles."""


def brush(sides: Sides, breadth: float, size: tuple[int, int], *, softness: float, seed: int = 0) -> Mask:
    """(h, w) of `size`: cover left by overlapping strokes.

    Parameters
    ----------
    sides
        Strokes on the subject's right and on the left half. The left half's bristles mirror the right's.
    breadth
        Of the brush, in pixels.
    size
        (h, w) of the mask.
    softness
        How far the colour is worked into the skin: pixels of Gaussian blur.
    seed
        Moves the bristles a little; 0 is the brush as it is.
    """
    sorts: list[list[Points]] = [[] for _ in _LOADS]
    for strokes, side in zip(sides, (1.0, -1.0), strict=True):
        own, moved = np.random.default_rng(7), np.random.default_rng(seed)
        for stroke in strokes:
            shift = own.uniform(-0.3, 0.3, _BRISTLES) + (moved.uniform(-_TREMOR, _TREMOR, _BRISTLES) if seed else 0.0)
            places = side * (np.linspace(-0.5, 0.5, _BRISTLES) + shift / _BRISTLES)
            ends = np.stack([own.uniform(0, 0.18, _BRISTLES), own.uniform(0.82, 1, _BRISTLES)], 1)
            traces = _traces(stroke, places * breadth, ends, 1.25 * breadth / _BRISTLES)
            for trace, sort in zip(traces, own.integers(0, len(_LOADS), _BRISTLES), strict=True):
                sorts[sort].append(trace)
    masks = [np.float32(load) * fill_all(traces, size) for load, traces in zip(_LOADS, sorts, strict=True)]
    cover = union(*masks)
    return np.asarray(cv2.GaussianBlur(cover, (0, 0), softness) if softness > 0.2 else cover, np.float32)


def _traces(stroke: Points, aside: AnyArray, ends: AnyArray, width: float) -> list[Points]:
    """The outlines of all bristles' traces: each `aside` pixels (B,) beside the stroke's middle, between `ends` (B, 2) in shares of its length,
    `width` pixels wide and thinner towards its ends.
    """
    across = np.gradient(stroke, axis=0)[:, ::-1] * [-1, 1]
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-6)
    share = ends[:, :1] + (ends[:, 1:] - ends[:, :1]) * np.linspace(0, 1, _STEPS)
    places = np.arange(len(stroke)) / (len(stroke) - 1)
    middle, normal = (np.stack([np.interp(share, places, array[:, axis]) for axis in (0, 1)], -1) for array in (stroke, across))
    middle = middle + normal * aside[:, None, None]
    half = normal * np.maximum(width * np.sin(np.linspace(0.35, np.pi - 0.35, _STEPS)), 0.3)[:, None] / 2
    return list(np.concatenate([middle + half, (middle - half)[:, ::-1]], 1).astype(np.float32))
