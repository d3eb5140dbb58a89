"""A colour of makeup beside one skin, as it is beside another."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import AnyArray, FloatArray
from kohl.core.region import Region

_OPAQUE, _SHEER = 0.5, 0.25
_DARKEST_SKIN = 2e-3
"""Linear light below which a channel of skin is noise."""


def skins_own(region: Region) -> float:
    """Of what lies between two skins, as two photos show them, the share that has no part in a region's makeup: it is skin, which that covers. The
    rest is light, which falls on both, and skin that shows through; more through what is worn on skin than through lipstick.

    By these shares one look is foretold best on other people, and most surely told from others (`benchmarks/carrying.py`).
    """
    return _OPAQUE if region is Region.LIPS else _SHEER


def carry_to_skin(light: AnyArray, theirs: AnyArray, own: AnyArray, skins_own: float) -> FloatArray:
    """Linear `light` (..., 3) seen beside the skin `theirs` (3,), linear, as it is beside `own` (3,).

    With `skins_own` 0 all that lies between two skins is light: the ratio to the skin stays, channel by channel (von Kries' rule, with the skin as
    its white). With 1 nothing is, and the colour stays as it was. In between, the ratio of the skins is raised to a power below 1. Not cut: beside
    brighter skin it may be above 1.
    """
    ratio = np.maximum(own, _DARKEST_SKIN) / np.maximum(theirs, _DARKEST_SKIN)
    return np.asarray(light * ratio ** np.float32(1 - skins_own), np.float32)
