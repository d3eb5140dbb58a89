"""Where the regions lie in a learned look's crop: soft masks that add up to 1 everywhere.

Broader than the masks that films are laid through: a network draws its own edges, these only say whose they are. So a liner's wing belongs
to the eyes and a line around the mouth to the lips, and what is left, foundation and hair, to the skin.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np

from kohl.core.arrays import AnyArray, IntArray, Mask, Matrix, Points
from kohl.core.region import Region
from kohl.faces import landmarks as at
from kohl.faces.contours import fill, smooth_curve
from kohl.faces.face import Face
from kohl.faces.topology import load_topology
from kohl.geometry.affine import apply, compose, translation
from kohl.geometry.warp import warp_mask
from kohl.methods.tinybeauty.crop import CROP_SIDE, crop_from_image
from kohl.methods.tinybeauty.worn import CropRegions

_SIZE = (CROP_SIDE, CROP_SIDE)
_RIGHT_CHEEK = np.array([143, 116, 123, 147, 187, 205, 50, 118, 117], np.int32)
_LEFT_CHEEK = np.array([372, 345, 352, 376, 411, 425, 280, 347, 346], np.int32)
"""What blush covers, from the apple to the temple."""

# How far a region reaches beyond its landmarks, and how soft its edge is (standard deviation), in widths of the face.
_LIPS, _EYES, _BROWS, _CHEEKS = (0.035, 0.012), (0.05, 0.015), (0.012, 0.012), (0.06, 0.025)
_SPEAKING = 0.06
"""How much further the lips reach where the mouth is not known: around it is skin alone, so that a smile finds room."""


def regions_of(face: Face, crop_from_image: Matrix) -> CropRegions:
    """The regions of a face that was analysed, as (256, 256) masks of its crop: its mesh, and the lips and brows found in the picture."""
    points = apply(crop_from_image, np.ascontiguousarray(face.points[:, :2]))
    crop_from_window = compose(crop_from_image, translation(face.window[2], face.window[0]))
    lips, brows = (warp_mask(mask, crop_from_window, _SIZE) for mask in (face.masks.lips, face.masks.brows))
    return divide(points, lips=lips, brows=brows)


@cache
def usual_regions() -> CropRegions:
    """The regions of the mean face, upright: (256, 256) masks of what a crop usually shows where. For when only the crop is known."""
    shape = np.ascontiguousarray(load_topology().shape[:, :2])
    (x0, y0), (x1, y1) = shape.min(axis=0).tolist(), shape.max(axis=0).tolist()
    regions = divide(apply(crop_from_image((x0, y0, x1, y1)), shape), speaking=_SPEAKING)
    for mask in regions.values():
        mask.setflags(write=False)
    return regions


def divide(points: Points, *, lips: Mask | None = None, brows: Mask | None = None, speaking: float = 0.0) -> CropRegions:
    """Share the crop out among the regions.

    Parameters
    ----------
    points
        (468 or more, 2) mesh points, (x, y) in pixels of the crop.
    lips, brows
        (256, 256) masks of what was found in the picture; it belongs to its region wherever the mesh thinks it lies.
    speaking
        How much further the lips reach, in widths of the face.

    Returns
    -------
    Region → (256, 256) float32 mask; they add up to 1 to within rounding.
    """
    width = float(np.ptp(points[:, 0]))
    fields = {
        Region.LIPS: _soft(_join(fill(_outline(points, at.LIPS_OUTER), _SIZE), lips), width, (_LIPS[0] + speaking, _LIPS[1])),
        Region.BROWS: _soft(_join(_union(points, _BROW_OUTLINES), brows), width, _BROWS),
        Region.EYES: _soft(_union(points, _EYE_OUTLINES, hull=True), width, _EYES),
        Region.CHEEKS: _soft(_union(points, (_RIGHT_CHEEK, _LEFT_CHEEK), hull=True), width, _CHEEKS),
    }
    rest = np.ones(_SIZE, np.float32)
    regions: dict[Region, Mask] = {}
    for region, field in fields.items():  # who comes first takes first: lips and brows have the sharpest edges
        regions[region] = field * rest
        rest = rest * (1 - field)
    regions[Region.SKIN] = rest
    return regions


_BROW_OUTLINES = (
    np.concatenate([at.RIGHT_BROW_UPPER, at.RIGHT_BROW_LOWER[::-1]]),
    np.concatenate([at.LEFT_BROW_UPPER, at.LEFT_BROW_LOWER[::-1]]),
)
_EYE_OUTLINES = (
    np.concatenate([at.RIGHT_EYE, at.RIGHT_CREASE, at.RIGHT_BROW_LOWER]),
    np.concatenate([at.LEFT_EYE, at.LEFT_CREASE, at.LEFT_BROW_LOWER]),
)
"""The orbit: from the lower lashes over lid and crease up to the brow."""


def _union(points: Points, outlines: Sequence[IntArray], *, hull: bool = False) -> Mask:
    shapes = [_hull(points[numbers]) if hull else _outline(points, numbers) for numbers in outlines]
    mask: Mask = np.maximum.reduce([fill(shape, _SIZE) for shape in shapes])
    return mask


def _outline(points: Points, numbers: IntArray) -> Points:
    """The smooth closed outline through landmarks that run around."""
    closed = points[[*numbers, numbers[0]]]
    return smooth_curve(closed)[:-1]


def _hull(points: Points) -> Points:
    corners: AnyArray = cv2.convexHull(np.ascontiguousarray(points, np.float32))
    return np.asarray(corners[:, 0], np.float32)


def _join(drawn: Mask, found: Mask | None) -> Mask:
    joined: Mask = drawn if found is None else np.maximum(drawn, found)
    return joined


def _soft(mask: Mask, width: float, reach_and_edge: tuple[float, float]) -> Mask:
    """The mask, grown by a reach and blurred; both in widths of the face."""
    reach, edge = (share * width for share in reach_and_edge)
    side = 2 * max(1, round(reach)) + 1
    grown = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    soft: Mask = np.clip(cv2.GaussianBlur(grown, (0, 0), max(edge, 0.8)), 0, 1)
    return soft
