"""Lids whose colour shows in their lighter half keep its hue; black ones stay black."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.core.arrays import FloatArray
from kohl.core.medians import median
from kohl.reading.vivid import vivid_half

SKIN = np.float32([42, 10, 22])


def half_dark(lit: tuple[float, float, float]) -> FloatArray:
    """Lab beside skin of a lid of which lashes, liner and shade hide a little more than half."""
    dark = np.stack([np.linspace(2, 6, 110), np.ones(110), np.zeros(110)], 1)
    return np.concatenate([dark, [lit] * 90]).astype(np.float32) - SKIN


@pytest.mark.parametrize("lit", [(20, 22, 12), (18, -8, -6)], ids=["red", "teal"])
def test_a_half_hidden_colour_keeps_its_hue(lit: tuple[float, float, float]) -> None:
    colours = half_dark(lit)
    typical = vivid_half(colours, median(colours), SKIN) + SKIN
    assert 4 < typical[0] < 13, "what is dark stays dark"
    assert typical[1:] @ np.float32(lit[1:]) > 0.5 * (np.float32(lit[1:]) ** 2).sum()


def test_skin_that_shows_beside_a_black_shadow_is_not_its_colour() -> None:
    colours = half_dark((24, 6.5, 10))
    np.testing.assert_array_equal(vivid_half(colours, median(colours), SKIN), median(colours))
