"""Presence: of lips and lids the networks say it, of cheeks the colour says it and a network may doubt it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kohl.core.arrays import Image
from kohl.core.region import Region
from kohl.faces.face import Face
from kohl.looks.layers import Blush
from kohl.looks.look import Look
from kohl.looks.pigment import Pigment
from kohl.reading.bare import load_bare_prior
from kohl.reading.presence import find_presence, made_up
from kohl.reading.unrolled import Unrolled, unroll_face
from kohl.rendering.renderer import render

SURE = {"lipstick": 0.99, "eyeshadow": 0.99, "blush": 0.99}
NEVER = {"lipstick": 0.01, "eyeshadow": 0.01, "blush": 0.01}
REGIONS = (Region.LIPS, Region.EYES, Region.CHEEKS)


@pytest.fixture(scope="module")
def bare(drawn_image: Image, drawn_face: Face) -> Unrolled:
    return unroll_face(drawn_image, drawn_face)


@pytest.fixture(scope="module")
def flushed(drawn_image: Image, drawn_face: Face) -> Unrolled:
    """A face that wears strong red blush and nothing else."""
    look = Look(name="blush", layers=(Blush(pigment=Pigment("#c2273d"), coverage=0.9),))
    return unroll_face(render(drawn_image, drawn_face, look), drawn_face)


def test_what_the_networks_say_of_lips_and_lids_counts(bare: Unrolled) -> None:
    sure, never = (find_presence(bare, said, load_bare_prior()) for said in (SURE, NEVER))
    assert (sure[Region.LIPS], sure[Region.EYES]) == (1, 1)
    assert (never[Region.LIPS], never[Region.EYES]) == (0, 0)


def test_each_region_is_asked_of_its_own_product(bare: Unrolled) -> None:
    found = find_presence(bare, NEVER | {"eyeshadow": 0.99}, load_bare_prior())
    assert (found[Region.LIPS], found[Region.EYES]) == (0, 1)


@pytest.mark.parametrize("region", [Region.LIPS, Region.EYES])
def test_even_odds_are_half_a_film(region: Region) -> None:
    assert made_up(region, logit=0.0, surprise=1.0) == pytest.approx(0.5)


def test_lips_of_a_colour_that_no_bare_lips_have_need_no_network() -> None:
    """A network denies some red lips; of lids that stray as far as painted ones in hard light it knows better."""
    assert made_up(Region.LIPS, logit=-4.0, surprise=6.5) == 1
    assert made_up(Region.LIPS, logit=-4.0, surprise=3.0) == 0
    assert made_up(Region.EYES, logit=-4.0, surprise=6.5) == 0


def test_blush_needs_a_colour_that_bare_cheeks_do_not_have(bare: Unrolled, flushed: Unrolled) -> None:
    assert find_presence(bare, SURE, load_bare_prior())[Region.CHEEKS] == 0
    assert find_presence(flushed, SURE, load_bare_prior())[Region.CHEEKS] > 0.9


def test_a_networks_doubt_of_blush_is_heard(flushed: Unrolled) -> None:
    prior = load_bare_prior()
    doubted, half = (find_presence(flushed, {**SURE, "blush": said}, prior)[Region.CHEEKS] for said in (0.01, 0.5))
    assert doubted <= half == find_presence(flushed, SURE, prior)[Region.CHEEKS]


def test_a_region_that_is_not_seen_wears_nothing(bare: Unrolled) -> None:
    hidden = Unrolled(**{name: getattr(bare, name) for name in bare.__dataclass_fields__} | {"lips_seen": np.zeros_like(bare.lips_seen)})
    found = find_presence(hidden, SURE, load_bare_prior())
    assert found[Region.LIPS] == 0
    assert found[Region.EYES] == 1


@given(st.sampled_from(REGIONS), st.floats(-20, 20), st.floats(-20, 20), st.floats(0, 8))
def test_more_confidence_never_takes_makeup_away(region: Region, one: float, other: float, surprise: float) -> None:
    less, more = sorted((one, other))
    assert 0 <= made_up(region, less, surprise) <= made_up(region, more, surprise) <= 1


@pytest.mark.parametrize("confidence", [0.0, 1.0])
def test_certainty_is_no_division_by_zero(bare: Unrolled, confidence: float) -> None:
    assert find_presence(bare, {**SURE, "lipstick": confidence}, load_bare_prior())[Region.LIPS] == confidence
