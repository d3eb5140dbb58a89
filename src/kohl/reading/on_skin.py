"""A colour of one face as it looks on another's skin, under even light."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kohl.color.adaptation import carry_to_skin, skins_own
from kohl.color.lab import lab_from_linear, linear_from_lab
from kohl.core.arrays import FloatArray
from kohl.core.region import Region

_DARKEST, _LIGHTEST = 5e-4, 1.0
"""Linear light that a colour of makeup may have."""


def colour_on_skin(colour: FloatArray, theirs: FloatArray, own: FloatArray, region: Region) -> FloatArray:
    """Linear colour (N, 3), about [0, 1], that `colour` (N, 3) of a region, Lab minus the Lab `theirs` (3,) of its own skin, has on skin `own` (3,),
    linear.
    """
    seen = np.asarray(theirs + colour, np.float32)
    carried = lab_from_linear(np.clip(carry_to_skin(linear_from_lab(seen), linear_from_lab(theirs), own, skins_own(region)), _DARKEST, _LIGHTEST))
    # Grey on golden skin is no blue on rosy skin: a colour may lose its warmth, not turn into the opposite.
    carried[..., 1:] = np.maximum(carried[..., 1:], np.minimum(seen[..., 1:], 0))
    return np.asarray(np.clip(linear_from_lab(carried), _DARKEST, _LIGHTEST), np.float32)


def nearer_contrast(same: FloatArray, colour: FloatArray, own: FloatArray, most: float) -> FloatArray:
    """Linear colour (N, 3) no further than `most` units of Lab from `same` (N, 3), linear, which the makeup `colour` (N, 3), Lab minus the Lab of its
    own skin, would be on skin `own` (3,), linear: moved towards the one that differs from this skin by as much Lab as it did from its own.

    Never to a lighter one: on skin that is lighter than its own the same makeup stands out more than it did, and paled would be another product.
    """
    lab = lab_from_linear(same)
    left = lab_from_linear(own) + colour - lab
    step = left * np.minimum(1, most / np.maximum(np.linalg.norm(left, axis=-1, keepdims=True), 1e-6))
    step[..., 0] = np.minimum(step[..., 0], 0)
    return np.asarray(np.clip(linear_from_lab(lab + step), _DARKEST, _LIGHTEST), np.float32)


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


def _is_out_of_gamut(linear: FloatArray) -> npt.NDArray[np.bool_]:
    """(N,): whether a colour (N, 3) has less than none of a primary. What is too bright is only cut."""
    return np.asarray((linear < 0).any(-1))
