"""OKLab against coloraide and against the numbers its author printed."""

import numpy as np
import pytest
from coloraide import Color
from hypothesis import given
from hypothesis import strategies as st

from kohl.color.oklab import linear_from_oklab, oklab_from_linear


def test_agrees_with_coloraide():
    colours = np.random.default_rng(0).random((200, 3))
    expected = [Color("srgb-linear", rgb).convert("oklab").coords() for rgb in colours.tolist()]
    np.testing.assert_allclose(oklab_from_linear(colours), expected, atol=2e-4)


@pytest.mark.parametrize(("linear", "oklab"), [((1, 1, 1), (1, 0, 0)), ((0, 0, 0), (0, 0, 0)), ((1, 0, 0), (0.62796, 0.22486, 0.12585))])
def test_known_colours(linear, oklab):
    np.testing.assert_allclose(oklab_from_linear(linear), oklab, atol=2e-5)


@given(st.tuples(*[st.floats(0, 1, width=32)] * 3))
def test_round_trip(rgb):
    linear = np.array(rgb, np.float32)
    np.testing.assert_allclose(linear_from_oklab(oklab_from_linear(linear)), linear, atol=5e-6)


def test_keeps_shape_and_gives_float32():
    assert oklab_from_linear(np.zeros((2, 3, 3))).shape == (2, 3, 3)
    assert oklab_from_linear(np.zeros((2, 3, 3))).dtype == np.float32
