"""Fitting: what a reference wears, turned back into films of pigment for the person who will wear it.

The films bring *this* skin, under *this* light, to the colour that the reference shows relative to her own skin; blush is a tint of it
(`kohl.reading.tinting`).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import astuple

import numpy as np

from kohl.color.lab import lab_from_linear, linear_from_lab
from kohl.core.arrays import FloatArray
from kohl.core.medians import median
from kohl.core.ramps import ramp
from kohl.core.region import Region
from kohl.core.side_by_side import side_by_side
from kohl.reading.film import LIGHT_OUT, ReadFilm, beside_all_skin
from kohl.reading.on_skin import Carrying, colour_on_skin, displayable
from kohl.reading.tinting import tint_between
from kohl.reading.wearer import FEWEST, Ground, Wearer
from kohl.rendering.chart_film import ChartFilm, ChartTint
from kohl.rendering.film import LIGHTEST, solve_opaque
from kohl.rendering.light import luminance

COVERAGE = {Region.LIPS: 0.98, Region.EYES: 0.97}
"""Coverage of the fitted films. Nearly opaque: a thinner film must be the complement of the skin below it, and shows so at its rim."""
_CORRECTION = {Region.LIPS: 15.0, Region.EYES: 5.0}
"""Lab units that one round may add. Lips are one colour; elsewhere much more would be inventing one."""
_BLACKEST = {Region.LIPS: 5e-4, Region.EYES: 0.018}
"""Least reflectance of a film in any channel. Black eyeshadow reflects that much of every colour: where skin shining through asked for less, a red
or a green was left that showed in every highlight. Lips are let be: what makes a red deep is what it lacks.
"""
_CORRECTIONS = 3
"""Rounds in which the film is corrected by what it gives on the wearer's own, uneven skin."""
_LIGHTER = 20.0
"""L* between two skins."""
_CARRIED: Mapping[Region, tuple[Carrying, Carrying, Carrying]] = {
    Region.LIPS: (Carrying(0.3, 0.0, warmth=0.6), Carrying(0.5, 0.2, warmth=0.6), Carrying(0.8, 0.8, skins_own=0.3, warmth=0.6)),
    Region.EYES: (Carrying(0.7, 0.7), Carrying(0.8, 0.8), Carrying(0.8, 0.8)),
    Region.CHEEKS: (Carrying(0.25, 0.25),) * 3,
}
"""How a colour is carried (see `kohl.reading.on_skin`) to skin that is deeper than the reference's by `_LIGHTER`, as light, and as much lighter. On
deep skin lips must not blacken, and stay vivid; on fair skin equal contrast would fade a burgundy to mauve. Lids that are dark and cool turn blue
beyond this. Nude lips (`warmth`) keep some of their own colour, or they turn lavender on fair skin.
"""
_LIP_SHADE = 0.4
"""How much of the shade around the mouth reaches the lips: much of it is stubble and chin, and lips stand out from it."""
_THEIR_LIPS_LIT, _THEIR_LIGHT_OUT, _FAIRER = (1.5, 2.2), 0.4, (10.0, 20.0)
"""Times the light on her skin from which on a reference's lips may stand in another, and surely do; the power of it that is taken out where the
wearer is lighter, and from how many L* on a little and wholly. Carried to fair skin in that light a raspberry is bubblegum pink; on skin as deep
as hers it is what one sees.
"""
_LIPS_LIT, _LIGHT_ON_LIPS = (1.8, 2.6), 0.75
"""Times the light on her skin as a whole from which on lips may stand in another, and surely do: a shaded face with a lit mouth. The power of
that light which near-black lips then stand in.
"""
_NEAR_BLACK = 0.03
"""Luminance, that of L* 20, below which they count as near-black, and up to which they are lit."""
_LIDS_LIGHT = 0.5
"""How much of what her own light changes across the lids reaches their colour: there it is continued from bare skin, and hoods lie in shade
that the lids' film must not double.
"""


def fit_films(film: ReadFilm, wearer: Wearer) -> dict[Region, ChartFilm | ChartTint]:
    """Solve for the films that give the wearer the painted colours, relative to her own skin and in her own light."""
    worn = [region for region in film.painted if film.presence[region].max() > 0]
    fitted = side_by_side([functools.partial(_fit_region, film, region, wearer) for region in worn])
    return dict(zip(worn, fitted, strict=True))


def _fit_region(film: ReadFilm, region: Region, wearer: Wearer) -> ChartFilm | ChartTint:
    ground = wearer.grounds[region]
    colour = film.painted[region].reshape(-1, 3).take(ground.inside, axis=0)
    carrying = _carrying(region, film.skin, wearer.skin)
    on_her = colour_on_skin(colour, film.skin, wearer.skin, carrying)
    wanted = on_her * _shade(ground.even, region)
    if region is Region.LIPS:
        wanted = wanted * _out_of_their_light(film, wearer.skin) * _light_on_lips(wanted, ground.even)
    beside_all = beside_all_skin(region).reshape(-1, 1).take(ground.inside, axis=0)
    asked = np.asarray(lab_from_linear(wanted) + wearer.of_light * (1 - beside_all), np.float32)
    if region is Region.CHEEKS:
        bare = film.bare[region].reshape(-1, 3).take(ground.inside, axis=0)
        ratio = tint_between(colour_on_skin(bare, film.skin, wearer.skin, carrying), on_her, asked, ground.pixels)
        return ChartTint(ground.on_chart(ratio, 1.0), film.presence[region])
    opaque = ground.on_chart(_pigment_for(asked, region, ground), 0.2)
    return ChartFilm(opaque, film.presence[region] * np.float32(COVERAGE[region]))


def _pigment_for(asked: FloatArray, region: Region, ground: Ground) -> FloatArray:
    """Solve one region's film (N, 3) for the Lab colours `asked` (N, 3), look at what it gives on this face, and correct what is left (a
    fixed-point iteration).
    """
    coverage = np.full(len(ground.inside), COVERAGE[region], np.float32)
    aim, opaque = asked, linear_from_lab(asked)
    for _ in range(_CORRECTIONS + 1):
        # Lips are all of one strong colour: what is out of gamut may be cut, and their chroma is worth the cut.
        shown = linear_from_lab(aim) if region is Region.LIPS else displayable(aim)
        wanted = _reflectable(shown / np.maximum(ground.factor, 1e-3))
        film_alone = _of_its_hue(solve_opaque(np.clip(ground.albedo, 1e-3, 1), wanted, coverage), wanted)
        opaque = np.maximum(film_alone, np.float32(_BLACKEST[region]))
        if len(ground.pixels.at) < FEWEST:
            break
        left = median(asked.take(ground.pixels.at, axis=0) - lab_from_linear(ground.pixels.under(opaque, COVERAGE[region])))
        aim = aim + np.clip(left, -_CORRECTION[region], _CORRECTION[region])
        aim[:, 0] = np.maximum(aim[:, 0], 1.0)
    return opaque


def _carrying(region: Region, theirs: FloatArray, own: FloatArray) -> Carrying:
    """How a colour of `region` is carried from skin `theirs` (3,), Lab, to skin `own` (3,), linear light."""
    lighter = float(_lightening(theirs, own)) / _LIGHTER
    at_points = np.array([astuple(carrying) for carrying in _CARRIED[region]])
    return Carrying(*(float(np.interp(lighter, (-1, 0, 1), values)) for values in at_points.T))


def _reflectable(reflectance: FloatArray) -> FloatArray:
    """(N, 3) within what a surface can reflect. In a seam too dark for its colour all channels give way, or red would turn to teal."""
    lowest = np.maximum(reflectance, 5e-4)
    return np.asarray(lowest * np.minimum(LIGHTEST / lowest.max(-1, keepdims=True), 1.0), np.float32)


def _of_its_hue(opaque: FloatArray, wanted: FloatArray) -> FloatArray:
    """Pigments (N, 3) of which the channel that is strongest in the colour `wanted` (N, 3) is no weaker than another. A near-black plum over a vivid
    ground has to take all of its red away; what is left of the pigment then is blue, and shows in every crease that is paler than the ground.
    """
    strongest = wanted >= wanted.max(-1, keepdims=True)
    return np.where(strongest, np.maximum(opaque, opaque.max(-1, keepdims=True)), opaque)


def _shade(even: FloatArray, region: Region) -> FloatArray:
    """(N, 1) what the light on a region, `even` (N, 1), makes of its colour; its middle counts as far as `LIGHT_OUT` trusts it."""
    middle = float(median(even[:, 0]))
    across = even / middle
    if region is Region.LIPS:
        return np.asarray(np.minimum(across, 1.0) ** _LIP_SHADE, np.float32)
    if region is Region.EYES:
        across = across**_LIDS_LIGHT
    return np.asarray(across * middle ** LIGHT_OUT[region], np.float32)


def _out_of_their_light(film: ReadFilm, own: FloatArray) -> np.float32:
    """How much darker lips are painted on skin `own` (3,), linear, than the reference's show in a light that her face does not share."""
    lit = ramp(np.float32(film.lips_light), *_THEIR_LIPS_LIT) * ramp(_lightening(film.skin, own), *_FAIRER)
    return np.float32(max(film.lips_light, 1.0) ** (-_THEIR_LIGHT_OUT * float(lit)))


def _lightening(theirs: FloatArray, own: FloatArray) -> np.float32:
    """L* by which skin `own` (3,), linear, is lighter than `theirs` (3,), Lab."""
    return np.float32(lab_from_linear(own)[0] - theirs[0])


def _light_on_lips(wanted: FloatArray, even: FloatArray) -> np.float32:
    """How much brighter lips of the colours `wanted` (N, 3), linear, are painted for the light `even` (N, 1) on them: 1 where it is her face's."""
    middle = float(median(even[:, 0]))
    lit = middle ** (_LIGHT_ON_LIPS * float(ramp(np.float32(middle), *_LIPS_LIT)))
    return np.float32(max(1.0, min(lit, _NEAR_BLACK / max(float(median(luminance(wanted))), 1e-4))))
