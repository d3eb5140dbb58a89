"""A pigment bent towards light or dark, vivid or muted, warm or cool; in OKLab, so that the hue stays what it was."""

from __future__ import annotations

import numpy as np

from kohl.color.oklab import linear_from_oklab, oklab_from_linear
from kohl.color.srgb import linear_from_srgb, srgb_from_linear
from kohl.looks.pigment import Pigment

_STEPS = np.linspace(1, 0, 65, dtype=np.float32)
_SLACK = 1e-4
_WASHING_OUT = 0.5


def bend(pigment: Pigment, *, lightness: float = 0.0, chroma: float = 1.0, warmth: float = 0.0) -> Pigment:
    """`pigment` in another shade.

    `lightness` in [-1, 1]: the share of the way to white (> 0) or to black (< 0), as if mixed with it; `chroma`: a factor >= 0; `warmth`: added
    to OKLab b, towards yellow (> 0) or blue (< 0), about 0.02 to be seen. A colour that the screen cannot show is made
    less vivid until it can.
    """
    level, green_red, blue_yellow = oklab_from_linear(linear_from_srgb(np.array(pigment.rgb))).tolist()
    bent = level + lightness * (1 - level if lightness > 0 else level)
    # White and black dilute a pigment: its chroma goes down with either.
    vividness = chroma * (1 - abs(lightness) * (_WASHING_OUT if lightness > 0 else 1.0))
    return _in_gamut(bent, green_red * vividness, blue_yellow * vividness + warmth)


def _in_gamut(level: float, green_red: float, blue_yellow: float) -> Pigment:
    """The most vivid colour of that lightness and hue that sRGB holds, up to the one asked for."""
    candidates = linear_from_oklab(np.stack([np.full_like(_STEPS, level), green_red * _STEPS, blue_yellow * _STEPS], axis=-1))
    fits = ((candidates >= -_SLACK) & (candidates <= 1 + _SLACK)).all(axis=-1)
    first = int(np.argmax(fits)) if fits.any() else len(_STEPS) - 1
    red, green, blue = srgb_from_linear(np.clip(candidates[first], 0, 1)).tolist()
    return Pigment.from_rgb((red, green, blue))
