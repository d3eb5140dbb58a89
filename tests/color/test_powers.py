"""Powers of few and of many numbers are the same powers."""

import numpy as np
import pytest

from kohl.color.powers import power


@pytest.mark.parametrize("exponent", [1 / 3, 2.4, 1 / 2.4])
@pytest.mark.parametrize("shape", [(1,), (7, 3), (1023,), (1024,), (40, 50, 3)])
def test_is_the_power_within_what_is_promised(shape, exponent):
    base = np.random.default_rng(1).uniform(1e-3, 1, shape).astype(np.float32)
    made = power(base, exponent)
    assert made.shape == shape
    assert made.dtype == np.float32
    np.testing.assert_allclose(made, base.astype(np.float64) ** exponent, atol=4e-7)


def test_where_a_number_lies_in_memory_changes_nothing():
    base = np.random.default_rng(2).uniform(1e-3, 1, (3, 3000)).astype(np.float32)
    whole = power(base, 2.4)
    np.testing.assert_array_equal(power(base[1, 13:1700], 2.4), whole[1, 13:1700])
    np.testing.assert_array_equal(power(base.T, 2.4), whole.T)
    assert base.min() >= np.float32(1e-3), "what is given stays as it is"
