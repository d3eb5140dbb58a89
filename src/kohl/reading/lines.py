"""The lash lines, straightened: what a liner's line and wing are read from."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray
from kohl.reading.eye_patches import LEFT, SCALE, TOP, EyePatch, along
from kohl.rendering.light import LUMINANCE

STRIP_ALONG = np.linspace(-0.48, 0.96, 37).astype(np.float32)
"""Places along the eye, in eye widths: from beyond the outer corner (below 0) to the inner one (1) …"""
STRIP_ABOVE = np.concatenate([np.linspace(-0.06, 0.12, 10), np.array([0.15, 0.19, 0.24, 0.3, 0.36])]).astype(np.float32)
"""… and heights over the upper lash line."""
STRIP_BELOW = np.array([-0.01, 0.01, 0.03, 0.05, 0.08, 0.12], np.float32)
"""Depths under the lower lash line."""
GAP_CELLS = 18
"""Stretches along the eye in each of which gaps between lashes are looked for: room for three or four lashes and the skin between."""
_GAP_SAMPLES = 8
"""Samples in each of them: less than a pixel of the patch apart."""
_GAPS_ALONG = (-0.48 + 0.01 * (np.arange(GAP_CELLS * _GAP_SAMPLES) + 0.5)).astype(np.float32)
_DARKEST = -3.0
"""Log ratios below this are cut: what is black is black, whatever its noise."""
_ON_LINE = 0.06
"""Heights below this, in eye widths, can be a line."""
_DARK_SHARE = 20
"""Per cent of these pixels that show the line's own colour."""


def upper_strip(eye: EyePatch) -> FloatArray:
    """(heights, places, 3) log ratio on the grid `STRIP_ABOVE` × `STRIP_ALONG` along the upper lash line."""
    return _strip(eye, eye.upper, STRIP_ABOVE)


def lower_strip(eye: EyePatch) -> FloatArray:
    """(depths, places, 3) the same at `STRIP_BELOW` under the lower lash line."""
    return _strip(eye, eye.lower, -STRIP_BELOW)


def upper_gaps(eye: EyePatch) -> FloatArray:
    """(heights, GAP_CELLS) log luminance of the brightest that shows in every stretch at `STRIP_ABOVE` along the upper lash line.

    Between lashes skin shows, however much mascara is on them; a line leaves no gap.
    """
    return _brightest(_strip(eye, eye.upper, STRIP_ABOVE, _GAPS_ALONG))


def lower_gaps(eye: EyePatch) -> FloatArray:
    """(depths, GAP_CELLS) the same at `STRIP_BELOW` under the lower lash line."""
    return _brightest(_strip(eye, eye.lower, -STRIP_BELOW, _GAPS_ALONG))


def _brightest(strip: FloatArray) -> FloatArray:
    return np.asarray((strip @ LUMINANCE).reshape(len(strip), GAP_CELLS, _GAP_SAMPLES).max(-1), np.float32)


def _strip(eye: EyePatch, curve: npt.NDArray[np.float64], heights: FloatArray, places: FloatArray = STRIP_ALONG) -> FloatArray:
    """Log ratio along `curve`, which gives a height in eye widths for every column of the patch, at `places` along the eye."""
    x = np.broadcast_to(places, (len(heights), len(places)))
    y = np.interp(places, along(), curve) + heights[:, None]
    columns = ((x - LEFT) * SCALE - 0.5).astype(np.float32)
    rows = ((TOP - y) * SCALE - 0.5).astype(np.float32)
    values = cv2.remap(eye.ratio, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(np.maximum(values, _DARKEST), np.float32)


def line_colour(eyes: Sequence[EyePatch], skin: FloatArray) -> FloatArray:
    """Reflectance (3,) of the line: of the darkest pixels along the outer half of the upper lash lines. skin: (3,) reflectance."""
    near, outer = STRIP_ABOVE < _ON_LINE, (STRIP_ALONG > 0) & (STRIP_ALONG < 0.5)
    strips = np.concatenate([upper_strip(eye)[np.ix_(near, outer)].reshape(-1, 3) for eye in eyes])
    bright = strips @ LUMINANCE
    darkest = strips[bright <= np.percentile(bright, _DARK_SHARE)]
    return np.asarray(np.exp(np.median(darkest, axis=0)) * skin, np.float32)
