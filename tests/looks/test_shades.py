"""Pigments bent lighter, darker, warmer."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from look_strategies import PIGMENTS

from kohl.color.lab import chroma_hue, lab_from_srgb
from kohl.color.oklab import oklab_from_linear
from kohl.color.srgb import linear_from_srgb
from kohl.looks.pigment import Pigment
from kohl.looks.shades import bend


def oklab(pigment: Pigment) -> np.ndarray:
    return oklab_from_linear(linear_from_srgb(np.array(pigment.rgb)))


@given(PIGMENTS)
def test_nothing_asked_nothing_changed(pigment):
    assert bend(pigment) == pigment


@given(PIGMENTS)
def test_the_ends_are_black_and_white(pigment):
    assert bend(pigment, lightness=-1) == "#000000"
    assert bend(pigment, lightness=1) == "#ffffff"


@given(PIGMENTS)
def test_lightness_is_monotone(pigment):
    levels = [oklab(bend(pigment, lightness=step))[0] for step in (-0.5, -0.2, 0.0, 0.3, 0.6)]
    assert all(low <= high + 0.01 for low, high in pairwise(levels))


@pytest.mark.parametrize("name", ["#a5131f", "#8c1c2f", "#146b70", "#c4913c"])
@pytest.mark.parametrize("change", [{"lightness": -0.3}, {"lightness": 0.3}, {"chroma": 0.6}, {"chroma": 3.0}])
def test_hue_stays(name, change):
    _, before = chroma_hue(oklab(Pigment(name)))
    _, after = chroma_hue(oklab(bend(Pigment(name), **change)))
    assert abs((after - before + 180) % 360 - 180) < 4


def test_warmth_moves_towards_yellow_or_blue():
    rose = Pigment("#a8505a")
    yellows = [float(lab_from_srgb(bend(rose, warmth=warmth).rgb)[2]) for warmth in (-0.02, 0, 0.02)]
    assert yellows == sorted(yellows)
    assert yellows[2] - yellows[0] > 6
