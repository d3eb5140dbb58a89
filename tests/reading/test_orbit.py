"""Shadow beyond the lids: hue on both sides tells it, light does not."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from kohl.color.lab import lab_from_linear
from kohl.core.arrays import FloatArray, Image, Mask
from kohl.core.region import Region
from kohl.faces.face import Face
from kohl.reading.bare import load_bare_prior
from kohl.reading.film import read_film
from kohl.reading.orbit import shadow_beyond_lids
from kohl.reading.region_zones import region_cover
from kohl.reading.unrolled import SIDE, Unrolled, unroll_face
from kohl.reading.zones import ORBIT, zone_mask

EVERYWHERE = np.ones((SIDE, SIDE), np.float32)
SURE = {Region.LIPS: 0.0, Region.EYES: 1.0, Region.CHEEKS: 0.0}
BEYOND = (zone_mask(ORBIT, SIDE) > 0.9) & (region_cover(Region.EYES) < 0.005)


@pytest.fixture(scope="module")
def seen(drawn_image: Image, drawn_face: Face) -> Unrolled:
    """A bare face of medium skin, seen everywhere."""
    unrolled = dataclasses.replace(unroll_face(drawn_image, drawn_face), skin_seen=EVERYWHERE, even=EVERYWHERE)
    return dataclasses.replace(unrolled, ratio=load_bare_prior().expected(unrolled.skin))


def across_hue(unrolled: Unrolled, amount: float) -> FloatArray:
    """(3,) Lab that turns the skin's hue and keeps lightness and chroma, nearly."""
    a, b = lab_from_linear(unrolled.photo_skin)[1:]
    return np.array([0, b, -a], np.float32) / np.float32(np.hypot(a, b)) * np.float32(amount)


def laid(mask: Mask, change: FloatArray) -> FloatArray:
    return np.asarray(mask[..., None] * change, np.float32)


def test_another_hue_on_both_sides_is_shadow(seen: Unrolled):
    share = shadow_beyond_lids(laid(zone_mask(ORBIT, SIDE), across_hue(seen, 15)), seen)
    assert share[BEYOND].mean() > 0.7, "with a soft edge"
    assert not share[zone_mask(ORBIT, SIDE) == 0].any()
    np.testing.assert_allclose(share, share[:, ::-1], atol=1e-4)


@pytest.mark.parametrize("amount", [-12.0, 12.0])
def test_shade_and_more_or_less_of_the_same_hue_are_light(seen: Unrolled, amount: float):
    hue = lab_from_linear(seen.photo_skin) * np.array([0, 1, 1], np.float32)
    along = hue / np.float32(np.linalg.norm(hue)) * np.float32(amount) + np.array([amount, 0, 0], np.float32)
    assert not shadow_beyond_lids(laid(zone_mask(ORBIT, SIDE), along), seen).any()


def test_one_side_alone_is_a_lamp(seen: Unrolled):
    one = zone_mask(ORBIT, SIDE).copy()
    one[:, SIDE // 2 :] = 0
    assert not shadow_beyond_lids(laid(one, across_hue(seen, 15)), seen).any()


def test_a_lamp_on_the_whole_face_is_none(seen: Unrolled):
    assert not shadow_beyond_lids(laid(EVERYWHERE, across_hue(seen, 15)), seen).any()


def test_the_film_reaches_as_far_as_the_shadow(seen: Unrolled):
    pink = np.array([0.1, -0.7, -0.1], np.float32)
    mask = zone_mask(ORBIT, SIDE)
    painted = dataclasses.replace(seen, ratio=np.asarray(seen.ratio * (1 - mask[..., None]) + mask[..., None] * pink, np.float32))
    film, bare = (read_film(each, SURE, load_bare_prior()) for each in (painted, seen))
    assert film.presence[Region.EYES][BEYOND].mean() > 0.7
    assert film.painted[Region.EYES][BEYOND][:, 1].mean() > 10, "pink"
    assert bare.presence[Region.EYES][BEYOND].max() < 0.01


def test_what_is_blended_beyond_is_no_darker_than_shadow_can_be(seen: Unrolled):
    mask = zone_mask(ORBIT, SIDE)
    black = np.array([-2.0, -3.0, -2.0], np.float32)
    painted = dataclasses.replace(seen, ratio=np.asarray(seen.ratio * (1 - mask[..., None]) + mask[..., None] * black, np.float32))
    film = read_film(painted, SURE, load_bare_prior())
    bare = lab_from_linear(np.exp(seen.ratio) * seen.photo_skin) - lab_from_linear(seen.photo_skin)
    assert (film.painted[Region.EYES] - bare)[BEYOND][:, 0].min() > -20
