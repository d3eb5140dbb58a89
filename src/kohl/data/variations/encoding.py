"""Linear light → sRGB by table: a training picture a few milliseconds sooner."""

from __future__ import annotations

import cv2
import numpy as np

from kohl.color.srgb import srgb_from_linear
from kohl.core.arrays import FloatArray, Image, LinearImage

_STEPS = 4096
_TABLE: FloatArray = srgb_from_linear((np.arange(_STEPS + 1, dtype=np.float32) / _STEPS) ** 2)
"""By the root of linear light, where sRGB is all but straight: the table's error stays under 1/4096."""


def encode(linear: LinearImage) -> Image:
    """(h, w, 3) float32 sRGB of linear light, both clipped to [0, 1]; within 0.0005 of the exact curve."""
    roots = cv2.sqrt(np.clip(linear, 0, 1))
    return np.asarray(_TABLE[(roots * _STEPS + 0.5).astype(np.int32)], np.float32)
