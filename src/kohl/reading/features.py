"""The numbers that the reader's networks see: one vector per question, without holes, in the order that they were trained on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kohl.color.srgb import LUMINANCE
from kohl.core.arrays import FloatArray
from kohl.reading.bare import skin_depth
from kohl.reading.cheek_map import cheek_map
from kohl.reading.eye_map import eye_map, eye_white
from kohl.reading.eye_patches import EyePatch
from kohl.reading.lid_pigments import lid_pigments
from kohl.reading.lids import pan_colours, pan_pixels, pan_unevenness
from kohl.reading.lines import lower_strip, upper_strip
from kohl.reading.lips import chroma, measure_lips
from kohl.reading.places import BESIDE_CHEEKS, BESIDE_LIDS, CHEEK_PLACES, measure
from kohl.reading.unrolled import Unrolled

LIMIT = 3.0
"""Log ratios beyond this say nothing more."""


def lip_features(unrolled: Unrolled) -> FloatArray:
    """(F,) of the lips, against the skin around them."""
    lips = measure_lips(unrolled)
    around = measure(unrolled, ("around_lips",))[0]
    relative = lips.profile - np.nan_to_num(around)
    return _filled(chroma(relative), relative @ LUMINANCE, lips.unevenness, around, lips.typical, lips.shine, _skin(unrolled))


def eye_features(unrolled: Unrolled, eyes: Sequence[EyePatch]) -> FloatArray:
    """(F,) of the lids: every pan's zone, the skin beside the eyes, chroma along the lash lines, the map of the eyes, how even every
    pan's zone is, the white of the eyes, and pigments that would look so.
    """
    pixels = pan_pixels(eyes)
    pans, cells = pan_colours(pixels), eye_map(eyes)
    beside = measure(unrolled, BESIDE_LIDS)
    above = chroma(np.mean([upper_strip(eye) for eye in eyes], axis=0))[::2, ::3]
    below = chroma(np.mean([lower_strip(eye) for eye in eyes], axis=0))[::2, ::3]
    zones = (chroma(pans), pans @ LUMINANCE, chroma(beside), beside @ LUMINANCE, above, below, _skin(unrolled))
    pigments = lid_pigments(unrolled.skin, pans, cells)
    return _filled(*zones, chroma(cells), cells @ LUMINANCE, pan_unevenness(pixels), eye_white(eyes), pigments)


def line_features(unrolled: Unrolled, eyes: Sequence[EyePatch]) -> FloatArray:
    """(F,) of the skin and of how open the eyes are; lines themselves are looked at in pictures."""
    return _filled(_skin(unrolled), np.array([np.mean([eye.openness for eye in eyes])]))


def cheek_features(unrolled: Unrolled) -> FloatArray:
    """(F,) of the cheeks, of the skin that they are compared with, and of the map of both."""
    places, cells = measure(unrolled, (*CHEEK_PLACES, *BESIDE_CHEEKS)), cheek_map(unrolled)
    return _filled(chroma(places), places @ LUMINANCE, _skin(unrolled), chroma(cells), cells @ LUMINANCE)


def _skin(unrolled: Unrolled) -> FloatArray:
    return np.append(chroma(np.log(unrolled.skin)), np.float32(skin_depth(unrolled.skin)))


def _filled(*parts: FloatArray) -> FloatArray:
    """Join `parts`; what is hidden counts as 0, the person's own skin."""
    joined = np.concatenate([np.ravel(part) for part in parts])
    return np.asarray(np.clip(np.nan_to_num(joined), -LIMIT, LIMIT), np.float32)
