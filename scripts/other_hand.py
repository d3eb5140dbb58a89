"""What a hand that is not kohl's has painted, told from the picture before and after: one knows no products of it, only which places changed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from by_eye import PRODUCTS
from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import Image, Mask
from kohl.faces.face import Face
from kohl.rendering.zones.eyes import eyeshadow_zone
from kohl.rendering.zones.face import face_zone

_LEAST, _MOST = 1.0, 5.0
"""ΔE2000, median over a place, up to which it counts as unpainted, and from which on as painted; between, nobody could say."""
_CORE = 0.5


def shown(before: Image, after: Image, face: Face) -> Mapping[str, float]:
    """By product, whether it was painted on `face` between two pictures (H, W, 3) sRGB: 1, 0, or NaN where one cannot tell.

    Blush is only ever denied: what changes cheeks may as well be contour or light. So is liner, where lids changed.
    """
    lips, lids, cheeks = (_change(before, after, face, mask) for mask in _places(face))
    told = {"lipstick": _told(lips), "eyeshadow": _told(lids), "blush": _denied(cheeks), "eyeliner": _denied(lids)}
    return {product: told[product] for product in PRODUCTS}


def _places(face: Face) -> tuple[Mask, Mask, Mask]:
    lids = face.field.sample(eyeshadow_zone("lid", "classic")) * face.masks.skin
    return face.masks.lips, lids, face.field.sample(face_zone("blush", "apples")) * face.masks.skin


def _change(before: Image, after: Image, face: Face, place: Mask) -> float:
    inside = place > _CORE * max(float(place.max()), _CORE)
    if not inside.any():
        return np.nan
    return float(np.median(delta_e2000(*(lab_from_srgb(picture[face.window_slices][inside]) for picture in (before, after)))))


def _told(change: float) -> float:
    return 0.0 if change < _LEAST else 1.0 if change > _MOST else np.nan


def _denied(change: float) -> float:
    return 0.0 if change < _LEAST else np.nan
