"""Fitting: what a reference wears, turned back into films of pigment for the person who will wear it.

The films bring *this* skin, under *this* light, to the colour that the reference shows relative to her own skin.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from kohl.color.lab import lab_from_linear, linear_from_lab
from kohl.core.arrays import FloatArray, IntArray, Mask
from kohl.core.region import Region
from kohl.core.side_by_side import side_by_side
from kohl.reading.film import LIGHT_OUT, RIM, SMOOTH, ReadFilm, region_reach, region_zone
from kohl.reading.hidden import continue_hidden
from kohl.reading.on_skin import colour_on_skin, displayable
from kohl.reading.unrolled import SIDE, Unrolled
from kohl.rendering.canvas import Canvas
from kohl.rendering.chart_film import LIP_SHINE, ChartFilm
from kohl.rendering.film import LIGHTEST, film_exponents, reflect, solve_opaque
from kohl.rendering.light import luminance

COVERAGE = {Region.LIPS: 0.98, Region.EYES: 0.97, Region.CHEEKS: 0.96}
"""Coverage of the fitted films. Nearly opaque: a thinner film must be the complement of the skin below it, and shows so at its rim."""
_STEP = {Region.LIPS: 1, Region.EYES: 2, Region.CHEEKS: 4}
"""Chart points between those that are solved: a film is as smooth as what was read of it."""
_CORRECTION = {Region.LIPS: 15.0, Region.EYES: 5.0, Region.CHEEKS: 6.0}
"""Lab units that one round may add. Lips are one colour; elsewhere much more would be inventing one."""
_CORRECTIONS = 3
"""Rounds in which the film is corrected by what it gives on the wearer's own, uneven skin."""
_AS_RATIO = {Region.LIPS: 0.4, Region.EYES: 0.6, Region.CHEEKS: 0.25}
"""How far a colour is carried as its ratio to the skin (see `kohl.reading.on_skin`). Lips least: they must not blacken on deep skin."""
_LIP_SHADE = 0.4
"""How much of the shade around the mouth reaches the lips: much of it is stubble and chin, and lips stand out from it."""
_FEWEST, _MOST = 24, 6000
"""Pixels of a region that this correction needs, and that it looks at."""
_LOOKED_AT = 1024
"""Pixels along a window among which they are looked for."""
_WELL_WITHIN, _ZONE_CORE = 0.8, 0.6
"""Mask from which on a pixel lies well within the lips; the part of it that lids and cheeks, whose zones are softer, need."""


def fit_films(film: ReadFilm, canvas: Canvas, wearer: Unrolled) -> dict[Region, ChartFilm]:
    """Solve for the films that give the wearer the painted colours, relative to her own skin and in her own light."""
    worn = [region for region in film.painted if film.presence[region].max() > 0]
    if not worn:
        return {}
    ground = wearer.view.unroll(canvas.albedo), wearer.view.unroll(canvas.shading.shade)[..., None]
    fitted = side_by_side([functools.partial(_fit_region, film, region, canvas, wearer, ground) for region in worn])
    return dict(zip(worn, fitted, strict=True))


def _fit_region(film: ReadFilm, region: Region, canvas: Canvas, wearer: Unrolled, ground: tuple[FloatArray, FloatArray]) -> ChartFilm:
    """Solve one region's film, look at what it gives on this face, and correct what is left (a fixed-point iteration).

    `ground`: albedo (S, S, 3) and shade (S, S, 1) of the wearer on the chart.
    """
    reach, step = region_reach(region), _STEP[region]
    inside = np.flatnonzero((reach > RIM) & _every(step))
    seen = (wearer.lips_seen if region is Region.LIPS else wearer.skin_seen) * (reach > RIM)
    albedo, shade = (continue_hidden(part, seen, SMOOTH[region]).reshape(SIDE * SIDE, -1)[inside] for part in ground)
    factor = np.asarray(shade * canvas.shading.light.color, np.float32)
    coverage = np.full(len(inside), COVERAGE[region], np.float32)
    colour = film.painted[region].reshape(-1, 3)[inside]
    wanted = colour_on_skin(colour, film.skin, wearer.photo_skin, _AS_RATIO[region])
    wanted = wanted * _shade(wearer.even.ravel()[inside, None], region)
    asked = lab_from_linear(wanted)
    patch = _Patch.of(canvas, region, region_zone(region), inside)
    aim, opaque = asked, wanted
    for _ in range(_CORRECTIONS + 1):
        # Lips are all of one strong colour: what is out of gamut may be cut, and their chroma is worth the cut.
        shown = linear_from_lab(aim) if region is Region.LIPS else displayable(aim)
        opaque = solve_opaque(np.clip(albedo, 1e-3, 1), _reflectable(shown / np.maximum(factor, 1e-3)), coverage)
        if len(patch.at) < _FEWEST:
            break
        left = np.median(asked[patch.at] - lab_from_linear(patch.under(opaque, COVERAGE[region])), axis=0)
        aim = aim + np.clip(left, -_CORRECTION[region], _CORRECTION[region])
        aim[:, 0] = np.maximum(aim[:, 0], 1.0)
    painted = np.full((SIDE * SIDE, 3), 0.2, np.float32)
    painted[inside] = opaque
    solved = np.ascontiguousarray(painted.reshape(SIDE, SIDE, 3)[::step, ::step])
    smooth = np.asarray(cv2.resize(solved, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), np.float32)
    return ChartFilm(smooth, film.presence[region] * np.float32(COVERAGE[region]))


def _reflectable(reflectance: FloatArray) -> FloatArray:
    """(N, 3) within what a surface can reflect. In a seam too dark for its colour all channels give way, or red would turn to teal."""
    lowest = np.maximum(reflectance, 5e-4)
    return np.asarray(lowest * np.minimum(LIGHTEST / lowest.max(-1, keepdims=True), 1.0), np.float32)


def _shade(even: FloatArray, region: Region) -> FloatArray:
    """(N, 1) what the light on a region, `even` (N, 1), makes of its colour; its middle counts as far as `LIGHT_OUT` trusts it."""
    middle = np.median(even)
    if region is Region.LIPS:
        return np.asarray(np.minimum(even / middle, 1.0) ** _LIP_SHADE, np.float32)
    return np.asarray(even / middle * middle ** LIGHT_OUT[region], np.float32)


def _every(step: int) -> npt.NDArray[np.bool_]:
    """(S, S): true at every `step`-th row and column of the chart."""
    chosen = np.zeros((SIDE, SIDE), bool)
    chosen[::step, ::step] = True
    return chosen


@dataclass(frozen=True, eq=False)
class _Patch:
    """Some of a region's own pixels: `at` (N,) which chart point each shows, `albedo`, `factor` and `mirrored` (N, 3) of the canvas."""

    at: IntArray
    albedo: FloatArray
    factor: FloatArray
    mirrored: FloatArray

    @classmethod
    def of(cls, canvas: Canvas, region: Region, zone: Mask, inside: npt.NDArray[np.int64]) -> _Patch:
        field, shading = canvas.face.field, canvas.shading
        pixels = _pixels_of(canvas, region, zone)
        column, row = np.clip(field.uv.reshape(-1, 2)[pixels] * SIDE, 0, SIDE - 1).astype(np.int64).T
        order = np.full(SIDE * SIDE, -1, np.int32)
        order[inside] = np.arange(len(inside), dtype=np.int32)
        step = _STEP[region]
        at = order[(row - row % step) * SIDE + column - column % step]
        pixels, at = pixels[at >= 0], at[at >= 0]
        color = shading.light.color
        factor = shading.shade.ravel()[pixels, None] * color
        shine = LIP_SHINE if region is Region.LIPS else 1.0
        mirrored = shine * shading.highlight.ravel()[pixels, None] * (color / luminance(color))
        return cls(at, canvas.albedo.reshape(-1, 3)[pixels], np.asarray(factor, np.float32), np.asarray(mirrored, np.float32))

    def under(self, opaque: FloatArray, coverage: float) -> FloatArray:
        """What the photo shows (N, 3) with the film `opaque`, given per chart point, laid on at `coverage`."""
        film = opaque[self.at]
        amount = np.full(len(self.at), coverage, np.float32)
        return reflect(self.albedo, film, film_exponents(film), amount) * self.factor + self.mirrored


def _pixels_of(canvas: Canvas, region: Region, zone: Mask) -> npt.NDArray[np.intp]:
    """At most `_MOST` pixels of the window (flat) that lie well within a region; of a large window only every so manieth is looked at."""
    step = max(1, max(canvas.size) // _LOOKED_AT)
    grid = slice(None, None, step), slice(None, None, step)
    if region is Region.LIPS:
        within = canvas.face.masks.lips[grid] > _WELL_WITHIN
    else:
        uv = np.ascontiguousarray(canvas.face.field.uv[grid])
        at = uv * np.float32(len(zone)) - np.float32(0.5)
        sampled = cv2.remap(zone, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        within = sampled * canvas.skin_room[grid] > _WELL_WITHIN * _ZONE_CORE
    rows, columns = np.nonzero(within)
    pixels = rows * step * canvas.size[1] + columns * step
    return pixels[:: max(1, len(pixels) // _MOST)]
