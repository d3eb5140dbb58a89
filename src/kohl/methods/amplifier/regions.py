"""The regions that confine styles: face, lips, eyes and brows, as soft masks on the picture. What makeup may change is their union."""

from __future__ import annotations

import functools

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Mask
from kohl.faces.face import Face
from kohl.methods.amplifier.config import REGIONS
from kohl.rendering.zones.eyes import ZONES, eyeshadow_zone

_WIDER = 0.05
"""Share of the eyes' distance by which lips and brows are widened: liner outside the lip, powder beside the brow."""
_LASHES = 0.16
"""The same around the eye openings: lashes and wings."""


def region_masks(face: Face) -> FloatArray:
    """(len(REGIONS), H, W) float32 in [0, 1], on the picture that `face` was found in, in the order of `REGIONS`.

    They share the face out: their sum is at most 1, and 0 where no makeup may be (beyond the face, under hair and glasses).
    """
    field, masks = face.field, face.masks
    around = _widened(masks.eyes, face.eye_distance * _LASHES)
    eyes = np.maximum(field.sample(_eye_zone()), around)
    lips, brows = _widened(masks.lips, face.eye_distance * _WIDER), _widened(masks.brows, face.eye_distance * _WIDER)
    allowed = np.maximum(field.facing, np.maximum(around, lips)) * masks.clear
    # Each takes its share of what those before it have left; the face is the rest.
    left = 1 - lips
    brows = brows * left
    left = left - brows
    eyes = eyes * left
    window = np.stack([left - eyes, lips, eyes, brows]) * allowed
    on_picture = np.zeros((len(REGIONS), *face.size), np.float32)
    on_picture[(slice(None), *face.window_slices)] = window
    return on_picture


def allowed_of(masks: FloatArray) -> FloatArray:
    """(H, W, 1) in [0, 1] of `region_masks`: how far makeup may change a pixel, in whichever region."""
    return np.asarray(masks.sum(axis=0)[..., None].clip(0, 1), np.float32)


@functools.cache
def _eye_zone() -> Mask:
    return np.ascontiguousarray(np.max([eyeshadow_zone(zone, "smoky") for zone in ZONES], axis=0))


def _widened(mask: Mask, reach: float) -> Mask:
    side = 2 * max(1, round(reach)) + 1
    grown = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    return np.asarray(np.clip(cv2.blur(grown, (side, side)), 0, 1), np.float32)
