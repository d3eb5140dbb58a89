"""A film on the UV chart: pigment and coverage per chart point, for what a list of layers cannot say."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kohl.core.arrays import Box, FloatArray, Mask
from kohl.core.region import Region
from kohl.core.side_by_side import side_by_side
from kohl.rendering.canvas import Canvas
from kohl.rendering.film import DEEPEST, LIGHTEST, film_of
from kohl.rendering.stencil import Stencil

LIP_SHINE = 0.22
"""What a lip film leaves of the bare lips' own highlights: it lies over their moist skin."""


@dataclass(frozen=True, eq=False)
class ChartFilm:
    """One region's film. `opaque` (S, S, 3): reflectance R∞ of the pigment, linear light; `coverage` (S, S) in [0, 1]."""

    opaque: FloatArray
    coverage: Mask


def paint_chart_films(canvas: Canvas, films: Mapping[Region, ChartFilm]) -> None:
    """Lay each region's film on the canvas: lips inside the lips' own outline, everything else on skin alone."""
    for region, film in films.items():
        zone = canvas.zone(film.coverage, canvas.face.masks.lips if region is Region.LIPS else None)
        if region is Region.LIPS:
            canvas.scale_highlight(zone, LIP_SHINE)
        if not zone.is_empty:
            sampled = canvas.face.field.sample(film.opaque, zone.box)
            side_by_side([functools.partial(_lay, canvas, part, zone.box, sampled) for part in zone.parts()])


def _lay(canvas: Canvas, part: Stencil, box: Box, sampled: FloatArray) -> None:
    """Lay a film whose pigment, all over `box`, is `sampled` on a part of its zone."""
    canvas.paint(part, film_of(np.clip(part.take_within(box, sampled), DEEPEST, LIGHTEST)))
