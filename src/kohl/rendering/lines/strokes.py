"""Many fine strokes at once: outlines of curves that all have the same number of points."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import AnyArray, Points


def stroke_outlines(curves: AnyArray, widths: AnyArray) -> list[Points]:
    """Return the closed outline (2 S, 2) of each curve of `curves` (N, S, 2); `widths` (N, S) or (S,) across, in pixels."""
    direction = np.gradient(curves, axis=1)
    direction /= np.maximum(np.linalg.norm(direction, axis=-1, keepdims=True), 1e-6)
    aside = np.stack([-direction[..., 1], direction[..., 0]], -1) * (np.asarray(widths)[..., None] / 2)
    return list(np.concatenate([curves + aside, (curves - aside)[:, ::-1]], 1).astype(np.float32))


def points_along(curve: Points, places: AnyArray) -> AnyArray:
    """Return points (N, 2) of an (M, 2) `curve` at fractional indices `places` (N,)."""
    steps = np.arange(len(curve))
    return np.stack([np.interp(places, steps, curve[:, 0]), np.interp(places, steps, curve[:, 1])], 1)
