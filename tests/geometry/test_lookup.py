"""Pictures looked up at lists of places."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.geometry.lookup import look_up


@pytest.mark.parametrize("count", [0, 1, 1023, 1024, 1025, 40_000])
def test_a_ramp_is_found_where_it_is(count):
    rows, columns = np.indices((30, 50), dtype=np.float32) + 0.5
    places = np.random.default_rng(0).uniform((0.5, 0.5), (49.5, 29.5), (count, 2)).astype(np.float32)
    found = look_up(np.dstack([columns, rows]), places)
    assert found.shape == (count, 2)
    np.testing.assert_allclose(found, places, atol=1 / 32)
    np.testing.assert_allclose(look_up(np.ascontiguousarray(rows), places), places[:, 1], atol=1 / 32)


def test_the_centre_of_a_pixel_is_the_pixel_and_beyond_the_edge_the_border_goes_on():
    picture = np.array([[1, 2], [3, 4]], np.float32)
    places = np.array([[0.5, 0.5], [1.5, 0.5], [0.5, 1.5], [1.0, 1.0], [-9, -9], [99, 99]], np.float32)
    np.testing.assert_allclose(look_up(picture, places), [1, 2, 3, 2.5, 1, 4])
