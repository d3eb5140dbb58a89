"""A pair, prepared for being varied many times."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kohl.color.lab import lab_from_srgb
from kohl.color.srgb import linear_from_srgb
from kohl.core.arrays import FloatArray, Image, LinearImage, Mask, Points3
from kohl.core.checks import check_image
from kohl.core.errors import UsageError
from kohl.core.ramps import ramp
from kohl.data.crops import FaceCrop
from kohl.faces.face import Face

_SPREAD = np.array([20.0, 6.0, 7.0], np.float32)
"""How far, in L*, a*, b*, skin lies from its own median: shadow and shine take L* further than hue."""
_GAP = 7
"""Pixels: holes in the skin up to so wide are closed."""
_LIP_SHARE = 0.7
"""How much of a change of skin lips go through."""


@dataclass(frozen=True, eq=False)
class Person:
    """`before` and `after` (S, S, 3) in linear light; `points` (478, 3) in pixels; `skin_area` (S, S) how much each pixel is skin, ears and neck
    as well; `skin` (3,) its median L* a* b*.
    """

    before: LinearImage
    after: LinearImage
    points: Points3
    skin_area: Mask
    skin: FloatArray

    @property
    def size(self) -> tuple[int, int]:
        """(h, w) of the crop."""
        return self.before.shape[0], self.before.shape[1]

    @classmethod
    def of(cls, crop: FaceCrop, after: Image) -> Person:
        """Prepare a pair: `crop` before makeup and `after`, (S, S, 3) float32 sRGB in [0, 1], aligned with it.

        Raises UsageError where `after` is no such array or of another size.
        """
        check_image(after, name="after")
        before = crop.pixels
        if after.shape != before.shape:
            raise UsageError(f"after must be of the crop's shape {before.shape}, got {after.shape}; cut both with one side")
        area, skin = _skin_of(before, crop.face())
        return cls(linear_from_srgb(before), linear_from_srgb(after), crop.points, area, skin)


def _skin_of(pixels: Image, face: Face) -> tuple[Mask, FloatArray]:
    """(where skin is, its median Lab): the face's own mask, and whatever has the same colour."""
    lab = lab_from_srgb(pixels)
    window = face.window_slices
    certain = face.masks.skin > 0.8
    skin = np.median(lab[window][certain], axis=0) if certain.any() else np.array([60, 14, 18], np.float32)
    distance = np.linalg.norm((cv2.GaussianBlur(lab, (0, 0), 1.5) - skin) / _SPREAD, axis=2)
    # Shine, moles and wrinkles are skin as well, whatever their colour.
    area = cv2.morphologyEx(ramp(distance, 2.0, 1.0), cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_GAP, _GAP)))
    masks = face.masks
    inside = np.maximum(masks.skin, _LIP_SHARE * masks.lips)
    covered = masks.eyes + masks.mouth + 0.8 * masks.brows
    area[window] = np.maximum(area[window], inside) * (1 - np.clip(covered, 0, 1))
    return np.asarray(cv2.GaussianBlur(area, (0, 0), 1.0), np.float32), np.asarray(skin, np.float32)
