"""A colour of one face as it looks on another's skin, under even light.

Two rules say what that is, and neither is right alone. The *difference* of Lab keeps the contrast that one sees, but some of
the reference's light with it: the same lip beside the same skin differs less in a dim photo. The *ratio* to the skin, channel
by channel in linear light (von Kries' rule with the skin as its white), is rid of the light, but takes a pigment for a
filter: a red lip on fair skin would be black on deep skin. A colour lies between what the two say.

And two skins differ by more than their light. So far as one *is* deeper, paint that covers it has no part in that: it keeps its own colour,
and the ratio is raised to a power below 1. All of it as light made deep red lips on golden skin bubblegum pink on fair skin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kohl.color.adaptation import carry_by_ratio
from kohl.color.lab import lab_from_linear, linear_from_lab
from kohl.core.arrays import FloatArray
from kohl.core.ramps import ramp

_DARKEST_SHARE = 0.3
"""Of the skin's own L*: makeup that was black beside fair skin is not a hole in deep skin."""
_CHROMA_GIVEN = 0.2
"""Share of chroma that may be given up for lightness."""
_REDDER_THAN_NUDE = (4.0, 12.0)
"""a* beyond the skin's at which a colour begins to be more than nude, and surely is."""
_DARKEST, _LIGHTEST = 5e-4, 1.0
"""Linear light that a colour of makeup may have."""


@dataclass(frozen=True, slots=True)
class Carrying:
    """How a colour is carried, each in [0, 1]: how far `lightness` and `chroma` count as the ratio to the skin, and not as the difference from it;
    `skins_own`, how much of what lies between two skins is skin and not light, and `warmth`, how much of its a* and b* a nude colour keeps at least.
    """

    lightness: float
    chroma: float
    skins_own: float = 0.0
    warmth: float = 0.0


def colour_on_skin(colour: FloatArray, theirs: FloatArray, own: FloatArray, carrying: Carrying) -> FloatArray:
    """Linear colour (N, 3), about [0, 1], that `colour` (N, 3), Lab minus the Lab `theirs` (3,) of its own skin, has on skin `own` (3,), linear."""
    coldest = _coldest(colour, theirs, carrying.warmth)
    difference = lab_from_linear(_by_difference(colour, theirs, lab_from_linear(own), coldest))
    ratio = lab_from_linear(_by_ratio(colour, theirs, own, carrying.skins_own))
    ratio[..., 1:] = np.maximum(ratio[..., 1:], coldest)
    shares = np.array([carrying.lightness, carrying.chroma, carrying.chroma], np.float32)
    return np.asarray(np.clip(linear_from_lab(difference + shares * (ratio - difference)), _DARKEST, _LIGHTEST), np.float32)


def displayable(lab: FloatArray) -> FloatArray:
    """Linear colour (N, 3) in [0, 1] of `lab` (N, 3), with as little chroma taken away as the gamut asks: hue and lightness stay."""
    result = linear_from_lab(lab)
    open_ = np.flatnonzero(_is_out_of_gamut(result))
    for share in np.linspace(0.9, 0.0, 10, dtype=np.float32):
        if not open_.size:
            break
        result[open_] = linear_from_lab(lab[open_] * np.array([1, share, share], np.float32))
        open_ = open_[_is_out_of_gamut(result[open_])]
    return np.asarray(np.clip(result, 0, 1), np.float32)


def _by_ratio(colour: FloatArray, theirs: FloatArray, own: FloatArray, skins_own: float) -> FloatArray:
    other_light = carry_by_ratio(np.ones(3, np.float32), linear_from_lab(theirs), own) ** np.float32(1 - skins_own)
    return np.clip(linear_from_lab(theirs + colour) * other_light, _DARKEST, _LIGHTEST)


def _coldest(colour: FloatArray, theirs: FloatArray, warmth: float) -> FloatArray:
    """(N, 2) least a* and b*: grey on golden skin is no blue on rosy skin, so a colour may lose its warmth, not turn into the opposite. A nude one
    may not lose all of it, or it turns lavender there.
    """
    seen = (theirs + colour)[..., 1:]
    nude = ramp(colour[..., 1:2], _REDDER_THAN_NUDE[1], _REDDER_THAN_NUDE[0])
    return np.asarray(np.where(seen > 0, np.float32(warmth) * nude * seen, seen), np.float32)


def _by_difference(colour: FloatArray, theirs: FloatArray, skin: FloatArray, coldest: FloatArray) -> FloatArray:
    """The contrast with the skin (Lab, (3,)) stays. Where deep skin leaves no room below itself, colours that cannot be shown give
    way step by step: lightness rises towards the reference's own, and chroma drops a little; a red lip stays red on deep skin.
    """
    lowest = np.maximum(skin[0] + colour[..., 0], _DARKEST_SHARE * skin[0])
    highest = np.maximum(theirs[0] + colour[..., 0], lowest)
    chroma = np.maximum((skin + colour)[..., 1:], coldest)
    result = np.zeros_like(colour)
    open_ = np.arange(len(colour))
    for share in np.linspace(0.0, 1.0, 8, dtype=np.float32):
        lightness = lowest[open_] + (highest - lowest)[open_] * share
        tried = linear_from_lab(np.concatenate([lightness[:, None], chroma[open_] * (1 - _CHROMA_GIVEN * share)], -1))
        result[open_] = tried
        open_ = open_[_is_out_of_gamut(tried)]
        if not open_.size:
            break
    result[open_] = displayable(lab_from_linear(result[open_]))
    return np.asarray(np.clip(result, _DARKEST, _LIGHTEST), np.float32)


def _is_out_of_gamut(linear: FloatArray) -> npt.NDArray[np.bool_]:
    """(N,): whether a colour (N, 3) has less than none of a primary. What is too bright is only cut."""
    return np.asarray((linear < 0).any(-1))
