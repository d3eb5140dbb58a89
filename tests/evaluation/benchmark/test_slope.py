"""Lines through points."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kohl.evaluation.benchmark.slope import fit_line


@given(slope=st.floats(-1e3, 1e3), intercept=st.floats(-1e3, 1e3), count=st.integers(3, 9))
def test_a_straight_line_is_found(slope: float, intercept: float, count: int):
    x = np.arange(count) * 0.7 + 0.1
    line = fit_line(x.tolist(), (intercept + slope * x).tolist())
    assert line is not None
    assert line.slope == pytest.approx(slope, abs=1e-6)
    assert line.intercept == pytest.approx(intercept, abs=1e-6)
    assert line.points == count
    if abs(slope) > 0.01:
        assert line.r2 == pytest.approx(1)


def test_r2_is_numpys_squared_correlation():
    rng = np.random.default_rng(0)
    x = rng.random(30)
    y = 3 * x + rng.standard_normal(30)
    line = fit_line(x.tolist(), y.tolist())
    assert line is not None
    assert line.r2 == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2)


def test_two_points_say_nothing_about_the_fit():
    line = fit_line([1, 2], [10, 30])
    assert line is not None
    assert (line.slope, line.intercept, line.r2) == (pytest.approx(20), pytest.approx(-10), None)


def test_a_level_line_explains_everything():
    line = fit_line([1, 2, 3], [5, 5, 5])
    assert line is not None
    assert line.r2 == 1


@pytest.mark.parametrize(("x", "y"), [([], []), ([1], [2]), ([1, 1, 1], [2, 3, 4])])
def test_too_few_points_give_no_line(x: list[float], y: list[float]):
    assert fit_line(x, y) is None
