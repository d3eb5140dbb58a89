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
@given(st.floats(0.15, 1.3), st.floats(0.7, 1.3), st.floats(0.7, 1.3))
def test_half_of_the_light_falls_out(strength: float, red: float, blue: float):
    light = np.float32([red, 1, blue]) * np.float32(strength)
    dim_skin, dim_lips = (lab_from_linear(linear_from_lab(colour) * light) for colour in (SKIN, LIPS))
    np.testing.assert_allclose(
        linear_from_lab(worn_on(dim_lips, dim_skin, SKIN, Region.LIPS)), linear_from_lab(LIPS) * np.sqrt(light), rtol=0.02, atol=1e-4
    )


def test_on_the_same_skin_nothing_changes_and_the_way_leads_back():
    other = np.float32([35, 10, 14])
    np.testing.assert_allclose(worn_on(LIPS, SKIN, SKIN, Region.LIPS), LIPS, atol=0.01)
    np.testing.assert_allclose(worn_on(worn_on(LIPS, SKIN, other, Region.EYES), other, SKIN, Region.EYES), LIPS, atol=0.05)
    assert np.isfinite(worn_on(np.float32([100, 0, 0]), np.float32([0, 0, 0]), SKIN, Region.LIPS)).all()
