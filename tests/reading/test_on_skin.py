"""A colour on another's skin: contrast where the light is alike, ratio where it is not, and never its own opposite."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.color.lab import lab_from_linear, linear_from_lab
from kohl.core.arrays import FloatArray
from kohl.reading.on_skin import Carrying, colour_on_skin, displayable

FAIR, MEDIUM, DEEP = (np.array(lab, np.float32) for lab in ((72, 12, 14), (58, 14, 22), (28, 11, 15)))
RED = np.array([[-18, 34, 10]], np.float32)


def worn(colour: FloatArray, theirs: FloatArray, own: FloatArray, as_ratio: float, skins_own: float = 0.0) -> FloatArray:
    """Lab of the one colour on skin `own`, Lab."""
    return lab_from_linear(colour_on_skin(colour, theirs, linear_from_lab(own), Carrying(as_ratio, as_ratio, skins_own)))[0]


@pytest.mark.parametrize("as_ratio", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("skin", [FAIR, MEDIUM])
def test_on_the_same_skin_it_is_the_same_colour(skin: FloatArray, as_ratio: float) -> None:
    np.testing.assert_allclose(worn(RED, skin, skin, as_ratio), skin + RED[0], atol=0.05)


def test_as_ratio_the_reference_s_light_falls_out() -> None:
    """The same lips and skin, seen in a third of the light."""
    lips = linear_from_lab(MEDIUM + RED)
    dim_skin = lab_from_linear(linear_from_lab(MEDIUM) / 3)
    dim = lab_from_linear(lips / 3) - dim_skin
    bright = worn(RED, MEDIUM, FAIR, 1.0)
    np.testing.assert_allclose(worn(dim, dim_skin, FAIR, 1.0), bright, atol=0.2)
    assert np.linalg.norm(worn(dim, dim_skin, FAIR, 0.0) - bright) > 5, "which a difference does not manage"


def test_a_red_lip_stays_red_on_deep_skin() -> None:
    as_difference, as_ratio = (worn(RED, FAIR, DEEP, share) for share in (0.0, 1.0))
    mixed = worn(RED, FAIR, DEEP, 0.4)
    assert mixed[1] > 20
    assert as_ratio[0] < mixed[0] < as_difference[0]


def test_paint_has_no_part_in_what_is_skin() -> None:
    """Deep red lips on golden skin, carried to fair skin: the less of the skins' difference is light, the more they stay as they are."""
    golden = np.array([35, 15, 27], np.float32)
    deep_red = np.array([[-18, 17, -7]], np.float32)
    as_light, half, as_skin = (worn(deep_red, golden, FAIR, 1.0, skins_own) for skins_own in (0.0, 0.5, 1.0))
    np.testing.assert_allclose(as_skin, golden + deep_red[0], atol=0.05)
    assert as_light[0] > half[0] > as_skin[0]
    assert np.arctan2(*as_light[:0:-1]) < np.arctan2(*half[:0:-1]), "and the light's hue does not turn it to pink"


def test_a_nude_lip_of_golden_skin_is_no_lavender_on_fair_skin() -> None:
    """A plum is: its own contrast is what one sees of it, so it goes as it went."""
    golden = np.array([45, 18, 30], np.float32)
    nude, plum = np.array([[4, 2, -20]], np.float32), np.array([[-14, 16, -26]], np.float32)

    def carried(colour: FloatArray, warmth: float) -> FloatArray:
        return lab_from_linear(colour_on_skin(colour, golden, linear_from_lab(FAIR), Carrying(0.8, 0.8, warmth=warmth)))[0]

    assert carried(nude, 0.0)[2] < 4
    assert carried(nude, 0.6)[2] > 5.5
    np.testing.assert_allclose(carried(plum, 0.6), carried(plum, 0.0), atol=0.05)


def test_chroma_can_stay_where_lightness_gives_way() -> None:
    own = linear_from_lab(DEEP)
    dark, vivid = (lab_from_linear(colour_on_skin(RED, FAIR, own, Carrying(0.4, chroma)))[0] for chroma in (0.4, 0.0))
    assert vivid[1] > dark[1] + 1


@pytest.mark.parametrize("as_ratio", [0.0, 0.5, 1.0])
def test_grey_on_golden_skin_is_no_blue_on_rosy_skin(as_ratio: float) -> None:
    golden, rosy = np.array([50, 14, 32], np.float32), np.array([72, 14, 6], np.float32)
    grey = np.array([[-25, -12, -30]], np.float32)
    assert worn(grey, golden, rosy, as_ratio)[2] > -1


def test_real_blue_stays_blue() -> None:
    assert worn(np.array([[-20, -5, -55]], np.float32), MEDIUM, FAIR, 0.5)[2] < -20


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
            found = colour_on_skin(colours, theirs, linear_from_lab(own), Carrying(0.5, 0.5, 0.3))
            assert np.isfinite(found).all()
            assert ((found > 0) & (found <= 1)).all()
