"""A colour carried from one white to another keeps its ratio to it."""

from __future__ import annotations

import numpy as np

from kohl.color.adaptation import carry_by_ratio


def test_white_becomes_the_other_white_and_half_of_it_half():
    white, other = np.array([0.8, 0.5, 0.4], np.float32), np.array([0.2, 0.1, 0.05], np.float32)
    np.testing.assert_allclose(carry_by_ratio(np.stack([white, white / 2]), white, other), np.stack([other, other / 2]), rtol=1e-6)


def test_a_channel_of_white_that_is_noise_divides_nothing_by_nothing():
    carried = carry_by_ratio(np.array([0.1, 0.1, 0.1], np.float32), np.zeros(3, np.float32), np.ones(3, np.float32))
    assert np.isfinite(carried).all()
