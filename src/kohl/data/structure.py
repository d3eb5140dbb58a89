"""Fine structure of a picture, which makeup and grading leave alone, and how much of it two pictures share."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Image, IntArray, Mask, Points
from kohl.faces import landmarks as at
from kohl.faces.contours import fill, fill_all

_FINE, _COARSE = 1.0, 5.0
"""Pixels: Gaussians between which structure lies; finer is noise and compression, coarser is light and colour."""
_FLOOR = 0.012
"""Contrast, in encoded values, below which structure is taken for noise."""
_BLOCK = 32
"""Pixels: side of the squares by which faces are compared."""


def structure_of(pixels: Image) -> FloatArray:
    """(h, w) fine structure of (h, w, 3) sRGB pixels, its contrast evened out: about [-3, 3], no colour, no light."""
    light = cv2.cvtColor(np.ascontiguousarray(np.clip(pixels, 0, 1), np.float32), cv2.COLOR_RGB2GRAY)
    detail = cv2.GaussianBlur(light, (0, 0), _FINE) - cv2.GaussianBlur(light, (0, 0), _COARSE)
    contrast = np.sqrt(cv2.GaussianBlur(detail * detail, (0, 0), 2 * _COARSE))
    return np.asarray(detail / (contrast + _FLOOR), np.float32)


def kept_by_makeup(points: Points, size: tuple[int, int]) -> Mask:
    """(h, w) of `size`: 0 on mouth, eyes with brows, and cheeks of the mesh `points` (478, 2), 1 elsewhere."""
    return _without(points, size, (*_OPAQUE, *_CHEEKS))


def inside_face(points: Points, size: tuple[int, int]) -> Mask:
    """(h, w) of `size`: 1 on the face of the mesh `points` (478, 2), 0 on mouth, eyes with brows, and around it; cheeks count."""
    return fill(np.ascontiguousarray(points[at.FACE_OVAL]), size) * _without(points, size, _OPAQUE)


def _without(points: Points, size: tuple[int, int], parts: Sequence[IntArray]) -> Mask:
    """(h, w): 0 on the hulls of some landmarks and a little around them."""
    around = 0.12 * float(np.ptp(points[:, 0]))
    hulls = []
    for numbers in parts:
        hull = cv2.convexHull(np.ascontiguousarray(points[numbers]))[:, 0]
        middle = hull.mean(0)
        hulls.append(np.asarray(middle + (hull - middle) * (1 + around / np.ptp(hull, axis=0).max()), np.float32))
    return 1 - fill_all(hulls, size)


_RIGHT_CHEEK = np.array([111, 227, 137, 147, 187, 205, 36, 101, 118], np.int32)
_LEFT_CHEEK = np.array([340, 447, 366, 376, 411, 425, 266, 330, 347], np.int32)
_CHEEKS = (_RIGHT_CHEEK, _LEFT_CHEEK)
_OPAQUE = (
    at.LIPS_OUTER,
    np.concatenate([at.RIGHT_EYE, at.RIGHT_BROW_UPPER, at.RIGHT_BROW_LOWER]),
    np.concatenate([at.LEFT_EYE, at.LEFT_BROW_UPPER, at.LEFT_BROW_LOWER]),
)
"""Where makeup may hide what was there; on cheeks it lets structure through."""


def block_likeness(first: FloatArray, second: FloatArray, inside: Mask) -> float:
    """The median of the correlations of square blocks of (h, w) structures that lie `inside` (h, w) for the most part; 0 where there is none."""
    blocks = []
    for y in range(0, first.shape[0], _BLOCK):
        for x in range(0, first.shape[1], _BLOCK):
            block = slice(y, y + _BLOCK), slice(x, x + _BLOCK)
            if float(inside[block].mean()) > 0.5:
                blocks.append(correlation(first[block], second[block], inside[block]))
    return float(np.median(blocks)) if blocks else 0.0


def correlation(first: FloatArray, second: FloatArray, weights: Mask) -> float:
    """Normalised correlation, [-1, 1], of two structures (h, w) under `weights` (h, w)."""
    norm = math.sqrt(float((weights * first * first).sum() * (weights * second * second).sum()))
    return float((weights * first * second).sum()) / max(norm, 1e-6)
