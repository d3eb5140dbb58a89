"""Colours carried from skin to skin: light falls out, whatever its strength and colour."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from drawn_cases import drawn_case, sample
from hypothesis import given, settings
from hypothesis import strategies as st

from kohl.color.lab import lab_from_linear, linear_from_lab
from kohl.color.srgb import linear_from_srgb, srgb_from_linear
from kohl.evaluation.case import Case
from kohl.evaluation.metrics.catalog import metric
from kohl.evaluation.metrics.worn import worn_on

SKIN, LIPS = np.float32([62, 14, 18]), np.float32([40, 34, 12])


@settings(max_examples=40, deadline=None)
@given(st.floats(0.15, 1.3), st.floats(0.7, 1.3), st.floats(0.7, 1.3))
def test_light_falls_out(strength: float, red: float, blue: float):
    light = np.float32([red, 1, blue]) * np.float32(strength)
    dim_skin, dim_lips = (lab_from_linear(linear_from_lab(colour) * light) for colour in (SKIN, LIPS))
    np.testing.assert_allclose(worn_on(dim_lips, dim_skin, SKIN), LIPS, atol=0.2)


def test_skin_becomes_skin_and_its_ratio_is_kept():
    other = np.float32([35, 10, 14])
    np.testing.assert_allclose(worn_on(SKIN, SKIN, other), other, atol=0.01)
    ratio = linear_from_lab(LIPS) / linear_from_lab(SKIN)
    np.testing.assert_allclose(linear_from_lab(worn_on(LIPS, SKIN, other)), ratio * linear_from_lab(other), atol=1e-5)
    assert np.isfinite(worn_on(np.float32([100, 0, 0]), np.float32([0, 0, 0]), SKIN)).all()


@pytest.mark.parametrize("name", ["distance", "chroma", "share"])
def test_a_reference_in_dim_yellow_light_asks_for_the_same(name: str):
    case = drawn_case()
    light = np.float32([0.42, 0.38, 0.3])
    image = np.clip(srgb_from_linear(linear_from_srgb(case.reference.image) * light), 0, 1)
    dim = Case("dim", case.source, dataclasses.replace(case.reference, image=image))
    one, other = (metric(name).measure(sample(each, each.source.image)) for each in (case, dim))
    for region in ("lips", "cheeks"):
        assert other[f"{name}.{region}"] == pytest.approx(one[f"{name}.{region}"], abs=0.3)
