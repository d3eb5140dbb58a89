"""What the reader's networks look at: measured numbers, and of lips and lash lines small pictures, every pixel the same place on everybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from kohl.core.arrays import FloatArray
from kohl.reading.eye_patches import EyePatch
from kohl.reading.features import LIMIT, cheek_features, eye_features, line_features, lip_features
from kohl.reading.lines import lash_lines
from kohl.reading.lips import chroma
from kohl.reading.unrolled import Unrolled
from kohl.rendering.light import luminance

View = tuple[Sequence[FloatArray], FloatArray]
"""Pictures (H, W, C) of the same thing, and numbers (F,)."""
_LIPS = (slice(182, 238), slice(108, 212))
"""Rows and columns of the chart that show the lips and the skin around."""
_CHROMA = 2.0
"""How much more a step of chroma weighs in a picture than one of luminance: it varies less."""


def see(part: str, unrolled: Unrolled, eyes: Sequence[EyePatch]) -> View:
    """The view of a part of the face, one of `ANSWERS`."""
    return _VIEWS[part](unrolled, eyes)


def lip_picture(unrolled: Unrolled) -> FloatArray:
    """(56, 104, 5): lips and the skin around on the chart, and where skin and lips are seen."""
    return _picture(unrolled.ratio[_LIPS], unrolled.skin_seen[_LIPS], unrolled.lips_seen[_LIPS])


def line_picture(eye: EyePatch) -> FloatArray:
    """(42, 96, 5): the lash lines, straightened, the upper over the lower one, and where skin and eyeball show."""
    lines = lash_lines(eye)
    return _picture(lines[..., :3], lines[..., 3], lines[..., 4])


def _picture(ratio: FloatArray, *masks: FloatArray) -> FloatArray:
    """Log luminance, two log chromas, and masks of log ratios (H, W, 3)."""
    held = np.clip(ratio, -LIMIT, LIMIT)
    planes = [luminance(held)[..., None], _CHROMA * chroma(held), *(mask[..., None] for mask in masks)]
    return np.asarray(np.concatenate(planes, -1), np.float32)


_VIEWS: Mapping[str, Callable[[Unrolled, Sequence[EyePatch]], View]] = {
    "lips": lambda unrolled, _: ([lip_picture(unrolled)], lip_features(unrolled)),
    "eyes": lambda unrolled, eyes: ([], eye_features(unrolled, eyes)),
    "cheeks": lambda unrolled, _: ([], cheek_features(unrolled)),
    "lines": lambda unrolled, eyes: ([line_picture(eye) for eye in eyes], line_features(unrolled, eyes)),
}
