"""Looks in the colours that a photo shows: on the face they were read of they give what is seen there."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.color.lab import lab_from_linear, linear_from_lab
from kohl.color.srgb import linear_from_srgb
from kohl.core.arrays import FloatArray, Image
from kohl.core.region import Region
from kohl.faces.face import Face
from kohl.looks.layers import Blush, Eyeliner, Eyeshadow, Lipstick, Pan
from kohl.looks.look import Look
from kohl.looks.pigment import Pigment
from kohl.methods.base import Controls
from kohl.methods.procedural import Procedural
from kohl.reading.as_shown import _BESIDE_PIGMENT, as_shown
from kohl.reading.film import ReadFilm
from kohl.reading.reading import Reading
from kohl.reading.unrolled import SIDE
from kohl.rendering.film import Film

SKIN = np.array([62, 12, 18], np.float32)
VEIL = "#a5816d"
"""A thin brown, as networks say of what they do not know."""
LOOK = Look(
    name="read",
    layers=(
        Blush(pigment=Pigment("#c06a5a")),
        Eyeshadow(pans=(Pan(zone="lid", pigment=Pigment(VEIL), coverage=0.4), Pan(zone="outer_v", pigment=Pigment(VEIL), coverage=0.4))),
        Eyeliner(),
        Lipstick(pigment=Pigment(VEIL), coverage=0.5),
    ),
)
BARE = {Region.LIPS: (-8, 8, 0), Region.EYES: (-6, 2, -2), Region.CHEEKS: (0, 2, 0)}
"""Lab beside skin of a bare face."""
LIGHTS = [np.ones(3, np.float32), np.array([1.1, 1.0, 0.8], np.float32)]


def film_of(shown: tuple[float, float, float], light: FloatArray = LIGHTS[0]) -> ReadFilm:
    """A film that shows one colour, Lab beside skin, everywhere."""
    everywhere = {region: np.broadcast_to(np.float32(shown), (SIDE, SIDE, 3)).copy() for region in BARE}
    bare = {region: np.broadcast_to(np.float32(colour), (SIDE, SIDE, 3)).copy() for region, colour in BARE.items()}
    return ReadFilm(everywhere, {region: np.ones((SIDE, SIDE), np.float32) for region in BARE}, SKIN, bare, light)


def laid_on(pigment: Pigment, coverage: float, region: Region, light: FloatArray) -> FloatArray:
    """Lab that the photo shows of a pigment on a bare face's region."""
    ground = linear_from_lab(SKIN + np.float32(BARE[region])) / light
    film = Film.from_reflectance(linear_from_srgb(np.array(pigment.rgb, np.float32)))
    return lab_from_linear(film.over(ground, np.float32(coverage)) * light)


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("shown", [(-15, 30, 10), (-25, -20, -25), (2, 12, 12)])
def test_on_the_same_face_the_colour_comes_out_that_is_shown(shown: tuple[float, float, float], light: FloatArray) -> None:
    _, shadow, _, lipstick = as_shown(LOOK, film_of(shown, light)).layers
    assert isinstance(lipstick, Lipstick)
    np.testing.assert_allclose(laid_on(lipstick.pigment, lipstick.coverage, Region.LIPS, light), SKIN + np.float32(shown), atol=1.5)
    assert isinstance(shadow, Eyeshadow)
    for pan in shadow.pans:
        # What shade and lashes take from a lid is no pigment's.
        np.testing.assert_allclose(laid_on(pan.pigment, pan.coverage, Region.EYES, light), SKIN + shown + _BESIDE_PIGMENT, atol=1.5)


def test_products_zones_and_all_that_is_no_lip_or_lid_stay() -> None:
    blush, shadow, liner, lipstick = as_shown(LOOK, film_of((-15, 30, 10))).layers
    assert (blush, liner) == (LOOK.layers[0], LOOK.layers[2])
    assert isinstance(shadow, Eyeshadow)
    assert [pan.zone for pan in shadow.pans] == ["lid", "outer_v"]
    assert isinstance(lipstick, Lipstick)
    assert min(lipstick.coverage, *(pan.coverage for pan in shadow.pans)) >= 0.8


def test_what_covers_more_than_is_needed_keeps_its_coverage() -> None:
    thick = LOOK.with_layers([Lipstick(pigment=Pigment(VEIL), coverage=0.93)])
    (lipstick,) = as_shown(thick, film_of((-15, 30, 10))).layers
    assert isinstance(lipstick, Lipstick)
    assert lipstick.coverage == 0.93


def test_a_near_black_purple_stays_purple() -> None:
    _, shadow, *_ = as_shown(LOOK, film_of((-50, 5, -35))).layers
    assert isinstance(shadow, Eyeshadow)
    red, green, blue = shadow.pans[0].pigment.rgb
    assert blue > red > green
    assert max(red, green, blue) < 0.4


def test_where_the_film_says_nothing_the_look_is_left() -> None:
    assert as_shown(LOOK, ReadFilm({}, {}, SKIN)) == LOOK


def test_a_transfer_by_layers_brings_what_is_shown(drawn_image: Image, drawn_face: Face) -> None:
    """Teal lids, of which networks say a thin brown, came as hardly a shade."""
    teal, veil = (Reading(LOOK.only(Region.EYES), {}, film, None) for film in (film_of((-20, -25, -20)), ReadFilm({}, {}, SKIN)))  # type: ignore[arg-type]
    by_layers = Controls(detail="layers")
    results = [Procedural().transfer(drawn_image, drawn_face, dict.fromkeys(Region, reading), by_layers) for reading in (teal, veil)]
    greener = [float((result - drawn_image)[..., :2].sum((0, 1)) @ [-1, 1]) for result in results]
    assert greener[0] > 5 * abs(greener[1])
