"""Each check says what was expected, what came, and where."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from kohl.core.checks import check_image, check_mask, check_matrix, check_points, check_size, check_unit
from kohl.core.errors import MissingExtraError, UsageError
from kohl.core.extras import require


def _with(value: float, *shape: int) -> np.ndarray:
    array = np.full(shape, 0.5, np.float32)
    array.flat[-1] = value
    return array


@pytest.mark.parametrize("size", [(1, 1), (2, 5)])
def test_good_values_pass(size):
    check_image(np.zeros((*size, 3), np.float32))
    check_image(np.ones((*size, 3), np.float32))
    check_mask(np.zeros(size, np.float32), size=size)
    check_points(np.zeros((0, 2), np.float32))
    check_points(np.full((4, 2), -7.5))
    check_matrix(np.zeros((2, 3), np.float32))
    check_size(size)
    check_size(np.zeros(size).shape)


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (None, "got NoneType; convert it with"),
        ([[1.0]], "got list"),
        (np.zeros((2, 2, 3)), "got an array of float64"),
        (np.zeros((2, 2, 3), np.uint8), "got an array of uint8"),
        (np.zeros((2, 2), np.float32), r"got \(2, 2\)"),
        (np.zeros((2, 2, 4), np.float32), r"got \(2, 2, 4\)"),
        (np.zeros((0, 2, 3), np.float32), r"got \(0, 2, 3\)"),
        (_with(np.nan, 2, 2, 3), r"got nan at index \(1, 1, 2\) \(1 such values\)"),
        (_with(np.inf, 2, 2, 3), "got inf"),
        (_with(-0.01, 2, 2, 3), "got -0.01"),
        (_with(1.01, 2, 2, 3), "got 1.01.*clip it"),
        (_with(255.0, 2, 2, 3), "divide by 255"),
    ],
)
def test_bad_images(image, words):
    with pytest.raises(UsageError, match=words):
        check_image(image, name="photo")
    with pytest.raises(UsageError, match=r"^photo must"):
        check_image(image, name="photo")


@pytest.mark.parametrize(
    ("mask", "size", "words"),
    [
        (np.zeros((2, 2), bool), None, "got an array of bool"),
        (np.zeros((2, 2, 1), np.float32), None, r"got \(2, 2, 1\)"),
        (np.zeros((2, 3), np.float32), (3, 2), r"\(3, 2\), got \(2, 3\)"),
        (_with(2.0, 2, 3), (2, 3), "got 2.0"),
    ],
)
def test_bad_masks(mask, size, words):
    with pytest.raises(UsageError, match=words):
        check_mask(mask, size=size)


@pytest.mark.parametrize(
    ("points", "words"), [([(1, 2)], "got list"), (np.zeros((2, 3)), r"shape \(2, 3\)"), (np.array([[0, 1], [2, np.nan]]), r"at \(1, 1\)")]
)
def test_bad_points(points, words):
    with pytest.raises(UsageError, match=words):
        check_points(points)


@pytest.mark.parametrize(("matrix", "words"), [(np.eye(3), r"shape \(3, 3\)"), (None, "got NoneType"), (np.full((2, 3), np.inf), r"at \(0, 0\)")])
def test_bad_matrices(matrix, words):
    with pytest.raises(UsageError, match=words):
        check_matrix(matrix)


@pytest.mark.parametrize("size", [(0, 4), (4, -1), (4.0, 4), (4,), (4, 4, 3)])
def test_bad_sizes(size):
    with pytest.raises(UsageError, match=r"size must be \(h, w\)"):
        check_size(size)


@pytest.mark.parametrize("value", [0, 1, 0.5, "0.25", np.float32(0.75), True])
def test_unit_numbers(value):
    assert check_unit(value, name="strength") == float(value)


@pytest.mark.parametrize("value", [-0.001, 1.001, np.nan, np.inf, "much", None])
def test_bad_unit_numbers(value):
    with pytest.raises(UsageError, match=r"^strength must be"):
        check_unit(value, name="strength")


def test_extra_is_imported_or_named(monkeypatch):
    assert require("zlib", extra="samples", purpose="the test") is sys.modules["zlib"]
    monkeypatch.setitem(sys.modules, "skimage", None)
    with pytest.raises(MissingExtraError, match=r'the sample picture needs the extra \'samples\'.*pip install "kohl\[samples\]"') as caught:
        require("skimage", extra="samples", purpose="the sample picture")
    assert caught.value.extra == "samples"
    assert isinstance(caught.value.__cause__, ImportError)
