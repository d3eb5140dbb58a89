"""Brow hairs: fine strokes as a pencil draws them, upright at the head and lying down towards the tail."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import Mask, Points
from kohl.faces import landmarks
from kohl.faces.contours import fill_all, smooth_curve
from kohl.faces.face import Face
from kohl.rendering.lines.strokes import points_along, stroke_outlines

SIDES = ((landmarks.RIGHT_BROW_UPPER, landmarks.RIGHT_BROW_LOWER), (landmarks.LEFT_BROW_UPPER, landmarks.LEFT_BROW_LOWER))
"""Upper and lower edge of each brow, from tail to head."""

_COUNT = 70
"""Strokes a brow."""
_LENGTH, _WIDTH = 0.17, 0.009
"""Of a stroke, in brow lengths."""
_STEPS = 5


def draw_brow_hairs(face: Face, seed: int) -> Mask:
    """(h, w) mask of the strokes of both brows. The same seed gives mirrored strokes on both sides."""
    points = face.local_points[:, :2]
    strokes: list[Points] = []
    for upper, lower in SIDES:
        strokes += _strokes(smooth_curve(points[upper])[::-1], smooth_curve(points[lower])[::-1], np.random.default_rng(seed))
    return fill_all(strokes, (face.masks.eyes.shape[0], face.masks.eyes.shape[1]))


def _strokes(upper: Points, lower: Points, random: np.random.Generator) -> list[Points]:
    """Outlines of one brow's strokes between its edges, both from head to tail."""
    span = upper[-1] + lower[-1] - upper[0] - lower[0]
    size = max(float(np.linalg.norm(span)) / 2, 1.0)
    share, height, turn, grown = random.uniform(0, 1, (4, _COUNT, 1))
    top, bottom = (points_along(edge, share[:, 0] * (len(upper) - 1)) for edge in (upper, lower))
    up = (top - bottom) / np.maximum(np.linalg.norm(top - bottom, axis=1, keepdims=True), 1e-6)
    angle = np.radians(75 - 65 * np.minimum(1.6 * share, 1) + 16 * (turn - 0.5))
    length = _LENGTH * size * (0.6 + 0.6 * grown)
    way = length * (np.cos(angle) * span / (2 * size) + np.sin(angle) * up)
    roots = bottom + (0.1 + 0.7 * height) * (top - bottom) - 0.3 * way
    fall = np.linspace(0, 1, _STEPS)[None, :, None]
    curves = roots[:, None] + fall * way[:, None] - fall**2 * (0.12 * length * up)[:, None]
    return stroke_outlines(curves, max(_WIDTH * size, 0.5) * (1 - 0.8 * fall[0, :, 0]))
