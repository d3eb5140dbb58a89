"""What a painter is."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from kohl.core.arrays import Image
from kohl.faces.face import Face


@runtime_checkable
class Painter(Protocol):
    """One artist with one fixed style. Stateless between calls."""

    name: str
    """The painter's name, as `kohl.data.painters.create` takes it."""

    def paint(self, image: Image, face: Face, seed: int = 0) -> Image:
        """Make up `face` and return a new picture.

        Parameters
        ----------
        image
            (H, W, 3) float32 sRGB in [0, 1], the picture that `face` was found in; left as it is.
        face
            Whom to paint.
        seed
            How the hand lays its bristles, lashes and glitter; the style is the same for all seeds.

        Returns
        -------
        (H, W, 3) float32 sRGB in [0, 1], bit for bit `image` outside the painter's own masks.
        """
        ...
