"""Lab against colour-science, scikit-image and coloraide."""

import colour
import numpy as np
import pytest
from coloraide import Color
from hypothesis import given
from hypothesis import strategies as st
from skimage.color import rgb2lab

from kohl.color.lab import chroma_hue, lab_from_chroma_hue, lab_from_linear, lab_from_srgb, linear_from_lab, srgb_from_lab
from kohl.color.srgb import linear_from_srgb

RGB = st.tuples(*[st.floats(0, 1, width=32)] * 3)


@pytest.fixture(scope="module")
def colours() -> np.ndarray:
    grid = np.linspace(0, 1, 9)
    return np.stack(np.meshgrid(grid, grid, grid), axis=-1).reshape(-1, 3).astype(np.float32)


def test_agrees_with_colour_science(colours):
    expected = colour.XYZ_to_Lab(colour.sRGB_to_XYZ(colours.astype(np.float64)))
    np.testing.assert_allclose(lab_from_srgb(colours), expected, atol=0.03)


def test_agrees_with_scikit_image(colours):
    np.testing.assert_allclose(lab_from_srgb(colours), rgb2lab(colours.astype(np.float64)), atol=0.03)


def test_agrees_with_coloraide_which_uses_the_same_white(colours):
    expected = [Color("srgb", rgb).convert("lab-d65").coords() for rgb in colours.tolist()]
    np.testing.assert_allclose(lab_from_srgb(colours), expected, atol=1e-3)


@pytest.mark.parametrize(("srgb", "lightness"), [(0.0, 0.0), (1.0, 100.0), (0.5, 53.389)])
def test_greys_have_no_colour(srgb, lightness):
    lab = lab_from_srgb(np.full(3, srgb, np.float32))
    np.testing.assert_allclose(lab, [lightness, 0, 0], atol=2e-3)


@given(RGB)
def test_round_trip(rgb):
    srgb = np.array(rgb, np.float32)
    np.testing.assert_allclose(srgb_from_lab(lab_from_srgb(srgb)), srgb, atol=2e-5)
    np.testing.assert_allclose(linear_from_lab(lab_from_linear(srgb)), srgb, atol=2e-5)


def test_both_doors_lead_to_the_same_room(colours):
    assert np.array_equal(lab_from_srgb(colours), lab_from_linear(linear_from_srgb(colours)))


def test_shapes():
    assert lab_from_srgb(np.zeros((4, 5, 3), np.float32)).shape == (4, 5, 3)
    assert lab_from_srgb(np.zeros((0, 3), np.float32)).shape == (0, 3)
    assert lab_from_srgb(np.zeros(3)).dtype == np.float32
    assert lab_from_srgb([0.5, 0.5, 0.5]).shape == (3,)


@pytest.mark.parametrize(("ab", "hue"), [((1, 0), 0), ((0, 2), 90), ((-3, 0), 180), ((0, -4), 270), ((0, 0), 0), ((1, -1e-9), 0)])
def test_hue_runs_counter_clockwise_from_red(ab, hue):
    chroma, angle = chroma_hue(np.array([50, *ab], np.float32))
    assert chroma == pytest.approx(np.hypot(*ab), abs=1e-6)
    assert angle == pytest.approx(hue, abs=1e-4)
    assert 0 <= angle < 360


@given(st.floats(0, 100), st.floats(0.01, 120), st.floats(0, 359.9))
def test_chroma_and_hue_come_back(lightness, chroma, hue):
    lab = lab_from_chroma_hue(lightness, chroma, hue)
    chroma_back, hue_back = chroma_hue(lab)
    assert lab[0] == pytest.approx(lightness, abs=1e-4)
    assert chroma_back == pytest.approx(chroma, rel=1e-5)
    assert abs((hue_back - hue + 180) % 360 - 180) < 1e-3
