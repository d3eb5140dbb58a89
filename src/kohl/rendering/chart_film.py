"""Films on the UV chart: pigment, or tint, and coverage per chart point, for what a list of layers cannot say."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from kohl.core.arrays import Box, FloatArray, LinearImage, Mask
from kohl.core.channels import to_channels
from kohl.core.region import Region
from kohl.core.side_by_side import side_by_side
from kohl.rendering.canvas import Canvas
from kohl.rendering.film import DEEPEST, LIGHTEST, film_of, tint_of
from kohl.rendering.stencil import Stencil

SHINE = {Region.LIPS: 0.22, Region.EYES: 0.5}
"""What a region's film leaves of its own highlights: lipstick lies over moist skin, and shadow is a powder. All of them would be a grey veil on
what is dark; on cheeks they are the skin's own, which blush leaves.
"""


@dataclass(frozen=True, eq=False)
class ChartFilm:
    """One region's film. `opaque` (S, S, 3): reflectance R∞ of the pigment, linear light; `coverage` (S, S) in [0, 1]."""

    opaque: FloatArray
    coverage: Mask

    @property
    def colour(self) -> FloatArray:
        """(S, S, 3) what `over` is given, pixel by pixel."""
        return self.opaque

    @staticmethod
    def over(colour: FloatArray) -> Callable[[LinearImage, Mask], LinearImage]:
        """The film of pigments (..., 3): a function of ground (..., 3) and coverage (...,)."""
        return film_of(np.clip(colour, DEEPEST, LIGHTEST))


@dataclass(frozen=True, eq=False)
class ChartTint:
    """One region's tint: `ratio` (S, S, 3) of the reflectance with it to that without, linear light, above 0; `coverage` (S, S) in [0, 1].

    Whatever skin lies below keeps its pores, freckles and wrinkles: a film that is all but opaque brings them to one colour.
    """

    ratio: FloatArray
    coverage: Mask

    @property
    def colour(self) -> FloatArray:
        """(S, S, 3) what `over` is given, pixel by pixel."""
        return self.ratio

    @staticmethod
    def over(colour: FloatArray) -> Callable[[LinearImage, Mask], LinearImage]:
        """The tint of ratios (..., 3): a function of ground (..., 3) and coverage (...,)."""
        return tint_of(colour)


def paint_chart_films(canvas: Canvas, films: Mapping[Region, ChartFilm | ChartTint]) -> None:
    """Lay each region's film on the canvas: lips inside the lips' own outline, everything else on skin alone."""
    for region, film in films.items():
        area = canvas.face.masks.lips if region is Region.LIPS else None
        zone = canvas.zone(film.coverage, area)
        if region in SHINE:
            canvas.scale_highlight(zone, SHINE[region])
        if not zone.is_empty:
            sampled = canvas.face.field.sample(film.colour, zone.box)
            side_by_side([functools.partial(_lay, canvas, film, part, zone.box, sampled, area) for part in zone.parts()])


def _lay(canvas: Canvas, film: ChartFilm | ChartTint, part: Stencil, box: Box, sampled: FloatArray, area: Mask | None) -> None:
    """Lay a film whose colour, all over `box`, is `sampled` on a part of its zone. `area` (h, w) of the window: the share of each pixel that it may
    lie on, where its region ends at an edge.
    """
    lay = film.over(part.take_within(box, sampled))
    canvas.paint(part, lay if area is None else functools.partial(_over_area, lay, part.take(area)))


def _over_area(lay: Callable[[LinearImage, Mask], LinearImage], area: Mask, ground: LinearImage, mask: Mask) -> LinearImage:
    """Lay a film on the share `area` (1, N) of each pixel; `mask` (1, N) is its coverage times that. A film of half the thickness all over the pixel
    would be a filter there, and leave a line around the lips that is more vivid than they are.
    """
    painted = lay(ground, np.minimum(mask / np.maximum(area, 1e-4), 1))
    return np.asarray(ground + to_channels(area) * (painted - ground), np.float32)
