"""Pictures made smaller in whole blocks."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.geometry.shrinking import shrink_by, shrink_to


def ramp_picture(height: int, width: int, channels: int | None = None) -> np.ndarray:
    """Rises by a thousandth a row and a hundredth a column."""
    plane = (np.arange(height)[:, None] / 1000 + np.arange(width) / 100).astype(np.float32)
    return plane if channels is None else np.stack([plane] * channels, -1)


@pytest.mark.parametrize("channels", [None, 2, 3])
def test_blocks_are_means_and_what_is_left_over_is_cut(channels: int | None):
    picture = ramp_picture(7, 11, channels)
    found = shrink_by(picture, 3)
    assert found.shape[:2] == (2, 3)
    expected = picture[:6, :9].reshape(2, 3, 3, 3, -1).mean((1, 3))
    np.testing.assert_allclose(found.reshape(expected.shape), expected, atol=1e-6)


def test_a_side_shorter_than_a_block_is_one():
    assert shrink_by(ramp_picture(2, 9), 4).shape == (1, 2)


@pytest.mark.parametrize(("height", "width"), [(840, 744), (641, 503), (100, 90), (33, 30)])
def test_any_size_is_reached_and_places_stay(height: int, width: int):
    picture = ramp_picture(height, width)
    found = shrink_to(picture, (32, 28))
    assert found.shape == (32, 28)
    rows, columns = (np.arange(32) + 0.5) * height / 32 - 0.5, (np.arange(28) + 0.5) * width / 28 - 0.5
    expected = rows[:, None] / 1000 + columns / 100
    # At the rim the nearest block is repeated; OpenCV places samples to 1/32 of a block.
    assert np.abs(found - expected)[1:-1, 1:-1].max() < 0.01
