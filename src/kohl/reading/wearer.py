"""The one who will wear it: what lies under each region's film, point by point on the chart, and in some of the region's own pixels.

Nothing here depends on the reference, so it can be had while that is still being read.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from kohl.color.lab import linear_from_lab
from kohl.core.arrays import FloatArray, IntArray, Mask
from kohl.core.region import Region
from kohl.core.side_by_side import side_by_side
from kohl.reading.film import seen_skin
from kohl.reading.hidden import continue_hidden
from kohl.reading.region_zones import RIM, SMOOTH, region_cover, region_reach, region_zone, seen_within
from kohl.reading.unrolled import SIDE, Unrolled
from kohl.reading.zones import LIDS, zone_mask
from kohl.rendering.canvas import Canvas
from kohl.rendering.chart_film import SHINE
from kohl.rendering.film import film_exponents, reflect
from kohl.rendering.light import luminance

STEP = {Region.LIPS: 1, Region.EYES: 2, Region.CHEEKS: 4}
"""Chart points between those that are solved: a film is as smooth as what was read of it."""
FEWEST = 24
"""Pixels of a region from which on what a film gives on them can be looked at."""
_MOST = 6000
"""Pixels of a region that are looked at."""
_LOOKED_AT = 320
"""Pixels along a window among which they are looked for."""
_WELL_WITHIN, _ZONE_CORE = 0.8, 0.6
"""Mask from which on a pixel lies well within the lips; the part of it that lids and cheeks, whose zones are softer, need."""


@dataclass(frozen=True, eq=False)
class Ground:
    """Under one region's film: of its chart points `inside` (N,), `albedo` (N, 3), `factor` (N, 3) by which the photo shows a reflectance
    there, and `even` (N, 1) illumination; and some of its pixels.
    """

    inside: IntArray
    albedo: FloatArray
    factor: FloatArray
    even: FloatArray
    pixels: Pixels
    step: int
    """Chart points between those that are `inside`."""

    def of_chart(self, values: FloatArray) -> FloatArray:
        """(N, C) of `values` (S, S, C), at the points `inside`."""
        return values.reshape(-1, values.shape[-1]).take(self.inside, axis=0)

    def on_chart(self, values: FloatArray, elsewhere: float) -> FloatArray:
        """(S, S, 3) of `values` (N, 3) at the points `inside`, smooth between them, and `elsewhere` in all other places."""
        chart = np.full((SIDE * SIDE, 3), elsewhere, np.float32)
        chart[self.inside] = values
        solved = np.ascontiguousarray(chart.reshape(SIDE, SIDE, 3)[:: self.step, :: self.step])
        return np.asarray(cv2.resize(solved, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), np.float32)


@dataclass(frozen=True, eq=False)
class Wearer:
    """`skin` (3,) linear, as one sees it; `of_light` (3,) Lab that the light's own hue adds to it; the ground of every region that films are
    read of.
    """

    skin: FloatArray
    of_light: FloatArray
    grounds: Mapping[Region, Ground]

    @classmethod
    def of(cls, canvas: Canvas, unrolled: Unrolled) -> Wearer:
        """Look at the face on `canvas` as it is now; `unrolled` is the same face."""
        on_chart = np.asarray(cv2.merge([unrolled.view.unroll(canvas.albedo), unrolled.view.unroll(canvas.shading.shade)]), np.float32)
        grounds = side_by_side([functools.partial(_ground_of, region, canvas, unrolled, on_chart) for region in SMOOTH])
        skin, of_light = seen_skin(unrolled)
        return cls(linear_from_lab(skin), of_light, dict(zip(SMOOTH, grounds, strict=True)))


@dataclass(frozen=True, eq=False)
class Pixels:
    """Some of a region's own pixels: `at` (M,) which of the ground's points each shows; `albedo`, `factor` and `mirrored` (M, 3) of the canvas;
    how far a film that is there for sure `covers` (M,) each, and the share of each, `area` (M, 1), that it may lie on.
    """

    at: IntArray
    albedo: FloatArray
    factor: FloatArray
    mirrored: FloatArray
    covers: FloatArray
    area: FloatArray

    @classmethod
    def of(cls, canvas: Canvas, region: Region, inside: IntArray) -> Pixels:
        """Choose pixels well within the region."""
        field, shading, step = canvas.face.field, canvas.shading, STEP[region]
        pixels = _pixels_of(canvas, region)
        column, row = np.clip(field.uv.reshape(-1, 2).take(pixels, axis=0) * SIDE, 0, SIDE - 1).astype(np.int64).T
        order = np.full(SIDE * SIDE, -1, np.int32)
        order[inside] = np.arange(len(inside), dtype=np.int32)
        at = order[(row - row % step) * SIDE + column - column % step]
        pixels, at = pixels[at >= 0], at[at >= 0]
        color = shading.light.color
        factor = shading.shade.ravel()[pixels, None] * color
        shine = SHINE.get(region, 1.0)
        mirrored = shine * shading.highlight.ravel()[pixels, None] * (color / luminance(color))
        covers = region_cover(region, SIDE).ravel().take(inside).take(at)
        area = canvas.face.masks.lips.ravel()[pixels, None] if region is Region.LIPS else np.ones((len(pixels), 1), np.float32)
        albedo = canvas.albedo.reshape(-1, 3).take(pixels, axis=0)
        return cls(at, albedo, np.asarray(factor, np.float32), np.asarray(mirrored, np.float32), covers, area)

    def under(self, opaque: FloatArray, coverage: float) -> FloatArray:
        """What the photo shows (M, 3) with the film `opaque`, given per point of the ground, laid on at `coverage`."""
        film = opaque.take(self.at, axis=0)
        painted = reflect(self.albedo, film, film_exponents(film), coverage * self.covers)
        return (self.albedo + self.area * (painted - self.albedo)) * self.factor + self.mirrored


def _ground_of(region: Region, canvas: Canvas, unrolled: Unrolled, on_chart: FloatArray) -> Ground:
    """`on_chart` (S, S, 4): albedo and shade."""
    step = STEP[region]
    every = slice(None, None, step), slice(None, None, step)
    rows, columns = np.nonzero(region_reach(region, unrolled.side)[every] > RIM)
    ground = continue_hidden(on_chart[every], seen_within(unrolled, region)[every], SMOOTH[region])[rows, columns]
    inside = (rows * SIDE + columns) * step
    factor = np.asarray(ground[:, 3:] * canvas.shading.light.color, np.float32)
    return Ground(inside, np.ascontiguousarray(ground[:, :3]), factor, unrolled.even.ravel()[inside, None], Pixels.of(canvas, region, inside), step)


def _pixels_of(canvas: Canvas, region: Region) -> npt.NDArray[np.intp]:
    """At most `_MOST` pixels of the window (flat) that lie well within a region; of a large window only every so manieth is looked at."""
    step = max(1, max(canvas.size) // _LOOKED_AT)
    grid = slice(None, None, step), slice(None, None, step)
    if region is Region.LIPS:
        within = canvas.face.masks.lips[grid] > _WELL_WITHIN
    else:
        zone: Mask = zone_mask(LIDS, SIDE) if region is Region.EYES else region_zone(region, SIDE)
        uv = np.ascontiguousarray(canvas.face.field.uv[grid])
        at = uv * np.float32(len(zone)) - np.float32(0.5)
        sampled = cv2.remap(zone, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        within = sampled * canvas.skin_room[grid] > _WELL_WITHIN * _ZONE_CORE
    rows, columns = np.nonzero(within)
    pixels = rows * step * canvas.size[1] + columns * step
    return pixels[:: max(1, len(pixels) // _MOST)]
