"""The zones that reading speaks of, on the UV chart: where lips, lids, cheeks and bare skin are."""

from __future__ import annotations

import functools

import cv2
import numpy as np

from kohl.core.arrays import Mask
from kohl.faces import landmarks
from kohl.faces.contours import between, fill
from kohl.faces.topology import load_topology
from kohl.rendering.zones.eyes import eyeshadow_zone, orbit_zone
from kohl.rendering.zones.face import face_zone

SIDE = 512
LIPS, MOUTH, LIDS, CHEEKS, BARE, LOWER_LID, ORBIT = "lips", "mouth", "lids", "cheeks", "bare", "lower_lid", "orbit"
"""`MOUTH` is the lips and the opening between them. `ORBIT` holds the lids, and all up to the brow and towards the temple. `BARE` is where makeup
rarely is or changes little: forehead, nose, jaw, outer cheeks.
"""


@functools.lru_cache(maxsize=16)
def zone_mask(name: str, side: int = SIDE) -> Mask:
    """(side, side) soft mask of a zone, symmetric."""
    mask = np.clip(_SHAPES[name](), 0, 1)
    if side != SIDE:
        mask = cv2.resize(mask, (side, side), interpolation=cv2.INTER_AREA)
    mask = np.ascontiguousarray(mask, np.float32)
    mask.flags.writeable = False
    return mask


def without_hollows(mask: Mask, reach: float) -> Mask:
    """`mask` (S, S) with notches up to `reach` chart units wide filled: a brush leaves one rounded shape, where zones are made for measuring."""
    size = 2 * round(reach * len(mask)) + 1
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))), np.float32)


def _lips() -> Mask:
    chart = load_topology().chart * np.float32(SIDE)
    opening = fill(between(chart[landmarks.LIPS_UPPER_INNER], chart[landmarks.LIPS_LOWER_INNER]), (SIDE, SIDE))
    return _mouth() * (1 - opening)


def _mouth() -> Mask:
    chart = load_topology().chart * np.float32(SIDE)
    return fill(between(chart[landmarks.LIPS_UPPER_OUTER], chart[landmarks.LIPS_LOWER_OUTER]), (SIDE, SIDE))


def _lids() -> Mask:
    zones = [eyeshadow_zone("lid", "classic"), eyeshadow_zone("crease", "classic"), eyeshadow_zone("outer_v", "classic")]
    return _shrunk(np.maximum(np.maximum(zones[0], zones[1]), zones[2] * np.float32(0.9)))


def _lower_lid() -> Mask:
    return _shrunk(eyeshadow_zone("lower_lash", "classic"))


def _orbit() -> Mask:
    return _shrunk(orbit_zone())


def _cheeks() -> Mask:
    zones = np.maximum(face_zone("blush", "apples"), face_zone("blush", "draped") * np.float32(0.7))
    return np.asarray(cv2.resize(zones, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), np.float32)


def _bare() -> Mask:
    chart = load_topology().chart * np.float32(SIDE)
    face = fill(chart[landmarks.FACE_OVAL], (SIDE, SIDE))
    lips = _wide(_lips(), 0.03)
    eyes = _wide(np.maximum(_lids(), _lower_lid()), 0.03)
    bare: Mask = face * (1 - np.clip(lips * 1.5, 0, 1)) * (1 - np.clip(eyes * 1.6, 0, 1)) * np.clip(1 - 1.3 * _cheeks(), 0, 1)
    return bare


def _shrunk(mask: Mask) -> Mask:
    return np.asarray(cv2.resize(mask, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)


def _wide(mask: Mask, reach: float) -> Mask:
    """Grow a mask softly by `reach` chart units."""
    size = 2 * round(reach * SIDE / 2) + 1
    grown = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    return np.asarray(cv2.GaussianBlur(grown, (0, 0), reach * SIDE / 3), np.float32)


_SHAPES = {LIPS: _lips, MOUTH: _mouth, LIDS: _lids, CHEEKS: _cheeks, BARE: _bare, LOWER_LID: _lower_lid, ORBIT: _orbit}
