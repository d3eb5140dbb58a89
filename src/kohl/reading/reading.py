"""Reading: what a made-up photo says."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from kohl.core.region import Region
from kohl.looks.look import Look
from kohl.reading.as_shown import as_shown
from kohl.reading.film import ReadFilm
from kohl.reading.presence import PRODUCT_OF
from kohl.reading.texture import LazyTexture, SkinTexture


@dataclass(frozen=True, eq=False)
class Reading:
    """`look`: the products that were found, as a look a person can edit. `confidence`: product name → [0, 1], for every product
    that reading can tell, found or not. `film`: colour on the UV chart, for what layers cannot say. `texture`: the relief of
    the skin, laid on somebody else only when asked for. `is_sure`: whether it is certain where the face lies (`kohl.faces.face.Face.is_sure`).
    """

    look: Look
    confidence: Mapping[str, float]
    film: ReadFilm
    texture: SkinTexture | LazyTexture
    is_sure: bool = True

    @functools.cached_property
    def as_shown(self) -> Look:
        """The products of `look` in colours that give what the photo shows, to be put on others: see `kohl.reading.as_shown`."""
        return as_shown(self.look, self.film)

    def unnamed(self, region: Region) -> float:
        """How surely `region` wears a colour that the film carries and no product of the look explains, in [0, 1]."""
        if region not in PRODUCT_OF or any(layer.product == PRODUCT_OF[region] for layer in self.look.layers):
            return 0.0
        return float(self.film.presence[region].max()) if region in self.film.presence else 0.0
