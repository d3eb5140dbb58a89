"""A picture in work: layers are laid on one after the other, and what no layer reached leaves as it came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from kohl.core.arrays import FloatArray, Image, Mask
from kohl.faces.face import Face

_CUT = 1 / 512
"""Cover below this could not change a value of 8 bits; it counts as none, so that soft masks end."""

Blend: TypeAlias = Callable[[FloatArray, FloatArray], FloatArray]
"""(pixels (N, 3) sRGB, cover (N, 1) in [0, 1]) → painted pixels (N, 3)."""


@dataclass(eq=False)
class Easel:
    """`pixels` (h, w, 3) of the face's window as painted so far, sRGB [0, 1]."""

    pixels: Image

    @classmethod
    def of(cls, image: Image, face: Face) -> Easel:
        """Put the window of `face` on the easel; `image` (H, W, 3) itself is never changed."""
        return cls(image[face.window_slices].copy())

    def lay(self, mask: Mask, blend: Blend) -> None:
        """Paint the pixels that `mask` (h, w) covers with `blend`; values beyond [0, 1] are clipped."""
        covered = mask > _CUT
        self.pixels[covered] = np.clip(blend(self.pixels[covered], mask[covered][:, None]), 0, 1)

    def finish(self, image: Image, face: Face) -> Image:
        """A copy of `image` (H, W, 3) with the painted window in it."""
        return face.with_window(image, self.pixels)
