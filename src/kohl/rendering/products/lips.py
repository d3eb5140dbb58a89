"""Lipstick and lip liner."""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import Box, Mask
from kohl.core.ramps import eased, ramp
from kohl.faces import landmarks
from kohl.faces.contours import between, fill, smooth_curve
from kohl.looks.layers import Finish, LipLiner, Lipstick, Ombre
from kohl.rendering.canvas import Canvas
from kohl.rendering.film import Film
from kohl.rendering.finishes import apply_finish
from kohl.rendering.stencil import Stencil, box_around

_SHEER = 0.55
"""What a sheer finish leaves of the coverage."""
_AIR = 0.2
"""Shares of their width around the lips within which they and their liner lie."""


def paint_lipstick(canvas: Canvas, layer: Lipstick, seed: int) -> None:
    """Colour within the lips' own outline; an ombré is a second coat in the middle."""
    coverage = layer.coverage * layer.intensity * (_SHEER if layer.finish is Finish.SHEER else 1.0)
    box = _around(canvas)
    lips = Stencil.within(box, canvas.face.masks.lips[box], canvas.size)
    outer = Film.of(layer.pigment)
    if layer.ombre is None:
        canvas.paint(lips.scaled(coverage), outer.over)
    else:
        inner = lips.take_within(box, _inner_share(_outline(canvas, box), layer.ombre))
        canvas.paint(lips.scaled((1 - 0.85 * inner) * coverage), outer.over)
        canvas.paint(lips.scaled(inner * coverage), Film.of(layer.ombre.inner).over)
    apply_finish(canvas, lips.scaled(layer.intensity), outer.opaque, layer.finish, seed)


def paint_lip_liner(canvas: Canvas, layer: LipLiner, seed: int) -> None:
    """A soft line that follows the outline: most of it on the lips, its outer feather on the skin."""
    box = _around(canvas)
    outline = _outline(canvas, box)
    depth = _depth(outline)
    width = max(0.2 * layer.thickness * 2 * float(depth.max()), 1.0)
    inside = np.clip(1.25 - depth / width, 0, 1) * outline
    halo = np.asarray(cv2.GaussianBlur(outline, (0, 0), max(0.12 * width, 0.6)), np.float32)
    masks = canvas.face.masks
    line = np.maximum(inside, np.minimum(halo, 1 - outline) * 0.8) * (1 - masks.mouth[box]) * masks.clear[box]
    film = Film.of(layer.pigment)
    drawn = Stencil.within(box, line, canvas.size)
    canvas.paint(drawn.scaled(layer.coverage * layer.intensity), film.over)
    apply_finish(canvas, drawn.scaled(layer.intensity), film.opaque, layer.finish, seed)


def _around(canvas: Canvas) -> Box:
    """The box around the lips, with room for a liner's feather."""
    points = canvas.face.local_points[landmarks.LIPS_OUTER]
    return box_around(points, _AIR * float(np.ptp(points[:, 0])) + 4, canvas.size)


def _outline(canvas: Canvas, box: Box) -> Mask:
    """The lips with the mouth between them, a mask (h, w) of `box`."""
    points = canvas.face.local_points[:, :2] - np.array([box[1].start, box[0].start], np.float32)
    upper, lower = smooth_curve(points[landmarks.LIPS_UPPER_OUTER]), smooth_curve(points[landmarks.LIPS_LOWER_OUTER])
    lips = canvas.face.masks.lips[box]
    return np.maximum(fill(between(upper, lower), lips.shape), lips)


def _depth(outline: Mask) -> Mask:
    """Pixels from the outline inwards."""
    return np.asarray(cv2.distanceTransform((outline > 0.5).astype(np.uint8), cv2.DIST_L2, 5), np.float32)


def _inner_share(outline: Mask, ombre: Ombre) -> Mask:
    """(h, w): 1 in the middle of the lips, 0 at their outline; the ombré's `ratio` is how far out the middle reaches."""
    depth = _depth(outline)
    share = depth / max(float(depth.max()), 1.0)
    edge, soft = 1 - 0.9 * ombre.ratio, 0.08 + 0.6 * ombre.feather
    return eased(ramp(share, edge - soft / 2, edge + soft / 2))
