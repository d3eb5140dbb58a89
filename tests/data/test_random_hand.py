"""The random hand: a style that stays, on the face alone, and never twice the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn import FixedDetector, draw
from kohl.core.arrays import Image
from kohl.data.painters import Painter
from kohl.data.random_hand import RandomHand
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face


@pytest.fixture(scope="module")
def somebody() -> tuple[Image, Face]:
    made = draw((256, 256))
    return made.image, Analyzer(detector=FixedDetector(made.points)).analyze(made.image)[0]


def test_one_draw_is_one_style(somebody: tuple[Image, Face]):
    image, face = somebody
    hand = RandomHand(np.random.default_rng(3))
    assert isinstance(hand, Painter)
    np.testing.assert_array_equal(hand.paint(image, face, seed=1), hand.paint(image, face, seed=2))
    np.testing.assert_array_equal(hand.paint(image, face), RandomHand(np.random.default_rng(3)).paint(image, face))
    assert (hand.paint(image, face) != RandomHand(np.random.default_rng(4)).paint(image, face)).any()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_it_paints_the_face_alone(somebody: tuple[Image, Face], seed: int):
    image, face = somebody
    before = image.copy()
    painted = RandomHand(np.random.default_rng(seed)).paint(image, face)
    np.testing.assert_array_equal(image, before)
    assert painted.dtype == np.float32
    assert painted.min() >= 0
    assert painted.max() <= 1
    changed = (painted != image).any(axis=-1)
    assert changed.any()
    inside = np.zeros(face.size, bool)
    # Softened lips reach a few pixels beyond what the mesh shows.
    inside[face.window_slices] = (face.masks.clear > 0) & (face.masks.eyes < 1)
    assert not changed[~inside].any()
