"""Colour difference CIEDE2000.

Sharma, Wu, Dalal: "The CIEDE2000 color-difference formula: implementation notes, supplementary test data, and
mathematical observations" (Color Research and Application 30, 2005); the numbers in comments are its equations.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from kohl.core.arrays import AnyArray

_Values = npt.NDArray[np.floating[Any]]
_CHROMA_PIVOT = 25.0**7
# A hair over 180 degrees, so that rounding does not decide which way round exactly opposite hues go.
_HALF_TURN = 180 + 1e-9


def delta_e2000(lab1: AnyArray, lab2: AnyArray) -> _Values:
    """CIEDE2000 between two arrays of Lab colours, with kL = kC = kH = 1.

    `lab1`, `lab2`: (..., 3) Lab under D65, shapes that broadcast. Returns an array of shape (...), >= 0; 1 is about the
    smallest difference that is seen side by side. Computed in the inputs' own precision: float32 stays within 0.002.
    """
    first, second = (_planes(lab) for lab in (lab1, lab2))
    stretch = 1 + _green_red_gain((np.hypot(first[1], first[2]) + np.hypot(second[1], second[2])) / 2)  # (4)
    chroma1, hue1 = _polar(first[1] * stretch, first[2])  # (5)-(7)
    chroma2, hue2 = _polar(second[1] * stretch, second[2])
    is_grey = chroma1 * chroma2 == 0
    turn = _shortest_turn(hue1, hue2, is_grey)
    mean_lightness, mean_chroma = (first[0] + second[0]) / 2, (chroma1 + chroma2) / 2
    mean_hue = _mean_hue(hue1, hue2, is_grey)
    chord = 2 * np.sqrt(chroma1 * chroma2) * np.sin(np.radians(turn) / 2)  # (11)
    light = (second[0] - first[0]) / _lightness_weight(mean_lightness)
    colour = (chroma2 - chroma1) / (1 + 0.045 * mean_chroma)  # (20)
    around = chord / (1 + 0.015 * mean_chroma * _hue_term(mean_hue))  # (21)
    cross = _rotation(mean_chroma, mean_hue) * colour * around
    # The rotation term may push a sum near zero below it by rounding.
    return np.asarray(np.sqrt(np.maximum(light * light + colour * colour + around * around + cross, 0)))  # (22)


def _planes(lab: AnyArray) -> tuple[_Values, _Values, _Values]:
    """The planes L*, a*, b*; integers become float64.

    Each is a block of its own: numpy's arctan2 rounds a strided array now one way, now the other, as its vector and its scalar
    loop take turns by where the memory lies, and a colour would differ from itself.
    """
    values = np.asarray(lab)
    if not np.issubdtype(values.dtype, np.floating):
        values = values.astype(np.float64)
    return values[..., 0].copy(), values[..., 1].copy(), values[..., 2].copy()


def _green_red_gain(mean_chroma: _Values) -> _Values:
    """G of equation (4)."""
    seventh = mean_chroma**7
    return np.asarray(0.5 * (1 - np.sqrt(seventh / (seventh + _CHROMA_PIVOT))))


def _polar(across: _Values, along: _Values) -> tuple[_Values, _Values]:
    """Chroma and hue in degrees, [0, 360); the hue of a grey is 0."""
    hue = np.degrees(np.arctan2(along, across))
    return np.hypot(across, along), np.where(hue < 0, hue + 360, hue)


def _shortest_turn(hue1: _Values, hue2: _Values, is_grey: npt.NDArray[np.bool_]) -> _Values:
    """Hue difference the short way round, degrees, equation (10)."""
    turn = hue2 - hue1
    turn = np.where(turn > _HALF_TURN, turn - 360, np.where(turn < -_HALF_TURN, turn + 360, turn))
    return np.where(is_grey, 0, turn)


def _mean_hue(hue1: _Values, hue2: _Values, is_grey: npt.NDArray[np.bool_]) -> _Values:
    """Mean hue the short way round, degrees, equation (14)."""
    total = hue1 + hue2
    is_apart = np.abs(hue1 - hue2) > _HALF_TURN
    wrapped = np.where(total < 360, total + 360, total - 360) / 2
    return np.where(is_grey, total, np.where(is_apart, wrapped, total / 2))


def _lightness_weight(mean_lightness: _Values) -> _Values:
    """S_L, equation (19)."""
    offset = (mean_lightness - 50) ** 2
    return np.asarray(1 + 0.015 * offset / np.sqrt(20 + offset))


def _hue_term(mean_hue: _Values) -> _Values:
    """T, equation (15)."""
    angle = np.radians(mean_hue)
    tilt, shift, turn = math.radians(30), math.radians(6), math.radians(63)
    return np.asarray(1 - 0.17 * np.cos(angle - tilt) + 0.24 * np.cos(2 * angle) + 0.32 * np.cos(3 * angle + shift) - 0.20 * np.cos(4 * angle - turn))


def _rotation(mean_chroma: _Values, mean_hue: _Values) -> _Values:
    """R_T, the tilt of the ellipses in the blue, equations (16)-(18)."""
    seventh = mean_chroma**7
    angle = 60 * np.exp(-(((mean_hue - 275) / 25) ** 2))
    return np.asarray(-2 * np.sin(np.radians(angle)) * np.sqrt(seventh / (seventh + _CHROMA_PIVOT)))
