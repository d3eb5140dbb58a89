"""The sRGB curve against its definition in double precision."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kohl.color.srgb import _from_bytes, linear_from_srgb, srgb_from_linear

UNIT = st.floats(0, 1, width=32)


def decode_exactly(encoded: np.ndarray) -> np.ndarray:
    encoded = encoded.astype(np.float64)
    return np.where(encoded <= 0.04045, encoded / 12.92, ((np.maximum(encoded, 0.04045) + 0.055) / 1.055) ** 2.4)


def encode_exactly(linear: np.ndarray) -> np.ndarray:
    linear = linear.astype(np.float64)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize(("ours", "exact"), [(linear_from_srgb, decode_exactly), (srgb_from_linear, encode_exactly)])
def test_curve_follows_its_definition(ours, exact):
    values = np.linspace(-0.2, 1.5, 200_001, dtype=np.float32)
    np.testing.assert_allclose(ours(values), exact(values), atol=1e-6)
    unit = values[(values >= 0) & (values <= 1)]
    np.testing.assert_allclose(ours(unit), exact(unit), atol=4e-7)


def test_ends_of_the_curve():
    assert linear_from_srgb(np.zeros(3, np.float32)).tolist() == [0, 0, 0]
    assert srgb_from_linear(np.zeros(3, np.float32)).tolist() == [0, 0, 0]
    assert linear_from_srgb(np.ones(1, np.float32)) == pytest.approx(1, abs=2e-7)
    assert linear_from_srgb(np.float32(0.5)) == pytest.approx(0.214041, abs=1e-6)


def test_every_byte_survives_the_round_trip():
    codes = np.arange(256)
    back = srgb_from_linear(linear_from_srgb(codes.astype(np.float32) / 255))
    assert np.array_equal(np.rint(back * 255).astype(int), codes)


@given(UNIT, UNIT)
def test_curve_is_monotone(first, second):
    low, high = sorted((first, second))
    linear = linear_from_srgb(np.array([low, high], np.float32))
    assert linear[0] <= linear[1] + 1e-7


def test_keeps_shape_gives_float32_and_leaves_the_input_alone():
    image = np.random.default_rng(0).random((5, 7, 3))
    before = image.copy()
    assert linear_from_srgb(image).shape == image.shape
    assert linear_from_srgb(image).dtype == np.float32
    assert srgb_from_linear(image[:, ::2]).dtype == np.float32
    assert np.array_equal(image, before)
    assert linear_from_srgb(np.zeros((0, 3))).shape == (0, 3)


def test_a_picture_made_of_bytes_is_looked_up_to_the_bit():
    picture = np.random.default_rng(3).integers(0, 256, (160, 150, 3), np.uint8) / np.float32(255)
    other = picture.copy()
    other[-1, -1, 0] = 0.50001  # one sample that is no byte
    assert (_from_bytes(picture) is None, _from_bytes(other) is None) == (False, True)
    for each in (picture, other):
        piece_by_piece = np.concatenate([linear_from_srgb(row) for row in each.reshape(16, -1)])
        np.testing.assert_array_equal(linear_from_srgb(each).ravel(), piece_by_piece)
