"""The skin of cheeks and around on a coarse map, both halves of the face together: the shape that blush has and a flush has not."""

from __future__ import annotations

import functools

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Mask
from kohl.core.channels import to_channels
from kohl.reading.unrolled import SIDE, Unrolled
from kohl.reading.zones import BARE, zone_mask
from kohl.rendering.zones.face import face_zone

CELLS = 32
"""Cells along the chart."""
_BLUSH, _PATTERNS = 0.02, ("apples", "draped", "sunkissed")
"""From this much of a pattern's mask on, a point belongs to the map."""
_HELD = 0.1
"""Of a cell: where less is seen, it follows the mean of the map."""


def cheek_map(unrolled: Unrolled) -> FloatArray:
    """(cells, 3) mean log ratio of the cells where blush is worn and of bare skin around; left and right are one."""
    seen = np.clip((unrolled.skin_seen - 0.3) / 0.4, 0, 1)
    sums = cv2.resize(np.dstack([unrolled.ratio * to_channels(seen), seen]), (CELLS, CELLS), interpolation=cv2.INTER_AREA)
    cells = (sums + sums[:, ::-1])[_covered()]
    total = cells.sum(0)
    mean = total[:3] / max(float(total[3]), 1e-3)
    return np.asarray((cells[:, :3] + _HELD * mean) / (cells[:, 3:] + _HELD), np.float32)


@functools.cache
def _covered() -> Mask:
    """(CELLS, CELLS) which cells of the chart's left half are part of the map."""
    blush = np.max([cv2.resize(face_zone("blush", pattern), (SIDE, SIDE)) for pattern in _PATTERNS], axis=0)
    shown = np.maximum(blush > _BLUSH, zone_mask(BARE, SIDE) > 0.5).astype(np.float32)
    small = cv2.resize(shown, (CELLS, CELLS), interpolation=cv2.INTER_AREA)
    small = np.maximum(small, small[:, ::-1])
    return np.asarray((small > 0.5) & (np.arange(CELLS) < CELLS // 2))
