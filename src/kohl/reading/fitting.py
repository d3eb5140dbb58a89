"""Fitting: what a reference wears, turned back into films of pigment for the person who will wear it.

The films bring *this* skin, under *this* light, to the colour that the reference shows relative to her own skin; blush is a tint of it
(`kohl.reading.tinting`).
"""

from __future__ import annotations

import functools

import numpy as np

from kohl.color.lab import lab_from_linear, linear_from_lab
from kohl.core.arrays import FloatArray
from kohl.core.medians import median
from kohl.core.region import Region
from kohl.core.side_by_side import side_by_side
from kohl.reading.film import LIGHT_OUT, ReadFilm
from kohl.reading.on_skin import colour_on_skin, displayable, nearer_contrast
from kohl.reading.region_zones import beside_all_skin
from kohl.reading.tinting import density_on, tint_between
from kohl.reading.wearer import FEWEST, Ground, Wearer
from kohl.rendering.chart_film import ChartFilm, ChartTint
from kohl.rendering.film import LIGHTEST, solve_opaque
from kohl.rendering.light import luminance

COVERAGE = {Region.LIPS: 0.98, Region.EYES: 0.97}
"""Coverage of the fitted films. Nearly opaque: a thinner film must be the complement of the skin below it, and shows so at its rim."""
_CORRECTION = {Region.LIPS: 15.0, Region.EYES: 5.0}
"""Lab units that one round may add. Lips are one colour; elsewhere much more would be inventing one."""
_BLACKEST = 0.018
"""Least luminance that a film on lids reflects. No eyeshadow is blacker: where skin shining through asked for less, a red or a green was left that
showed in every highlight. It has the hue of what is asked for, or all that is dark would be black on deep skin.
"""
_CORRECTIONS = 3
"""Rounds in which the film is corrected by what it gives on the wearer's own, uneven skin."""
_CONTRAST = {Region.LIPS: 6.0, Region.EYES: 2.0}
"""Units of Lab by which a region's colour may leave what the same makeup would be, for what it is beside her skin to be nearer to the reference's.
With ten a plum went black on deep skin, and a brown magenta.
"""
_LIP_SHADE = 0.4
"""How much of the shade around the mouth reaches the lips: much of it is stubble and chin, and lips stand out from it."""
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
    on_her = colour_on_skin(ground.of_chart(film.painted[region]), film.skin, wearer.skin, region)
    if region is Region.CHEEKS:
        bare = colour_on_skin(ground.of_chart(film.bare[region]), film.skin, wearer.skin, region)
        on_her = bare * (on_her / bare) ** density_on(wearer.skin, linear_from_lab(film.skin))
        ratio = tint_between(bare, on_her, _asked(on_her, region, wearer), ground.pixels)
        return ChartTint(ground.on_chart(ratio, 1.0), film.presence[region])
    on_her = nearer_contrast(on_her, ground.of_chart(film.painted[region]), wearer.skin, _CONTRAST[region])
    opaque = ground.on_chart(_pigment_for(_asked(on_her, region, wearer), region, ground), 0.2)
    return ChartFilm(opaque, film.presence[region] * np.float32(COVERAGE[region]))


def _asked(on_her: FloatArray, region: Region, wearer: Wearer) -> FloatArray:
    """Lab (N, 3) that her photo should show of the colours `on_her` (N, 3), linear, of a region: in the light that falls there."""
    ground = wearer.grounds[region]
    beside_all = ground.of_chart(beside_all_skin(region)[..., None])
    lab = lab_from_linear(on_her * _shade(ground.even, region)) + wearer.of_light * (1 - beside_all)
    if region is Region.LIPS and len(ground.pixels.at):
        # Where her lips lie in shade they are darker than where they don't; as a whole they are as light as the makeup is.
        lab += median(lab_from_linear(on_her.take(ground.pixels.at, axis=0))) - median(lab.take(ground.pixels.at, axis=0))
    return np.asarray(lab, np.float32)


def _pigment_for(asked: FloatArray, region: Region, ground: Ground) -> FloatArray:
    """Solve one region's film (N, 3) for the Lab colours `asked` (N, 3), look at what it gives on this face, and correct what is left (a
    fixed-point iteration).
    """
    albedo, coverage = np.clip(ground.albedo, 1e-3, 1), np.full(len(ground.inside), COVERAGE[region], np.float32)

    def wanted_of(aim: FloatArray) -> FloatArray:
        # Lips are all of one strong colour: what is out of gamut may be cut, and their chroma is worth the cut.
        return _reflectable(linear_from_lab(aim) if region is Region.LIPS else displayable(aim), ground)

    def film_for(wanted: FloatArray) -> FloatArray:
        return np.maximum(_of_its_hue(solve_opaque(albedo, wanted, coverage), wanted), least)

    aim, wanted = asked, wanted_of(asked)
    # Lips are let be: what makes a red deep is what it lacks.
    least = np.float32(0) if region is Region.LIPS else np.float32(_BLACKEST) * wanted / luminance(wanted)[:, None]
    opaque = film_for(wanted)
    if len(ground.pixels.at) < FEWEST:
        return opaque
    middle = median(asked.take(ground.pixels.at, axis=0))
    for _ in range(_CORRECTIONS):
        left = middle - median(lab_from_linear(ground.pixels.under(opaque, COVERAGE[region])))
        aim = aim + np.clip(left, -_CORRECTION[region], _CORRECTION[region])
        aim[:, 0] = np.maximum(aim[:, 0], 1.0)
        opaque = film_for(wanted_of(aim))
    return opaque


def _reflectable(shown: FloatArray, ground: Ground) -> FloatArray:
    """Reflectance (N, 3) that is `shown` (N, 3), linear light, within what a surface can reflect. In a seam too dark for its colour all channels give
    way, or red would turn to teal.
    """
    lowest = np.maximum(shown / np.maximum(ground.factor, 1e-3), 5e-4)
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
