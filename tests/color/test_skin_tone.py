"""ITA and its six classes."""

import numpy as np
import pytest

from kohl.color.skin import SkinTone, ita_bin, ita_from_lab


@pytest.mark.parametrize(
    ("lab", "ita"), [((70, 10, 20), 45.0), ((50, 10, 20), 0.0), ((30, 10, 20), -45.0), ((70, 0, 0), 90.0), ((67.32, 10, 10), 60.0)]
)
def test_angle(lab, ita):
    assert ita_from_lab(np.array(lab)) == pytest.approx(ita, abs=0.01)


@pytest.mark.parametrize(
    ("ita", "tone"),
    [
        (55.1, SkinTone.VERY_LIGHT),
        (55.0, SkinTone.LIGHT),
        (41.0, SkinTone.INTERMEDIATE),
        (28.0, SkinTone.TAN),
        (10.0, SkinTone.BROWN),
        (-29.9, SkinTone.BROWN),
        (-30.0, SkinTone.DARK),
    ],
)
def test_bounds_belong_to_the_deeper_class(ita, tone):
    assert ita_bin(ita) is tone


def test_images_of_lab():
    assert ita_from_lab(np.zeros((3, 4, 3))).shape == (3, 4)
    assert ita_from_lab(np.zeros((3, 4, 3))).dtype == np.float32
