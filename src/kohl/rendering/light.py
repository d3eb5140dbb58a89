"""The photo's own light: how strong, what colour, from where. Estimated, never asked for."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kohl.color.srgb import LUMINANCE
from kohl.core.arrays import FloatArray, LinearImage, Mask
from kohl.core.medians import median
from kohl.core.products import gram

_DIMMEST, _BRIGHTEST = 0.22, 1.4
"""Below the first the photo is taken as a dark scene, not as an underexposed one; beyond the second as burnt out."""
_FAIREST = 0.5
"""Luminance that the fairest skin reflects: a photo whose skin is brighter was exposed for it."""
_TRUST_IN_EYE_WHITE = 0.5
"""An eye white is bluish or bloodshot as often as it is white: follow it half the way."""


@dataclass(frozen=True, eq=False)
class Light:
    """`color` (3,) linear: what a white surface facing the light would show in the photo. `direction` (3,) unit vector
    towards the light; x right, y down, z towards the viewer.
    """

    color: FloatArray
    direction: FloatArray

    @property
    def white(self) -> FloatArray:
        """(3,) the colour of the light alone: `color` at luminance 1."""
        return np.asarray(self.color / luminance(self.color), np.float32)


def luminance(linear: LinearImage) -> Mask:
    """CIE Y of linear RGB (..., 3)."""
    if linear.ndim in (2, 3) and linear.dtype == np.float32 and linear.size:
        # Several times faster on whole windows, and no BLAS.
        return np.asarray(cv2.transform(linear.reshape(-1, *linear.shape[-2:]), LUMINANCE[None]), np.float32).reshape(linear.shape[:-1])
    return np.asarray(linear @ LUMINANCE, np.float32)


def estimate_light(linear: LinearImage, skin: Mask, eyes: Mask, normals: FloatArray) -> Light:
    """Estimate the light on a face from its window.

    linear (h, w, 3) linear light; skin and eyes (h, w) masks; normals (h, w, 3). Coarse copies are enough.
    """
    bright = luminance(linear)
    return Light(_strength(bright, skin) * _tint(linear, bright, eyes), _direction(bright, skin, normals))


def _strength(bright: Mask, skin: Mask) -> float:
    """The luminance of white: the brightest parts of the window, and never so low that skin becomes paper."""
    on_skin = bright[skin > 0.5]
    typical = float(median(on_skin)) if on_skin.size else 0.4
    return float(np.clip(max(float(np.percentile(bright, 99.5)), typical / _FAIREST), _DIMMEST, _BRIGHTEST))


def _tint(linear: LinearImage, bright: Mask, eyes: Mask) -> FloatArray:
    """Colour of the light at luminance 1, from the eye whites; neutral when none can be seen."""
    inside = eyes > 0.8
    if inside.sum() < 24:
        return np.ones(3, np.float32)
    white = linear[inside][bright[inside] >= np.percentile(bright[inside], 70)].mean(0)
    tint = np.clip(white / max(float(luminance(white)), 1e-4), 0.75, 1.3) ** _TRUST_IN_EYE_WHITE
    return np.asarray(tint / luminance(tint), np.float32)


def _direction(bright: Mask, skin: Mask, normals: FloatArray) -> FloatArray:
    """Fit luminance = ambient + d · normal on the skin (Lambert) and return d's direction, never from behind."""
    inside = skin > 0.7
    if inside.sum() < 64:
        return np.array([0, -0.5, 0.866], np.float32)
    design = np.concatenate([normals[inside], np.ones((int(inside.sum()), 1), np.float32)], 1)
    weights = np.linalg.lstsq(gram(design, design) + np.eye(4) * len(design) * 1e-3, gram(design, bright[inside]), rcond=None)[0]
    direction = weights[:3] + np.array([0, -0.02, 0.05])
    direction[2] = max(direction[2], 0.3 * np.linalg.norm(direction[:2]), 1e-3)
    return np.asarray(direction / np.linalg.norm(direction), np.float32)
