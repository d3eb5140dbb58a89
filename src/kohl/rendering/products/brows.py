"""Brows: tint within the hair, and fill between the hairs."""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import LinearImage, Mask
from kohl.faces.contours import fill_all, smooth_curve
from kohl.looks.layers import Brows
from kohl.rendering.canvas import Canvas
from kohl.rendering.film import Film
from kohl.rendering.light import luminance
from kohl.rendering.lines.brow_hairs import SIDES, draw_brow_hairs

_LIFT = 1.12
"""A brow product can tint dark hair, but hardly lighten it."""
_HEAD, _HEAD_SHARE = 0.4, 0.35
"""Over so much of the brow, from its head, the product builds up; the share it starts with. A full head looks stamped on."""
_STRANDS = 0.75
"""How much of the hair's own light and dark a full film lets through."""


def paint_brows(canvas: Canvas, layer: Brows, seed: int) -> None:
    """Tint the hairs; `defined` also draws fine hairs into the gaps of the brow's own shape."""
    film = Film.of(layer.pigment)
    build_up = _build_up(canvas) * np.float32(layer.coverage * layer.intensity)
    if layer.pattern == "defined":
        gaps = _gaps(canvas) * np.maximum(0.35, draw_brow_hairs(canvas.face, seed))
        canvas.paint(canvas.on_skin(gaps * build_up * np.float32(0.8)), film.over)

    def tint(ground: LinearImage, coverage: Mask) -> LinearImage:
        own, painted = luminance(ground), film.over(ground, coverage)
        strands = np.clip(own / np.maximum(_blur(own, 0.03 * canvas.face.eye_distance), 1e-3), 0.4, 1.8)
        painted = painted * (strands ** (_STRANDS * coverage))[..., None]
        excess = luminance(painted) / np.maximum(own * _LIFT, 1e-4)
        return np.asarray(painted / np.maximum(excess, 1)[..., None], np.float32)

    hair = canvas.face.masks.brows
    # At the rim hairs are few: a tint that ends with the mask would draw an outline around the brow.
    within = np.minimum(1.25 * _blur(hair, 0.015 * canvas.face.eye_distance), 1)
    canvas.paint(hair * within * build_up, tint)


def _build_up(canvas: Canvas) -> Mask:
    """(h, w): how much product there is along the brow, `_HEAD_SHARE` at its head and 1 in its body."""
    points = canvas.face.local_points[:, :2]
    columns, rows = (np.arange(side, dtype=np.float32) + 0.5 for side in canvas.size[::-1])
    amount = np.zeros(canvas.size, np.float32)
    for upper, lower in SIDES:
        tail, head = ((points[upper[end]] + points[lower[end]]) / 2 for end in (0, -1))
        along = (tail - head) / max(_HEAD * float(((tail - head) ** 2).sum()), 1e-6)
        amount = np.maximum(amount, (columns[None] - head[0]) * along[0] + (rows[:, None] - head[1]) * along[1])
    return np.asarray(_HEAD_SHARE + (1 - _HEAD_SHARE) * np.minimum(amount, 1), np.float32)


def _gaps(canvas: Canvas) -> Mask:
    """Skin between the hairs: inside the mesh's brow shape, and only where hair is near."""
    hair, reach = canvas.face.masks.brows, 0.05 * canvas.face.eye_distance
    near = np.clip(2.2 * _blur(hair, reach), 0, 1)
    return np.asarray(_blur(_shape(canvas), 0.5 * reach) * near * (1 - hair), np.float32)


def _shape(canvas: Canvas) -> Mask:
    """Shape of both brows from the mesh."""
    points = canvas.face.local_points[:, :2]
    shapes = [np.concatenate([smooth_curve(points[upper]), smooth_curve(points[lower])[::-1]]) for upper, lower in SIDES]
    return fill_all(shapes, canvas.size)


def _blur(mask: Mask, sigma: float) -> Mask:
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), max(sigma, 0.6)), np.float32)
