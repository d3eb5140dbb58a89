"""Skin tone on the ITA scale, the individual typology angle.

Chardon, Cretois, Hourseau: "Skin colour typology and suntanning pathways" (Int. J. Cosmetic Science 13, 1991).
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from kohl.core.arrays import AnyArray, FloatArray


class SkinTone(StrEnum):
    """The six classes of skin by ITA, from the lightest to the deepest."""

    VERY_LIGHT = "very light"
    LIGHT = "light"
    INTERMEDIATE = "intermediate"
    TAN = "tan"
    BROWN = "brown"
    DARK = "dark"


_LOWER_BOUNDS = ((55.0, SkinTone.VERY_LIGHT), (41.0, SkinTone.LIGHT), (28.0, SkinTone.INTERMEDIATE), (10.0, SkinTone.TAN), (-30.0, SkinTone.BROWN))


def ita_from_lab(lab: AnyArray) -> FloatArray:
    """The individual typology angle, arctan((L* - 50) / b*).

    `lab`: (..., 3) Lab under D65. Returns float32 (...), degrees; skin lies in about [-70, 80], lighter is higher. Where
    b* <= 0, which skin is not, the angle goes on beyond ±90 without a jump.
    """
    values = np.asarray(lab, dtype=np.float32)
    return np.asarray(np.degrees(np.arctan2(values[..., 0] - np.float32(50), values[..., 2].copy())), dtype=np.float32)


def ita_bin(ita: float) -> SkinTone:
    """The class of a skin whose ITA is `ita` degrees: above 55 very light, above 41 light, 28 intermediate, 10 tan, -30 brown, else dark."""
    return next((tone for bound, tone in _LOWER_BOUNDS if ita > bound), SkinTone.DARK)
