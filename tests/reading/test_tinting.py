"""Blush is a tint: it keeps what lies below it, and is thickened no further than a blush may be."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.color.lab import lab_from_linear
from kohl.core.arrays import FloatArray, Image
from kohl.core.region import Region
from kohl.faces.face import Face
from kohl.reading.film import ReadFilm
from kohl.reading.fitting import fit_films
from kohl.reading.region_zones import region_zone
from kohl.reading.tinting import density_on, tint_between
from kohl.reading.unrolled import SIDE, unroll_window
from kohl.reading.wearer import Pixels, Wearer
from kohl.rendering.canvas import Canvas
from kohl.rendering.chart_film import ChartTint, paint_chart_films

BARE, BLUSHED = np.array([[0.5, 0.33, 0.25]], np.float32), np.array([[0.5, 0.2, 0.17]], np.float32)
BLUSH = np.array([-6, 16, 4], np.float32)
"""Lab of a blushed cheek minus that of a bare one."""


def pixels_of(albedo: FloatArray, count: int = 200) -> Pixels:
    """As many pixels of one colour, in even white light."""
    every = np.ones((count, 3), np.float32)
    return Pixels(np.zeros(count, np.int32), every * albedo, every, np.zeros_like(every), every[:, 0], every[:, :1])


def thickness_of(ratio: FloatArray) -> FloatArray:
    """How often the tint that was read is laid on, by channel where it tints at all."""
    return np.log(ratio[:, 1:]) / np.log(BLUSHED / BARE)[:, 1:]


def test_on_a_cheek_like_hers_the_tint_is_what_was_read() -> None:
    np.testing.assert_allclose(tint_between(BARE, BLUSHED, lab_from_linear(BLUSHED), pixels_of(BARE)), BLUSHED / BARE, rtol=1e-3)


def test_it_is_thickened_until_it_shows_and_never_thinned() -> None:
    asked = lab_from_linear(BARE)
    step = lab_from_linear(BLUSHED) - asked
    levels = [float(thickness_of(tint_between(BARE, BLUSHED, asked + share * step, pixels_of(BARE))).mean()) for share in (0.5, 1.25, 9.0)]
    assert levels[0] == pytest.approx(1.0)
    assert 1.1 < levels[1] < 1.5
    assert levels[2] == pytest.approx(1.9)


def test_too_few_pixels_correct_nothing() -> None:
    asked = lab_from_linear(BLUSHED) + np.float32([0, 60, 30])
    np.testing.assert_array_equal(tint_between(BARE, BLUSHED, asked, pixels_of(BARE, count=5)), BLUSHED / BARE)


def test_freckles_show_through_blush(drawn_image: Image, drawn_face: Face) -> None:
    """Channel by channel what lies below keeps its contrast; a film brings it all to one colour."""
    freckled = drawn_image.copy()
    freckled[::6, ::6] *= np.float32([0.8, 0.68, 0.6])
    canvas = Canvas.of(freckled, drawn_face)
    wearer, zone = Wearer.of(canvas, unroll_window(canvas.linear, drawn_face)), region_zone(Region.CHEEKS)
    bare = np.zeros((SIDE, SIDE, 3), np.float32)
    film = ReadFilm({Region.CHEEKS: bare + BLUSH}, {Region.CHEEKS: zone}, lab_from_linear(wearer.skin), bare={Region.CHEEKS: bare})
    films = fit_films(film, wearer)
    assert isinstance(films[Region.CHEEKS], ChartTint)
    paint_chart_films(canvas, films)
    within = drawn_face.field.sample(zone, (slice(0, canvas.size[0]), slice(0, canvas.size[1]))) * canvas.skin_room > 0.8
    spots = np.zeros_like(within)
    spots[-drawn_face.window[0] % 6 :: 6, -drawn_face.window[2] % 6 :: 6] = True
    contrasts, levels = [], []
    for shown in (canvas.shading.albedo, canvas.albedo):
        skin, spot = (np.median(np.log(shown[within & here]), axis=0) for here in (~spots, spots))
        contrasts.append(spot - skin)
        levels.append(skin)
    assert (levels[1] - levels[0])[1] < -0.2, "it is blushed"
    assert (np.abs(contrasts[0]) > 0.1).all(), "and freckled"
    # All but red, of which so fair a cheek gives back all that a surface can.
    np.testing.assert_allclose(contrasts[1][1:], contrasts[0][1:], rtol=0.1)


def test_a_tint_is_sheerer_on_lighter_skin_and_as_dense_on_deeper() -> None:
    deep, fair = np.float32([0.12, 0.07, 0.05]), np.float32([0.6, 0.4, 0.3])
    assert density_on(deep, fair) == density_on(fair, fair) == 1
    assert 0.4 < density_on(fair, deep) < 0.8
