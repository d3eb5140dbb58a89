"""Brows: tint within the hair, and fill between the hairs."""

from __future__ import annotations

import functools

import cv2
import numpy as np

from kohl.core.arrays import Box, LinearImage, Mask
from kohl.core.ramps import ramp
from kohl.faces.contours import fill_all, smooth_curve
from kohl.looks.layers import Brows
from kohl.rendering.canvas import Canvas
from kohl.rendering.film import Film
from kohl.rendering.light import luminance
from kohl.rendering.lines.brow_hairs import SIDES, draw_brow_hairs
from kohl.rendering.stencil import Stencil, box_around

_LIFT = 1.12
"""A brow product can tint dark hair, but hardly lighten it."""
_HEAD, _HEAD_SHARE = 0.4, 0.35
"""Over so much of the brow, from its head, the product builds up; the share it starts with. A full head looks stamped on."""
_STRANDS = 1.0
"""How much of the hair's own light and dark a full film lets through."""
_AROUND_HAIR = 0.025
"""Eye distances over which a tint evens out among the hairs, and hairs are compared with what is around them."""
_AMONG_HAIR = (0.12, 0.7)
"""Shares of hair around a pixel at which a tint begins, and covers all of it."""
_BETWEEN = 0.75
"""What the skin between hairs takes of a tint."""
_AIR = 0.3
"""Eye distances around the mesh's brows within which their hairs are, and what they blur into."""


def paint_brows(canvas: Canvas, layer: Brows, seed: int) -> None:
    """Tint the hairs; `defined` also draws fine hairs into the gaps of the brow's own shape."""
    film, box, reach = Film.of(layer.pigment), _around(canvas), canvas.face.eye_distance
    build_up = _build_up(canvas, box) * np.float32(layer.coverage * layer.intensity)
    if layer.pattern == "defined":
        gaps = _gaps(canvas, box) * np.maximum(0.35, draw_brow_hairs(canvas.face, seed)[box]) * canvas.face.masks.skin[box]
        canvas.paint(Stencil.within(box, gaps * build_up * np.float32(0.8), canvas.size), film.over)
    tinted = Stencil.within(box, _worn(canvas, box) * build_up, canvas.size)
    if tinted.is_empty:
        return
    own = luminance(canvas.albedo[tinted.box])
    strands = tinted.take_within(tinted.box, np.clip(own / np.maximum(_blur(own, _AROUND_HAIR * reach), 1e-3), 0.4, 1.8))
    canvas.paint(tinted, functools.partial(_tint, film, strands))


def _worn(canvas: Canvas, box: Box) -> Mask:
    """(h, w) of `box`: where a tint lies. It is even among the hairs and fades where they become few.

    Covered as each pixel is hair, dark hairs would get all of it and fair ones nothing: a brow that is darker in patches.
    """
    masks = canvas.face.masks
    even = ramp(_blur(masks.brows[box], _AROUND_HAIR * canvas.face.eye_distance), *_AMONG_HAIR)
    return np.asarray(even * np.minimum(masks.brows[box] + _BETWEEN * masks.skin[box], 1), np.float32)


def _tint(film: Film, strands: Mask, ground: LinearImage, coverage: Mask) -> LinearImage:
    """The film over hair (1, N, 3), with the light and dark of its `strands` (1, N)."""
    painted = film.over(ground, coverage) * (strands ** (_STRANDS * coverage))[..., None]
    excess = luminance(painted) / np.maximum(luminance(ground) * _LIFT, 1e-4)
    return np.asarray(painted / np.maximum(excess, 1)[..., None], np.float32)


def _around(canvas: Canvas) -> Box:
    """The box around both brows, with room for stray hairs."""
    edges = np.concatenate([edge for side in SIDES for edge in side])
    return box_around(canvas.face.local_points[edges], _AIR * canvas.face.eye_distance + 2, canvas.size)


def _build_up(canvas: Canvas, box: Box) -> Mask:
    """(h, w) of `box`: how much product there is along the brow, `_HEAD_SHARE` at its head and 1 in its body."""
    points = canvas.face.local_points[:, :2]
    rows, columns = (np.arange(part.start, part.stop, dtype=np.float32) + 0.5 for part in box)
    amount = np.zeros((len(rows), len(columns)), np.float32)
    for upper, lower in SIDES:
        tail, head = ((points[upper[end]] + points[lower[end]]) / 2 for end in (0, -1))
        along = (tail - head) / max(_HEAD * float(((tail - head) ** 2).sum()), 1e-6)
        amount = np.maximum(amount, (columns[None] - head[0]) * along[0] + (rows[:, None] - head[1]) * along[1])
    return np.asarray(_HEAD_SHARE + (1 - _HEAD_SHARE) * np.minimum(amount, 1), np.float32)


def _gaps(canvas: Canvas, box: Box) -> Mask:
    """Skin between the hairs, (h, w) of `box`: inside the mesh's brow shape, and only where hair is near."""
    hair, reach = canvas.face.masks.brows[box], 0.05 * canvas.face.eye_distance
    near = np.clip(2.2 * _blur(hair, reach), 0, 1)
    return np.asarray(_blur(_shape(canvas, box), 0.5 * reach) * near * (1 - hair), np.float32)


def _shape(canvas: Canvas, box: Box) -> Mask:
    """Shape of both brows from the mesh, (h, w) of `box`."""
    points = canvas.face.local_points[:, :2] - np.array([box[1].start, box[0].start], np.float32)
    shapes = [np.concatenate([smooth_curve(points[upper]), smooth_curve(points[lower])[::-1]]) for upper, lower in SIDES]
    return fill_all(shapes, canvas.face.masks.brows[box].shape)


def _blur(mask: Mask, sigma: float) -> Mask:
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), max(sigma, 0.6)), np.float32)
