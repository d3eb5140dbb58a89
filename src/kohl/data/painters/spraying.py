"""Soft shapes: what leaves an airbrush or a big brush, worked out as coarsely as its softness allows."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from kohl.core.arrays import AnyArray, Mask, Points
from kohl.faces.contours import fill_all

_SIGMA = 3.0
"""Pixels of blur on the working grid: finer adds nothing that can be seen."""


def spray(outlines: Sequence[Points], softness: float, size: tuple[int, int]) -> Mask:
    """(h, w) of `size`: the union of closed outlines (N, 2), in pixels, blurred by a Gaussian of `softness` pixels."""
    scale = min(1.0, _SIGMA / max(softness, 1e-3))
    grid = max(2, round(size[0] * scale)), max(2, round(size[1] * scale))
    stretch = np.array([grid[1] / size[1], grid[0] / size[0]], np.float32)
    mask = fill_all([outline * stretch for outline in outlines], grid)
    sigma = softness * float(stretch.mean())
    if sigma > 0.2:
        mask = cv2.GaussianBlur(mask, (0, 0), sigma)
    return _enlarge(mask, size)


def cloud(centre: AnyArray, along: AnyArray, aside: AnyArray, size: tuple[int, int]) -> Mask:
    """(h, w) of `size`: a Gaussian around `centre` (x, y) whose standard deviations are the vectors `along` and `aside`, in pixels.

    Vectors between landmarks turn and shorten with the head, and so does the cloud.
    """
    axes = np.column_stack([along, aside]).astype(np.float64)
    narrow = min(float(np.linalg.norm(along)), float(np.linalg.norm(aside)))
    if abs(np.linalg.det(axes)) < 1e-2:
        return np.zeros(size, np.float32)
    scale = min(1.0, _SIGMA / narrow)
    grid = max(2, round(size[0] * scale)), max(2, round(size[1] * scale))
    x = (np.arange(grid[1]) + 0.5) * size[1] / grid[1] - centre[0]
    y = (np.arange(grid[0]) + 0.5) * size[0] / grid[0] - centre[1]
    inverse = np.linalg.inv(axes)
    distance = sum((row[0] * x[None, :] + row[1] * y[:, None]) ** 2 for row in inverse)
    return _enlarge(np.exp(-0.5 * distance).astype(np.float32), size)


def union(*masks: Mask) -> Mask:
    """Soft union: where masks overlap they cover more, but never more than all."""
    bare = np.ones_like(masks[0])
    for mask in masks:
        bare *= 1 - mask
    return 1 - bare


def _enlarge(mask: Mask, size: tuple[int, int]) -> Mask:
    if mask.shape == size:
        return mask
    return np.asarray(cv2.resize(mask, (size[1], size[0]), interpolation=cv2.INTER_CUBIC).clip(0, 1), np.float32)
