"""The hue of a finish: what gloss, sparkle or the lack of shine do to a region's mean colour must not turn its hue.

The photo's light is seldom neutral, and a film's mean hue is a mix of pigment, skin and light: more or less light turns it, by up to
8° on dark lids. The region is brought back by one gain a channel, a few per cent, on all that it shows, highlights
included, so that lightness, chroma and every difference within the region stay the finish's own.
"""

from __future__ import annotations

import numpy as np

from kohl.color.lab import chroma_hue, lab_from_chroma_hue, lab_from_linear, linear_from_lab
from kohl.core.arrays import FloatArray, LinearImage, Mask
from kohl.core.channels import times, to_channels
from kohl.rendering.canvas import Canvas, compress
from kohl.rendering.stencil import Numbers, Stencil

_FULLEST = 0.9
"""Share of a mask's highest coverage from which on a pixel counts: the rim is half skin."""
_GREY = 3.0
"""Chroma in Lab below which a hue says little: there the turn is taken back by less and less."""
_GAINS = (0.75, 1.33)
"""What a channel may be multiplied by."""
_UNSEEN = 5e-4
"""A gain so near to 1 changes no 8-bit pixel."""
_ROUNDS = 2
"""The gain works on light before it is brought into the photo's range; the second round finds what that took."""

_ENOUGH = 1 << 14
"""Pixels whose mean is as good as that of all."""


def core_of(stencil: Stencil) -> Numbers:
    """(M,) places in a stencil's list of the pixels that count for the hue: those where its mask is fullest, or enough of them."""
    core = np.flatnonzero(stencil.mask >= _FULLEST * stencil.mask.max())
    return core[:: -(-len(core) // _ENOUGH)]


class HueGuard:
    """Remembers the mean colour of a region under the finish it is compared with, and turns the finished region back to its hue."""

    def __init__(self, canvas: Canvas, stencil: Stencil, core: Stencil, satin: Mask) -> None:
        """Take the region as painted, before its finish, and the part of it at `core_of`. `satin`, a list (1, M) of that part's pixels: the
        light that a satin finish would add, in units of the photo's white.
        """
        self._canvas, self._stencil, self._core = canvas, stencil, core
        self._wanted = self._mean(canvas.shown(core) + times(to_channels(satin), canvas.shading.light.color))

    def turn_back(self) -> None:
        """Multiply what the region shows so that its mean has the remembered hue; lightness and chroma of the mean stay."""
        shown, share = self._canvas.shown(self._core), to_channels(self._core.mask)
        gain = np.ones(3, np.float32)
        for _ in range(_ROUNDS):
            own = self._mean(shown * (1 + times(share, gain - 1)))
            wanted = np.maximum(linear_from_lab(_with_hue_of(lab_from_linear(own), lab_from_linear(self._wanted))), 1e-4)
            gain = np.clip(gain * wanted / np.maximum(own, 1e-4), *_GAINS).astype(np.float32)
        if np.abs(gain - 1).max() > _UNSEEN:
            self._canvas.tint(self._stencil, gain)

    @staticmethod
    def _mean(shown: LinearImage) -> FloatArray:
        """(3,) mean of a list (1, N, 3) of linear light as the photo can show it."""
        return np.asarray(compress(shown).mean((0, 1), dtype=np.float64), np.float32)


def _with_hue_of(lab: FloatArray, other: FloatArray) -> FloatArray:
    """`lab` (3,) turned to the hue of `other` (3,); the greyer that is, the less."""
    (chroma, hue), (sure, wanted) = chroma_hue(lab), chroma_hue(other)
    turn = (float(wanted - hue) + 180) % 360 - 180
    return lab_from_chroma_hue(lab[0], chroma, hue + turn * min(1.0, float(sure) / _GREY))
