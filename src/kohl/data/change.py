"""Where makeup changed a photo: one pair's own mask, and what several pairs agree on.

A difference counts where it stands out of the noise that saving as JPEG leaves, which is louder along edges than on skin.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from kohl.core.arrays import AnyArray, FloatArray, Image, Mask
from kohl.data.crops import FaceCrop
from kohl.faces.face import Face
from kohl.faces.unrolling import ChartView

CHART_SIDE = 256
"""Pixels along the chart that fused changes lie on."""
_SMOOTH = 1.2
"""Pixels of Gaussian blur over which a change is averaged before it is judged."""
_LOUDEST = 2.2
"""Noise levels from which on a difference counts; twice as many, and it counts fully."""
_FLOOR = 2.5 / 255
"""Encoded values: no difference below this is a change, however clean the pictures."""
_EDGE_QUANTILE = 0.7
"""Noise is measured on this share of the pixels, the quietest: makeup may cover the rest."""
_SPECK = 0.01
"""Shares of the picture's side: what is smaller than this across is no makeup."""


def find_change(before: Image, after: Image) -> Mask:
    """(H, W) soft mask of where `after` differs from `before`, both (H, W, 3) float32 sRGB in [0, 1], aligned to the pixel."""
    difference = after - before
    tolerance = _noise(before, difference)
    seen = np.abs(cv2.GaussianBlur(difference, (0, 0), _SMOOTH)).max(2)
    loud = np.clip(seen / np.maximum(_LOUDEST * tolerance, _FLOOR) - 1, 0, 1)
    return _clean(loud.astype(np.float32))


def fuse_changes(crops: Sequence[FaceCrop], changes: Sequence[Mask]) -> Mask:
    """(256, 256) soft mask on the UV chart: the mean of the changes of `crops`, (S, S) each, where they are seen; the same on both halves."""
    total, weight = np.zeros((2, CHART_SIDE, CHART_SIDE), np.float64)
    for crop, change in zip(crops, changes, strict=True):
        size = change.shape[:2]
        view = ChartView.of(crop.points, (0, size[0], 0, size[1]), CHART_SIDE)
        total += view.seen * view.unroll(change)
        weight += view.seen
    # One profile leaves half a chart unseen; the other half knows as much.
    total, weight = total + total[:, ::-1], weight + weight[:, ::-1]
    return np.asarray(total / np.maximum(weight, 1e-3), np.float32)


def lay_change(face: Face, chart: Mask) -> Mask:
    """(H, W) of the face's picture: a mask of the UV chart, laid on `face`; 0 outside its window."""
    mask = np.zeros(face.size, np.float32)
    mask[face.window_slices] = face.field.sample(chart)
    return mask


def _noise(before: Image, difference: FloatArray) -> FloatArray:
    """(H, W) how loud the noise of `difference` is: a level and a share of the local contrast, fitted where only noise is to be seen."""
    fine = difference - cv2.GaussianBlur(difference, (0, 0), 1.5)
    loudness = np.abs(fine).max(2)
    light = cv2.cvtColor(before, cv2.COLOR_RGB2GRAY)
    steps = np.hypot(cv2.Sobel(light, cv2.CV_32F, 1, 0, scale=1 / 4), cv2.Sobel(light, cv2.CV_32F, 0, 1, scale=1 / 4))
    contrast = cv2.GaussianBlur(steps, (0, 0), 2.0)
    level, share = _fit(contrast.ravel(), loudness.ravel())
    return np.asarray(level + share * contrast, np.float32)


def _fit(contrast: AnyArray, loudness: AnyArray) -> tuple[float, float]:
    """(level, share) of a line through what is usual among pixels of little and of much contrast."""
    order = np.argsort(contrast)
    groups = np.array_split(order, 10)
    x = np.array([contrast[group].mean() for group in groups])
    y = np.array([np.quantile(loudness[group], _EDGE_QUANTILE) for group in groups])
    share, level = np.polyfit(x, y, 1)
    share = max(float(share), 0.0)
    return max(float(level) if share > 0 else float(np.median(y)), 0.0), share


def _clean(loud: Mask) -> Mask:
    """Drop specks, close pinholes, and let the edge fade; lines are long enough to stay, however thin."""
    speck = max(_SPECK * max(loud.shape), 1.0)
    closed = cv2.morphologyEx(loud, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5)))
    _, labels, found, _ = cv2.connectedComponentsWithStats((closed > 0.25).astype(np.uint8))
    is_kept = found[:, cv2.CC_STAT_AREA] >= speck * speck
    is_kept[0] = False
    return np.asarray(np.clip(cv2.GaussianBlur(closed * is_kept[labels].astype(np.float32), (0, 0), 1.0), 0, 1), np.float32)
