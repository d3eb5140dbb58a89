"""The One-Euro filter: steady at rest, close in motion, the same at every resolution."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kohl.core.arrays import AnyArray
from kohl.video.one_euro import OneEuro, OneEuroSettings, smoothing

STEP = 1 / 30


def run(samples: AnyArray, *, seconds: float = STEP, unit: float = 1.0, options: OneEuroSettings | None = None) -> AnyArray:
    state, values = OneEuro(options or OneEuroSettings()), []
    for sample in samples:
        state = state.step(np.asarray(sample, np.float32).reshape(-1, 2), seconds, unit=unit)
        values.append(state.value)
    return np.array(values)


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=1, max_size=30), st.floats(0.001, 0.2))
@settings(max_examples=60, deadline=None)
def test_it_stays_within_what_it_has_seen(samples: list[tuple[float, float]], seconds: float):
    values = run(np.array(samples), seconds=seconds)
    low, high = np.min(samples, axis=0), np.max(samples, axis=0)
    assert (values[:, 0] >= low - 1e-4).all()
    assert (values[:, 0] <= high + 1e-4).all()
    np.testing.assert_allclose(values[0, 0], samples[0], atol=1e-6)


@given(st.floats(0.1, 500), st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_resolution_does_not_matter(scale: float, seed: int):
    samples = np.random.default_rng(seed).normal(0, 0.1, (12, 2)).cumsum(0)
    small, large = run(samples), run(samples * scale, unit=scale)
    np.testing.assert_allclose(large / scale, small, rtol=2e-3, atol=2e-3)


def test_a_point_that_rests_is_steadied():
    noise = np.random.default_rng(0).normal(0, 0.004, (300, 2))
    assert run(noise)[60:].std() < 0.45 * noise.std()


def test_a_point_that_moves_lags_little():
    path = np.outer(np.arange(60) * STEP * 2.0, [1, 0])
    lag = (path - run(path)[:, 0])[30:, 0]
    assert lag.min() >= 0
    assert lag.max() < 1.3 / (2 * np.pi * OneEuroSettings().beta)


def test_it_follows_faster_the_faster_it_goes():
    slow, fast = (np.outer(np.arange(40) * STEP * speed, [1, 0]) for speed in (0.2, 2.0))
    shares = [((path - run(path)[:, 0])[-1, 0]) / path[-1, 0] for path in (slow, fast)]
    assert shares[1] < shares[0]


@pytest.mark.parametrize("seconds", [0.0, -1.0])
def test_time_that_stands_still_changes_nothing(seconds: float):
    state = OneEuro().step(np.zeros((3, 2), np.float32), 0.0)
    assert state.step(np.ones((3, 2), np.float32), seconds) is state


def test_nothing_is_changed_in_place():
    sample = np.zeros((2, 2), np.float32)
    first = OneEuro().step(sample, 0.0)
    first.step(np.ones((2, 2), np.float32), STEP)
    assert (first.value == 0).all()
    assert OneEuro().value is None


def test_smoothing_is_the_papers():
    # Equation 3: 1 / (1 + tau / Te) with tau = 1 / (2 pi fc).
    assert smoothing(1.0, 1 / (2 * np.pi)) == pytest.approx(0.5)
    assert smoothing(np.inf, STEP) == 1
