"""Presence: the networks say it, of cheeks when they are sure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kohl.core.arrays import Image
from kohl.core.region import Region
from kohl.faces.face import Face
from kohl.reading.bare import zone_means
from kohl.reading.presence import find_presence, made_up
from kohl.reading.unrolled import Unrolled, unroll_face

SURE = {"lipstick": 0.99, "eyeshadow": 0.99, "blush": 0.99}
NEVER = {"lipstick": 0.01, "eyeshadow": 0.01, "blush": 0.01}
REGIONS = (Region.LIPS, Region.EYES, Region.CHEEKS)


@pytest.fixture(scope="module")
def bare(drawn_image: Image, drawn_face: Face) -> Unrolled:
    return unroll_face(drawn_image, drawn_face)


def test_what_is_said_counts(bare: Unrolled) -> None:
    sure, never = (find_presence(zone_means(bare), said) for said in (SURE, NEVER))
    assert sure == dict.fromkeys(REGIONS, 1)
    assert never == dict.fromkeys(REGIONS, 0)


def test_each_region_is_asked_of_its_own_product(bare: Unrolled) -> None:
    found = find_presence(zone_means(bare), NEVER | {"eyeshadow": 0.99})
    assert (found[Region.LIPS], found[Region.EYES]) == (0, 1)


@pytest.mark.parametrize("region", [Region.LIPS, Region.EYES])
def test_even_odds_are_half_a_film(region: Region) -> None:
    assert made_up(region, 0.5) == pytest.approx(0.5)


def test_of_blush_a_network_must_be_sure() -> None:
    """Cheeks flush, and few of those that are photographed wear any: below even odds there is none, and of a half film they are surer."""
    assert made_up(Region.CHEEKS, 0.5) == 0
    assert made_up(Region.CHEEKS, 0.73) == pytest.approx(0.5, abs=0.01)
    assert 0 < made_up(Region.CHEEKS, 0.62) < made_up(Region.CHEEKS, 0.89) == 1


def test_a_region_that_is_not_seen_wears_nothing(bare: Unrolled) -> None:
    hidden = Unrolled(**{name: getattr(bare, name) for name in bare.__dataclass_fields__} | {"lips_seen": np.zeros_like(bare.lips_seen)})
    found = find_presence(zone_means(hidden), SURE)
    assert found[Region.LIPS] == 0
    assert found[Region.EYES] == 1


@given(st.sampled_from(REGIONS), st.floats(0, 1), st.floats(0, 1))
def test_more_confidence_never_takes_makeup_away(region: Region, one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert 0 <= made_up(region, less) <= made_up(region, more) <= 1


@pytest.mark.parametrize("confidence", [0.0, 1.0])
def test_certainty_is_no_division_by_zero(bare: Unrolled, confidence: float) -> None:
    assert find_presence(zone_means(bare), {**SURE, "lipstick": confidence})[Region.LIPS] == confidence
