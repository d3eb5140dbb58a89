"""Soft thresholds: of arrays either way up, and of one number just the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kohl.core.ramps import eased, ramp, share_between

numbers = st.floats(-100, 100, width=32)


def test_it_goes_either_way():
    assert ramp(np.array([0.0, 1.0, 2.0, 3.0]), 1, 2).tolist() == [0, 0, 1, 1]
    assert ramp(np.array([0.0, 1.5, 3.0]), 2, 1).tolist() == [1, 0.5, 0]


@given(numbers, numbers, st.floats(0.1, 50))
def test_one_number_is_an_array_of_one(value: float, low: float, width: float):
    limits = (low, low + width)
    assert share_between(value, limits) == pytest.approx(float(ramp(np.array([value], np.float32), *limits)[0]), abs=1e-3)
    assert share_between(limits[0], limits) == 0
    assert share_between(limits[1] + width, limits) == 1


def test_easing_begins_and_ends_flat():
    ends = np.array([0, 1e-3, 0.5, 1 - 1e-3, 1], np.float32)
    np.testing.assert_allclose(eased(ends), [0, 0, 0.5, 1, 1], atol=4e-6)
    assert eased(ends).dtype == np.float32
    assert eased(0.25) == pytest.approx(0.15625)
