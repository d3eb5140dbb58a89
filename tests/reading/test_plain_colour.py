"""A colour that no bare face has counts beside what networks say, and never against it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kohl.core.arrays import Image
from kohl.faces.face import Face
from kohl.reading.bare import load_bare_prior, zone_means
from kohl.reading.plain_colour import heed_colour, surer
from kohl.reading.unrolled import SIDE, Unrolled, unroll_face
from kohl.reading.zones import LIDS, zone_mask

DENIED = {"lipstick": 0.02, "eyeshadow": 0.02, "blush": 0.02, "eyeliner": 0.02}


@pytest.fixture(scope="module")
def bare(drawn_image: Image, drawn_face: Face) -> Unrolled:
    return unroll_face(drawn_image, drawn_face)


def heard_of(unrolled: Unrolled) -> dict[str, float]:
    """What is made of networks that deny everything."""
    return heed_colour(DENIED, zone_means(unrolled), unrolled.skin, load_bare_prior())


def lids_shifted(unrolled: Unrolled, log_light: tuple[float, float, float]) -> Unrolled:
    """The face with that added to the log of its lids' linear light."""
    return dataclasses.replace(unrolled, ratio=unrolled.ratio + zone_mask(LIDS, SIDE)[..., None] * np.array(log_light, np.float32))


def test_a_bare_face_changes_nothing(bare: Unrolled) -> None:
    assert heard_of(bare) == DENIED


def test_turquoise_lids_are_made_up_whatever_networks_say(bare: Unrolled) -> None:
    heard = heard_of(lids_shifted(bare, (-1.5, 0.0, 0.9)))
    assert heard["eyeshadow"] > 0.7
    assert {name: share for name, share in heard.items() if name != "eyeshadow"} == {name: 0.02 for name in DENIED if name != "eyeshadow"}


@pytest.mark.parametrize("shade", [-2.0, 2.0])
def test_shade_and_light_are_no_colour(bare: Unrolled, shade: float) -> None:
    assert heard_of(lids_shifted(bare, (shade, shade, shade))) == DENIED


def test_lids_that_are_not_seen_say_nothing(bare: Unrolled) -> None:
    hidden = dataclasses.replace(lids_shifted(bare, (-1.5, 0.0, 0.9)), skin_seen=np.zeros_like(bare.skin_seen))
    assert heard_of(hidden) == DENIED


@given(st.floats(0, 1), st.floats(0, 30), st.floats(0, 30))
def test_a_stranger_colour_is_never_less_sure(share: float, one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert 0 <= surer(share, less) <= surer(share, more) + 1e-12 <= 1 + 1e-12


@given(st.floats(0, 1), st.floats(0, 4.5))
def test_colours_of_bare_faces_change_nothing(share: float, strangeness: float) -> None:
    assert surer(share, strangeness) == share
