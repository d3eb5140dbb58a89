"""A large image gives the same numbers as its pixels one by one, whatever its layout in memory."""

import numpy as np
import pytest

from kohl.color.lab import lab_from_linear, lab_from_srgb, linear_from_lab, srgb_from_lab
from kohl.color.oklab import linear_from_oklab, oklab_from_linear
from kohl.color.srgb import linear_from_srgb, srgb_from_linear

CONVERSIONS = [
    linear_from_srgb,
    srgb_from_linear,
    lab_from_linear,
    linear_from_lab,
    lab_from_srgb,
    srgb_from_lab,
    oklab_from_linear,
    linear_from_oklab,
]


TO_LAB = (lab_from_linear, lab_from_srgb)
"""Their steps are up to 500 times those of what the curve is given: 4e-7 there is 2e-4 here."""


@pytest.mark.parametrize("convert", CONVERSIONS, ids=lambda convert: convert.__name__)
def test_blocks_change_nothing(convert):
    image = np.random.default_rng(0).random((170, 301, 3), dtype=np.float32)
    row_by_row = np.stack([convert(row) for row in image])
    tolerance = 3e-4 if convert in TO_LAB else 1e-5
    np.testing.assert_allclose(convert(image), row_by_row, rtol=1e-5, atol=tolerance)
    np.testing.assert_allclose(convert(image[:, ::-1]), row_by_row[:, ::-1], rtol=1e-5, atol=tolerance)
