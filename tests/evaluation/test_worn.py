"""Colours carried from skin to skin: of lips, half of what lies between two skins counts as light, whatever its colour."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kohl.color.lab import lab_from_linear, linear_from_lab
from kohl.core.region import Region
from kohl.evaluation.metrics.worn import worn_on

SKIN, LIPS = np.float32([62, 14, 18]), np.float32([40, 34, 12])


@settings(max_examples=40, deadline=None)
@given(st.floats(0.15, 1.3))
def test_half_of_the_light_s_strength_falls_out(strength: float):
    dim_skin, dim_lips = (lab_from_linear(linear_from_lab(colour) * np.float32(strength)) for colour in (SKIN, LIPS))
    carried = linear_from_lab(worn_on(dim_lips, dim_skin, SKIN, Region.LIPS))
    np.testing.assert_allclose(carried, linear_from_lab(LIPS) * np.sqrt(strength), rtol=0.02, atol=1e-4)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.7, 1.3), st.floats(0.7, 1.3))
def test_some_of_the_light_s_colour_falls_out(red: float, blue: float):
    light = np.float32([red, 1, blue])
    tinted_skin, tinted_lips = (lab_from_linear(linear_from_lab(colour) * light) for colour in (SKIN, LIPS))
    for region in (Region.LIPS, Region.CHEEKS):
        left = np.linalg.norm(worn_on(tinted_lips, tinted_skin, SKIN, region)[1:] - LIPS[1:])
        assert left <= np.linalg.norm(tinted_lips[1:] - LIPS[1:]) + 0.2


def test_on_the_same_skin_nothing_changes_and_the_way_leads_back():
    other = np.float32([35, 10, 14])
    np.testing.assert_allclose(worn_on(LIPS, SKIN, SKIN, Region.LIPS), LIPS, atol=0.01)
    np.testing.assert_allclose(worn_on(worn_on(LIPS, SKIN, other, Region.EYES), other, SKIN, Region.EYES), LIPS, atol=0.05)
    assert np.isfinite(worn_on(np.float32([100, 0, 0]), np.float32([0, 0, 0]), SKIN, Region.LIPS)).all()
