"""A colour on another's skin: its own as far as the skins differ, its ratio to the skin as far as the light does, and never its own opposite."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.color.lab import lab_from_linear, linear_from_lab
from kohl.core.arrays import FloatArray
from kohl.core.region import Region
from kohl.reading.on_skin import colour_on_skin, displayable, nearer_contrast

FAIR, MEDIUM, DEEP = (np.array(lab, np.float32) for lab in ((72, 12, 14), (58, 14, 22), (28, 11, 15)))
RED = np.array([[-18, 34, 10]], np.float32)


def worn(colour: FloatArray, theirs: FloatArray, own: FloatArray, region: Region = Region.LIPS) -> FloatArray:
    """Lab of the one colour on skin `own`, Lab."""
    return lab_from_linear(colour_on_skin(colour, theirs, linear_from_lab(own), region))[0]


@pytest.mark.parametrize("region", [Region.LIPS, Region.EYES])
@pytest.mark.parametrize("skin", [FAIR, MEDIUM])
def test_on_the_same_skin_it_is_the_same_colour(skin: FloatArray, region: Region) -> None:
    np.testing.assert_allclose(worn(RED, skin, skin, region), skin + RED[0], atol=0.05)


def test_of_the_reference_s_light_half_falls_out() -> None:
    """The same lips and skin, seen in a third of the light: no photo says whether it is that, or darker skin."""
    dim_skin = lab_from_linear(linear_from_lab(MEDIUM) / 3)
    dim = lab_from_linear(linear_from_lab(MEDIUM + RED) / 3) - dim_skin
    bright, seen = worn(RED, MEDIUM, FAIR), worn(dim, dim_skin, FAIR)
    assert (dim_skin + dim[0])[0] < seen[0] < bright[0]
    np.testing.assert_allclose(linear_from_lab(seen) * np.sqrt(3), linear_from_lab(bright), rtol=0.02)


def test_a_red_lip_stays_red_and_no_blacker_on_deep_skin() -> None:
    as_light = linear_from_lab(FAIR + RED[0]) / linear_from_lab(FAIR) * linear_from_lab(DEEP)
    seen = worn(RED, FAIR, DEEP)
    assert seen[0] > lab_from_linear(as_light)[0] + 8
    assert seen[1] > 25


def test_paint_has_no_part_in_what_is_skin() -> None:
    """Deep red lips on golden skin, carried to fair skin, become a little lighter and pinker, and not as much as the skin around them is."""
    golden = np.array([35, 15, 27], np.float32)
    deep_red = np.array([[-18, 17, -7]], np.float32)
    own = golden + deep_red[0]
    seen, as_light = worn(deep_red, golden, FAIR), lab_from_linear(linear_from_lab(own) / linear_from_lab(golden) * linear_from_lab(FAIR))
    assert own[0] < seen[0] < as_light[0] - 10
    assert np.arctan2(*as_light[:0:-1]) < np.arctan2(*seen[:0:-1]) < np.arctan2(*own[:0:-1])


@pytest.mark.parametrize("region", [Region.LIPS, Region.EYES])
def test_grey_on_golden_skin_is_no_blue_on_rosy_skin(region: Region) -> None:
    golden, rosy = np.array([50, 14, 32], np.float32), np.array([72, 14, 6], np.float32)
    grey = np.array([[-25, -12, -30]], np.float32)
    assert worn(grey, golden, rosy, region)[2] > -1


def test_real_blue_stays_blue() -> None:
    assert worn(np.array([[-20, -5, -55]], np.float32), MEDIUM, FAIR)[2] < -20


def test_displayable_keeps_hue_and_lightness() -> None:
    outside = np.array([[30, 90, -20], [20, -60, 60]], np.float32)
    shown = displayable(outside)
    assert ((shown >= 0) & (shown <= 1)).all()
    lab = lab_from_linear(shown)
    np.testing.assert_allclose(lab[:, 0], outside[:, 0], atol=0.5)
    np.testing.assert_allclose(lab[:, 2] / lab[:, 1], outside[:, 2] / outside[:, 1], atol=0.05)


def test_every_skin_gets_a_colour_that_light_can_have() -> None:
    rng = np.random.default_rng(3)
    colours = rng.uniform((-70, -40, -60), (40, 60, 40), (500, 3)).astype(np.float32)
    for theirs in (FAIR, MEDIUM, DEEP):
        for own in (FAIR, MEDIUM, DEEP):
            found = colour_on_skin(colours, theirs, linear_from_lab(own), Region.LIPS)
            assert np.isfinite(found).all()
            assert ((found > 0) & (found <= 1)).all()


@pytest.mark.parametrize("most", [0.0, 2.0, 6.0])
def test_a_colour_moves_towards_the_same_contrast_by_so_much(most: float) -> None:
    same = worn(RED, FAIR, MEDIUM)
    wanted = MEDIUM + RED[0]
    moved = lab_from_linear(nearer_contrast(linear_from_lab(same)[None], RED, linear_from_lab(MEDIUM), most))[0]
    left, step = wanted - same, moved - same
    assert np.linalg.norm(left) > 6
    np.testing.assert_allclose(step, left / np.linalg.norm(left) * most, atol=0.05)


def test_a_colour_goes_no_further_than_the_same_contrast() -> None:
    same = linear_from_lab(worn(RED, FAIR, MEDIUM))[None]
    moved = lab_from_linear(nearer_contrast(same, RED, linear_from_lab(MEDIUM), 1000.0))[0]
    np.testing.assert_allclose(moved, MEDIUM + RED[0], atol=0.05)


def test_on_the_same_skin_there_is_nothing_to_move() -> None:
    same = linear_from_lab(worn(RED, FAIR, FAIR))[None]
    np.testing.assert_allclose(nearer_contrast(same, RED, linear_from_lab(FAIR), 5.0), same, atol=1e-4)


def test_on_lighter_skin_nothing_is_paled() -> None:
    """Where the same contrast would be a lighter lip, only chroma and hue go towards it."""
    same = worn(RED, MEDIUM, FAIR)
    moved = lab_from_linear(nearer_contrast(linear_from_lab(same)[None], RED, linear_from_lab(FAIR), 6.0))[0]
    assert (FAIR + RED[0])[0] > same[0] + 3
    assert moved[0] == pytest.approx(same[0], abs=0.05)
    assert np.linalg.norm((FAIR + RED[0] - moved)[1:]) <= np.linalg.norm((FAIR + RED[0] - same)[1:])
