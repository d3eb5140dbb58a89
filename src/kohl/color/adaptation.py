"""A colour of makeup beside one skin, as it is beside another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kohl.color.srgb import LUMINANCE
from kohl.core.arrays import AnyArray, FloatArray
from kohl.core.region import Region

_DARKEST_SKIN = 2e-3
"""Linear light below which a channel of skin is noise."""


@dataclass(frozen=True, slots=True)
class SkinsOwn:
    """Of what lies between two skins, as two photos show them, the shares that have no part in makeup, each in [0, 1]: of how light they are, and of
    their hue. They are skin, which makeup covers; the rest is light, which falls on both, or skin that shows through.
    """

    lightness: float
    hue: float


_LIPSTICK, _ON_SKIN = SkinsOwn(0.5, 0.75), SkinsOwn(0.25, 0.25)


def skins_own(region: Region) -> SkinsOwn:
    """The shares for what is worn in a region: lipstick covers more than what is worn on skin.

    Chosen on the train split: by shares about these one look is foretold best on other people, and most surely told from others
    (`benchmarks/carrying.py`).
    """
    return _LIPSTICK if region is Region.LIPS else _ON_SKIN


def carry_to_skin(light: AnyArray, theirs: AnyArray, own: AnyArray, shares: SkinsOwn) -> FloatArray:
    """Linear `light` (..., 3) seen beside the skin `theirs` (3,), linear, as it is beside `own` (3,).

    Were all that lies between two skins light, the ratio to the skin would stay, channel by channel (von Kries' rule, with the skin as its white);
    were nothing, the colour. In between, the ratio of the skins is raised to a power below 1. Not cut: beside brighter skin it may be above 1.
    """
    theirs, own = (np.maximum(skin, _DARKEST_SKIN) for skin in (theirs, own))
    lighter = float(own @ LUMINANCE) / float(theirs @ LUMINANCE)
    hue = own / theirs / lighter
    return np.asarray(light * lighter ** (1 - shares.lightness) * hue ** np.float32(1 - shares.hue), np.float32)
