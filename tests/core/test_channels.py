"""Colours times masks: numpy's own arithmetic, to the bit, of few pixels and of many."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.core.channels import plus, times, to_channels

SHAPES = [(3,), (5, 7, 3), (1, 20_000, 3), (120, 90, 3)]
FACTORS = np.array([0.3, 1.7, -2.1], np.float32)


@pytest.mark.parametrize("shape", SHAPES)
def test_products_and_sums_are_those_of_numpy(shape: tuple[int, ...]) -> None:
    colours = np.random.default_rng(0).normal(0, 3, shape).astype(np.float32)
    np.testing.assert_array_equal(times(colours, FACTORS), colours * FACTORS)
    np.testing.assert_array_equal(plus(colours, FACTORS), colours + FACTORS)


@pytest.mark.parametrize("channels", [2, 3, 4])
@pytest.mark.parametrize("shape", [(4,), (5, 7), (1, 20_000), (120, 90)])
def test_a_spread_mask_weighs_as_one_with_a_short_axis(shape: tuple[int, ...], channels: int) -> None:
    random = np.random.default_rng(1)
    plane, values = random.random(shape, np.float32), random.random((*shape, channels), np.float32)
    np.testing.assert_array_equal(values * to_channels(plane, channels), values * plane[..., None])


def test_what_does_not_lie_in_one_piece_is_taken_as_it_is() -> None:
    colours = np.random.default_rng(2).random((200, 200, 3), np.float32)
    part = colours[::2, 1::2]
    np.testing.assert_array_equal(times(part, FACTORS), part * FACTORS)
    np.testing.assert_array_equal(part * to_channels(part[..., 0]), part * part[..., :1])
