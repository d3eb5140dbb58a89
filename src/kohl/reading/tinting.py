"""Blush, turned back into a tint for the one who will wear it.

Blush is sheer: skin shows through it with all its pores, freckles and wrinkles. So it is not the colour of a painted cheek that travels but the
ratio of it to a bare cheek's, both as they would be on the wearer's skin. What she has there already, a shade or a flush, stays below it.
"""

from __future__ import annotations

import numpy as np

from kohl.color.lab import lab_from_linear
from kohl.core.arrays import FloatArray
from kohl.core.medians import median
from kohl.reading.wearer import FEWEST, Pixels
from kohl.rendering.light import luminance

_SHEERER = 0.3
"""Power of the ratio of two skins' luminances by which a tint is less dense on the lighter one. One look's cheeks are foretold best on others with
twice of it, and too little of what a reference shows is left then.
"""
_MOST = 1.9
"""Times the thickness that was read that may be laid on where her cheeks show less of it; more is a blotch."""
_ROUNDS = 3
"""In which the thickness is corrected by what it gives."""


def density_on(own: FloatArray, theirs: FloatArray) -> np.float32:
    """The density that a tint has on skin `own` (3,), of what it had on `theirs` (3,), linear light: what shows on deep skin is loud on fair skin."""
    return np.float32(min(float(luminance(theirs)) / float(luminance(own)), 1.0) ** _SHEERER)


def tint_between(bare: FloatArray, painted: FloatArray, asked: FloatArray, pixels: Pixels) -> FloatArray:
    """Return the ratios (N, 3) of a tint that makes a cheek `painted` (N, 3) of a `bare` one (N, 3), linear light.

    Lab `asked` (N, 3) is what the photo should show there. The tint is thickened, up to `_MOST` times, until in the middle of the cheeks'
    `pixels` a* and b* have gone as far in its own direction: deep skin swallows more of the same blush.
    """
    ratio = painted / bare
    if len(pixels.at) < FEWEST:
        return ratio
    own = _chroma_of(pixels, np.ones((1, 3), np.float32))
    wanted = median(asked.take(pixels.at, axis=0)[:, 1:] - own)
    density, thickness = np.log(ratio.take(pixels.at, axis=0)), 1.0
    for _ in range(_ROUNDS):
        given = median(_chroma_of(pixels, np.exp(density * np.float32(thickness))) - own)
        along = float((wanted * given).sum() / max(float((given * given).sum()), 1e-6))
        thickness = float(np.clip(thickness * along, 1.0, _MOST))
    return np.asarray(ratio ** np.float32(thickness), np.float32)


def _chroma_of(pixels: Pixels, ratio: FloatArray) -> FloatArray:
    """a* and b* (M, 2) that the pixels show under a tint (M, 3)."""
    return lab_from_linear(pixels.albedo * ratio * pixels.factor + pixels.mirrored)[:, 1:]
