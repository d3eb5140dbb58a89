"""Other skins: along the locus on which human skin lies, from fair to deep."""

from __future__ import annotations

import numpy as np

from kohl.color.lab import linear_from_lab
from kohl.core.arrays import FloatArray, LinearImage, Mask
from kohl.data.variations.amounts import Amounts

_LOCUS_A = (-0.0077, 0.836, -9.0)
_LOCUS_B = (-0.0059, 0.767, -5.3)
"""a* and b* of skin as quadratics of its L*: least squares over the median skin of 54 synthetic and real faces of the train split, from L* 25 to 75
(scatter around them 4.8 and 4.9)."""
_RANGE = (28.0, 78.0)
"""L* that skin is varied within."""
_GAIN = (0.2, 1.9)
"""The least and the most by which linear light may be multiplied: beyond, noise and clipped shine show."""
_LIGHTEST = 1.2
"""Most of the skin's own change that goes through makeup brighter than the skin."""


def recolor(
    before: LinearImage, after: LinearImage, area: Mask, skin: FloatArray, rng: np.random.Generator, much: Amounts
) -> tuple[LinearImage, LinearImage]:
    """Give the wearer another skin; (before, after), (h, w, 3) linear light.

    Parameters
    ----------
    before, after
        (h, w, 3) linear light in [0, 1].
    area
        (h, w) where skin is.
    skin
        (3,) its median L* a* b*.
    rng, much
        As `draw_variation`; the new L* is drawn evenly between `deeper` and `lighter`.
    """
    low, high = max(float(skin[0]) - much.deeper, _RANGE[0]), min(float(skin[0]) + much.lighter, _RANGE[1])
    target = rng.uniform(min(low, float(skin[0])), max(high, float(skin[0])))
    gain = skin_gain(skin, target)
    changed = before * (1 + area[..., None] * (gain - 1))
    return np.clip(changed, 0, 1), transport(before, after, changed)


def skin_gain(skin: FloatArray, lightness: float) -> FloatArray:
    """(3,) by which linear light is multiplied to take skin of L* a* b* `skin` (3,) to L* `lightness`, in step with the locus."""
    moved = np.array([lightness, skin[1], skin[2]], np.float32)
    for axis, locus in ((1, _LOCUS_A), (2, _LOCUS_B)):
        moved[axis] += np.polyval(locus, lightness) - np.polyval(locus, float(skin[0]))
    old, new = linear_from_lab(np.stack([skin, moved]))
    return np.asarray(np.clip(np.maximum(new, 1e-3) / np.maximum(old, 1e-3), *_GAIN), np.float32)


def transport(before: LinearImage, after: LinearImage, changed: LinearImage) -> LinearImage:
    """The makeup of (before, after) on `changed`: the skin's change goes through it by the share of light that it lets through, after / before."""
    through = np.minimum(after / np.maximum(before, np.float32(1e-3)), np.float32(_LIGHTEST))
    return np.asarray(np.clip(after + through * (changed - before), 0, 1), np.float32)
