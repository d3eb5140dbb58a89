"""Brows: tint within the hair, and fill between the hairs."""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import LinearImage, Mask
from kohl.faces import landmarks
from kohl.faces.contours import fill_all, smooth_curve
from kohl.looks.layers import Brows
from kohl.rendering.canvas import Canvas
from kohl.rendering.film import Film
from kohl.rendering.light import luminance

_LIFT = 1.12
"""A brow product can tint dark hair, but hardly lighten it."""


def paint_brows(canvas: Canvas, layer: Brows, seed: int) -> None:
    """Tint the hairs; `defined` also lays a thin film on the skin of the brow's own shape."""
    film = Film.of(layer.pigment)
    strength = np.float32(layer.coverage * layer.intensity)
    if layer.pattern == "defined":
        canvas.paint(canvas.on_skin(_gaps(canvas)) * strength * np.float32(0.6), film.over)

    def tint(ground: LinearImage, coverage: Mask) -> LinearImage:
        painted = film.over(ground, coverage)
        excess = luminance(painted) / np.maximum(luminance(ground) * _LIFT, 1e-4)
        return np.asarray(painted / np.maximum(excess, 1)[..., None], np.float32)

    canvas.paint(canvas.face.masks.brows * strength, tint)


def _gaps(canvas: Canvas) -> Mask:
    """Skin between the hairs: inside the mesh's brow shape, and only where hair is near."""
    hair, reach = canvas.face.masks.brows, 0.05 * canvas.face.eye_distance
    near = np.clip(2.2 * _blur(hair, reach), 0, 1)
    return np.asarray(_blur(_shape(canvas), 0.5 * reach) * near * (1 - hair), np.float32)


def _shape(canvas: Canvas) -> Mask:
    """Shape of both brows from the mesh."""
    points = canvas.face.local_points[:, :2]
    sides = ((landmarks.RIGHT_BROW_UPPER, landmarks.RIGHT_BROW_LOWER), (landmarks.LEFT_BROW_UPPER, landmarks.LEFT_BROW_LOWER))
    shapes = [np.concatenate([smooth_curve(points[upper]), smooth_curve(points[lower])[::-1]]) for upper, lower in sides]
    return fill_all(shapes, canvas.size)


def _blur(mask: Mask, sigma: float) -> Mask:
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), max(sigma, 0.6)), np.float32)
