"""The eye openings: the lids' contours, without what looks like the lids themselves."""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Image, IntArray, Mask, Points3
from kohl.core.ramps import ramp
from kohl.faces import landmarks as at
from kohl.faces.contours import between, smooth_curve
from kohl.faces.patch import cut_patch, signed_distance
from kohl.faces.tones import local_mean, tones_of

_WORKING_WIDTH = 96.0
"""Pixels across an eye at the working scale."""
_BAND = (0.08, 0.035)
"""Shares of the eye width: how far lid skin may push the edge of a nearly closed eye inwards (half its height), and that of an open one."""
_OPEN = (0.15, 0.28)
"""Heights in eye widths of an eye that is nearly closed, and of one that is open."""


def find_eyes(pixels: Image, points: Points3) -> Mask:
    """Return the (h, w) mask of both eye openings of the mesh `points` (478, 3) in pixels of the window `pixels`."""
    mask = np.zeros(pixels.shape[:2], np.float32)
    _add_eye(mask, pixels, points, at.RIGHT_LID_UPPER, at.RIGHT_LID_LOWER)
    _add_eye(mask, pixels, points, at.LEFT_LID_UPPER, at.LEFT_LID_LOWER)
    return mask


def _add_eye(mask: Mask, pixels: Image, points: Points3, upper: IntArray, lower: IntArray) -> None:
    width = float(np.linalg.norm(points[upper[0]] - points[upper[-1]]))
    patch = cut_patch(pixels, points[np.concatenate([upper, lower])], 0.25 * width, _WORKING_WIDTH / max(width, 1.0))
    if patch is None:
        return
    flat = patch.place(points)
    distance = signed_distance(between(smooth_curve(flat[upper]), smooth_curve(flat[lower])), patch.size)
    # Blurred along the lid: a brown iris under a brown lid must not be notched.
    alike = cv2.GaussianBlur(_lid_likeness(tones_of(patch.pixels), distance), (0, 0), sigmaX=4.0, sigmaY=1.0)
    height = float(np.linalg.norm(points[upper[3:6]] - points[lower[3:6]], axis=1).max()) / max(width, 1.0)
    band = np.interp(height, _OPEN, _BAND) * _WORKING_WIDTH
    edge = cv2.GaussianBlur(distance, (0, 0), 1.2) - np.float32(band) * alike
    mask[patch.slices] = np.maximum(mask[patch.slices], patch.draw_edge(edge))


def _lid_likeness(tones: FloatArray, distance: FloatArray) -> FloatArray:
    """(h, w) in [0, 1]: how much a pixel looks like the lids next to it, and not like eyeball, iris or lashes."""
    lids = ramp(distance, -0.06 * _WORKING_WIDTH, -0.09 * _WORKING_WIDTH) * ramp(distance, -0.25 * _WORKING_WIDTH, -0.2 * _WORKING_WIDTH)
    skin = local_mean(tones, lids, 0.15 * _WORKING_WIDTH)
    away = np.abs(cv2.GaussianBlur(tones, (0, 0), 1.0) - skin)
    return ramp(away[..., 0], 0.5, 0.25) * ramp(away[..., 1], 0.05, 0.03) * ramp(away[..., 2], 0.05, 0.03)
