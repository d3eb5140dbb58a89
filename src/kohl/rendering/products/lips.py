"""Lipstick and lip liner."""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import Mask
from kohl.faces import landmarks
from kohl.faces.contours import between, fill, smooth_curve
from kohl.looks.layers import Finish, LipLiner, Lipstick
from kohl.rendering.canvas import Canvas
from kohl.rendering.film import Film
from kohl.rendering.finishes import apply_finish

_SHEER = 0.55
"""What a sheer finish leaves of the coverage."""


def paint_lipstick(canvas: Canvas, layer: Lipstick, seed: int) -> None:
    """Colour within the lips' own outline; an ombré is a second coat in the middle."""
    coverage = layer.coverage * layer.intensity * (_SHEER if layer.finish is Finish.SHEER else 1.0)
    lips = canvas.face.masks.lips
    outer = Film.of(layer.pigment)
    if layer.ombre is None:
        canvas.paint(lips * np.float32(coverage), outer.over)
    else:
        inner = _inner_share(canvas, layer.ombre.ratio, layer.ombre.feather)
        canvas.paint(lips * (1 - 0.85 * inner) * np.float32(coverage), outer.over)
        canvas.paint(lips * inner * np.float32(coverage), Film.of(layer.ombre.inner).over)
    apply_finish(canvas, lips * np.float32(layer.intensity), outer.opaque, layer.finish, seed)


def paint_lip_liner(canvas: Canvas, layer: LipLiner, seed: int) -> None:
    """A soft line that follows the outline: most of it on the lips, its outer feather on the skin."""
    outline = _outline(canvas)
    depth = _depth(outline)
    width = max(0.2 * layer.thickness * 2 * float(depth.max()), 1.0)
    inside = np.clip(1.25 - depth / width, 0, 1) * outline
    halo = np.asarray(cv2.GaussianBlur(outline, (0, 0), max(0.12 * width, 0.6)), np.float32)
    line = np.maximum(inside, np.minimum(halo, 1 - outline) * 0.8) * (1 - canvas.face.masks.mouth) * canvas.face.masks.clear
    film = Film.of(layer.pigment)
    mask = (line * layer.coverage * layer.intensity).astype(np.float32)
    canvas.paint(mask, film.over)
    apply_finish(canvas, (line * layer.intensity).astype(np.float32), film.opaque, layer.finish, seed)


def _outline(canvas: Canvas) -> Mask:
    points = canvas.face.local_points[:, :2]
    upper, lower = smooth_curve(points[landmarks.LIPS_UPPER_OUTER]), smooth_curve(points[landmarks.LIPS_LOWER_OUTER])
    return np.maximum(fill(between(upper, lower), canvas.size), canvas.face.masks.lips)


def _depth(outline: Mask) -> Mask:
    """Pixels from the outline inwards."""
    return np.asarray(cv2.distanceTransform((outline > 0.5).astype(np.uint8), cv2.DIST_L2, 5), np.float32)


def _inner_share(canvas: Canvas, ratio: float, feather: float) -> Mask:
    """1 in the middle of the lips, 0 at the outline; `ratio` is how far out the middle reaches."""
    depth = _depth(_outline(canvas))
    share = depth / max(float(depth.max()), 1.0)
    edge, soft = 1 - 0.9 * ratio, 0.08 + 0.6 * feather
    rise = np.clip((share - edge) / soft + 0.5, 0, 1)
    return np.asarray(rise * rise * (3 - 2 * rise), np.float32)
