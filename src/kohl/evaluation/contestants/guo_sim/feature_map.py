"""How strongly each pixel of a face may be smoothed: not at all in eyes and mouth, fully on skin (Guo & Sim 2009, equation 4)."""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import Mask
from kohl.faces.face import Masks

_BROWS, _PARTS = 0.7, 1.0
"""k of the brows, and of the other parts; skin has 0."""


def smoothing_map(masks: Masks) -> Mask:
    """β (h, w) in [0, 1] = min over q of 1 - k(q) exp(-|q - p|² / 2σ²), with σ² = min(h, w) / 25; 1 is skin far from all features."""
    variance = min(masks.skin.shape) / 25
    parts = np.maximum(np.maximum(masks.eyes, masks.mouth), masks.lips)
    return np.minimum(_kept(masks.brows, _BROWS, variance), _kept(parts, _PARTS, variance))


def _kept(feature: Mask, share: float, variance: float) -> Mask:
    """1 - share at the feature, rising to 1 away from it: the nearest pixel of it decides."""
    away = (feature <= 0.5).astype(np.uint8)
    if away.all():
        return np.ones(feature.shape, np.float32)
    distance = cv2.distanceTransform(away, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(1 - share * np.exp(-(distance**2) / (2 * variance)), np.float32)
