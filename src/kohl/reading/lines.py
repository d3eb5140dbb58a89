"""The lash lines, straightened: what a liner's line and wing are read from."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray
from kohl.reading.eye_patches import LEFT, SCALE, TOP, EyePatch, along

STRIP_ALONG = np.linspace(-0.48, 0.96, 37).astype(np.float32)
"""Places along the eye, in eye widths: from beyond the outer corner (below 0) to the inner one (1) …"""
STRIP_ABOVE = np.concatenate([np.linspace(-0.06, 0.12, 10), np.array([0.15, 0.19, 0.24, 0.3, 0.36])]).astype(np.float32)
"""… and heights over the upper lash line."""
STRIP_BELOW = np.array([-0.01, 0.01, 0.03, 0.05, 0.08, 0.12], np.float32)
"""Depths under the lower lash line."""
LINE_PLACES = (np.arange(96) / SCALE - 0.5).astype(np.float32)
"""Places along the eye at which a line is looked for, a pixel of the patch apart …"""
LINE_ABOVE = (0.36 - (np.arange(32) + 1) / SCALE).astype(np.float32)
"""… heights over the upper lash line, from above downwards …"""
LINE_BELOW = (np.arange(10) / SCALE).astype(np.float32)
"""… and depths under the lower one."""
_DARKEST = -3.0
"""Log ratios below this are cut: what is black is black, whatever its noise."""


def upper_strip(eye: EyePatch) -> FloatArray:
    """(heights, places, 3) log ratio on the grid `STRIP_ABOVE` × `STRIP_ALONG` along the upper lash line."""
    return _strip(eye, eye.upper, STRIP_ABOVE)


def lower_strip(eye: EyePatch) -> FloatArray:
    """(depths, places, 3) the same at `STRIP_BELOW` under the lower lash line."""
    return _strip(eye, eye.lower, -STRIP_BELOW)


def lash_lines(eye: EyePatch) -> FloatArray:
    """(42, 96, 5): the eye along its lash lines, `LINE_ABOVE` the upper and `LINE_BELOW` the lower one: log ratios, skin and eyeball."""
    planes = np.dstack([eye.ratio, eye.skin, eye.eye])
    return np.concatenate([_along(planes, eye.upper, LINE_ABOVE, LINE_PLACES), _along(planes, eye.lower, -LINE_BELOW, LINE_PLACES)])


def _strip(eye: EyePatch, curve: npt.NDArray[np.float64], heights: FloatArray) -> FloatArray:
    """Log ratio along `curve` at `heights` and at `STRIP_ALONG`."""
    return np.maximum(_along(eye.ratio, curve, heights, STRIP_ALONG), _DARKEST)


def _along(planes: FloatArray, curve: npt.NDArray[np.float64], heights: FloatArray, places: FloatArray) -> FloatArray:
    """(heights, places, C) of a patch's `planes` (h, w, C) along `curve`, which gives a height in eye widths for every column of the patch."""
    x = np.broadcast_to(places, (len(heights), len(places)))
    y = np.interp(places, along(), curve) + heights[:, None]
    columns = ((x - LEFT) * SCALE - 0.5).astype(np.float32)
    rows = ((TOP - y) * SCALE - 0.5).astype(np.float32)
    return np.asarray(cv2.remap(planes, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)
