"""Presence: colour says where makeup is, and a network may doubt it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kohl.core.region import Region
from kohl.reading.presence import Evidence

SURE = {"lipstick": 0.99, "eyeshadow": 0.99, "blush": 0.99}
NEVER = {"lipstick": 0.01, "eyeshadow": 0.01, "blush": 0.01}
REGIONS = (Region.LIPS, Region.EYES, Region.CHEEKS)


def evidence(surprise: float, blush: float = 1.0) -> Evidence:
    return Evidence(dict.fromkeys(REGIONS, surprise), blush)


def test_networks_are_heard_where_bare_lids_and_cheeks_stray_too() -> None:
    """Of 258 bare faces of the train split a fifth has lids beyond three deviations; the networks say .1 or less of nearly all of them."""
    strayed, painted = (evidence(3.5).presence(dict.fromkeys(SURE, said)) for said in (0.04, 0.4))
    assert (strayed[Region.EYES], strayed[Region.CHEEKS]) == (0, 0)
    assert min(painted.values()) > 0.9
    assert strayed[Region.LIPS] > 0.9


def test_plain_colour_is_seen_whatever_the_networks_say() -> None:
    assert evidence(6.0).presence(NEVER) == dict.fromkeys(REGIONS, 1.0)


def test_networks_find_no_lipstick_or_blush_by_themselves() -> None:
    for surprise in (0.5, 1.5, 2.4):
        sure, alone = evidence(surprise).presence(SURE), evidence(surprise).presence()
        assert (sure[Region.LIPS], sure[Region.CHEEKS]) == (alone[Region.LIPS], alone[Region.CHEEKS])


def test_a_sure_network_finds_eyeshadow_by_itself() -> None:
    """Brown shadow on brown skin is no surprise; a network that is not sure adds nothing to what colour says."""
    assert evidence(1.0).presence(SURE)[Region.EYES] == 1
    assert evidence(1.0).presence({"eyeshadow": 0.5})[Region.EYES] == 0
    assert evidence(2.6).presence({"eyeshadow": 0.5}) == evidence(2.6).presence()


def test_what_looks_like_shade_to_a_network_is_not_painted() -> None:
    assert evidence(2.6).presence()[Region.EYES] > 0.5
    doubted = evidence(2.6).presence(NEVER)
    assert (doubted[Region.EYES], doubted[Region.CHEEKS]) == (0, 0)
    assert doubted[Region.LIPS] < 0.5 < evidence(2.6).presence()[Region.LIPS]
    assert evidence(2.0).presence(NEVER) == dict.fromkeys(REGIONS, 0.0)


def test_a_region_that_is_not_seen_wears_nothing() -> None:
    assert evidence(0.0).presence(SURE) == dict.fromkeys(REGIONS, 0.0)


def test_cheeks_that_are_not_redder_wear_no_blush() -> None:
    found = evidence(5.0, blush=0.0).presence(SURE)
    assert found[Region.CHEEKS] == 0
    assert found[Region.LIPS] == 1


@given(st.floats(0, 8), st.floats(0, 1), st.floats(0, 1))
def test_more_confidence_never_takes_makeup_away(surprise: float, one: float, other: float) -> None:
    less, more = sorted((one, other))
    doubted, believed = (evidence(surprise).presence({"lipstick": word, "eyeshadow": word}) for word in (less, more))
    assert 0 <= doubted[Region.EYES] <= believed[Region.EYES] <= 1
    assert 0 <= doubted[Region.LIPS] <= believed[Region.LIPS] <= evidence(surprise).presence()[Region.LIPS]


@pytest.mark.parametrize("confidence", [0.0, 1.0])
def test_certainty_is_no_division_by_zero(confidence: float) -> None:
    assert 0 <= evidence(3.0).presence({"lipstick": confidence})[Region.LIPS] <= 1
