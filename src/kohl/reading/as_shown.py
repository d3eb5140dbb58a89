"""A look in the colours that a photo shows, for putting it on somebody.

The networks say which pigment it most likely was, and of what they have not learnt they say the middle of all that they know: packed teal lids
become a thin brown veil. Here a pigment is the one whose film turns a bare face of this skin into what is seen. What shade, lashes and liner usually
add to lids is taken out; what they add beyond that counts as pigment, as it does for a film on the chart.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from kohl.color.lab import linear_from_lab
from kohl.color.srgb import srgb_from_linear
from kohl.core.arrays import FloatArray
from kohl.core.medians import median
from kohl.core.region import Region
from kohl.looks.layers import AnyLayer, Eyeshadow, Lipstick
from kohl.looks.look import Look
from kohl.looks.pigment import Pigment
from kohl.reading.film import ReadFilm
from kohl.reading.places import shrunk
from kohl.reading.unrolled import SIDE
from kohl.reading.zones import LIPS, zone_mask
from kohl.rendering.film import DARKEST, DEEPEST, LIGHTEST, solve_opaque
from kohl.rendering.zones.eyes import eyeshadow_zone

_LEAST_COVERAGE = {Region.LIPS: 0.8, Region.EYES: 0.9}
"""Coverage of such pigments, or more: a thinner film would have to be deeper than products are …"""
_THICKEST = 0.98
"""… and of those that are deeper than any film that skin shines through."""
_BESIDE_PIGMENT = np.array([8.0, 1.0, 2.5], np.float32)
"""Lab that shade, lashes, liner and the other pans take from the middle of a lid and a wearer has of her own: two thirds of what they take on faces
that kohl painted, where it is known.
"""
_LIGHTENED = 3.0
"""Times what was found that a pigment may reflect, for its hue to be left: no channel of a product's is darker than `DARKEST`."""
_CORE = 0.5
"""Share of a zone's highest mask from which on a point lies well within it."""


def as_shown(look: Look, film: ReadFilm) -> Look:
    """The products of `look`, its lipstick and eyeshadow in colours and coverages that give what `film`, read of the same photo, shows. Where the
    film says nothing of a region, its products stay as they are.
    """
    return look.with_layers(_recoloured(layer, film) for layer in look.layers)


def _recoloured(layer: AnyLayer, film: ReadFilm) -> AnyLayer:
    if isinstance(layer, Lipstick) and Region.LIPS in film.painted:
        return layer.model_copy(update=_fitted(film, Region.LIPS, LIPS, layer.coverage))
    if isinstance(layer, Eyeshadow) and Region.EYES in film.painted:
        pans = (pan.model_copy(update=_fitted(film, Region.EYES, pan.zone, pan.coverage)) for pan in layer.pans)
        return layer.model_copy(update={"pans": tuple(pans)})
    return layer


def _fitted(film: ReadFilm, region: Region, place: str, coverage: float) -> dict[str, Pigment | float]:
    """Pigment and coverage, at least `coverage`, of a film on a place that gives what is shown there."""
    inside = _core(place)
    beside = _BESIDE_PIGMENT if region is Region.EYES else np.zeros(3, np.float32)
    bare, shown = (film.skin + median(values[region][inside]) for values in (film.bare, film.painted))
    ground, painted = (_reflectance(colour, film) for colour in (bare, shown + beside))
    opaque, thick = _film_for(ground, painted, max(coverage, _LEAST_COVERAGE[region]))
    red, green, blue = (float(value) for value in srgb_from_linear(np.clip(opaque, 0, 1)))
    return {"pigment": Pigment.from_rgb((red, green, blue)), "coverage": thick}


def _film_for(ground: FloatArray, painted: FloatArray, coverage: float) -> tuple[FloatArray, float]:
    """Reflectance (3,) of a pigment that turns `ground` (1, 3) into `painted` (1, 3), and its coverage: `coverage`, if that is enough."""
    opaque, thick = solve_opaque(ground, painted, np.array([coverage], np.float32))[0], coverage
    if opaque.min() <= np.float32(DEEPEST):  # skin would have to shine through less
        opaque, thick = painted[0], max(coverage, _THICKEST)
    return opaque * np.clip(DARKEST / opaque.min(), 1, _LIGHTENED), thick


def _reflectance(lab: FloatArray, film: ReadFilm) -> FloatArray:
    """(1, 3) of what shows as `lab` (3,) in the photo's light."""
    return np.asarray(np.clip(linear_from_lab(lab) / film.light, 1e-3, LIGHTEST)[None], np.float32)


@functools.cache
def _core(place: str) -> npt.NDArray[np.bool_]:
    """(S, S): where the lips, or an eyeshadow's zone, are in full."""
    zone = zone_mask(LIPS, SIDE) if place == LIPS else shrunk(eyeshadow_zone(place, "classic"))
    return np.asarray(zone > _CORE * zone.max())
