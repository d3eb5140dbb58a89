"""Warping: pixel centres, borders, and no aliasing where a picture shrinks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kohl.core.errors import UsageError
from kohl.geometry.affine import compose, crop_from_box, identity, invert, rotation, scaling, translation
from kohl.geometry.warp import Border, Interpolation, resize, warp_image, warp_mask


def ramp(height: int = 40, width: int = 50) -> np.ndarray:
    """(H, W, 3): the place of each pixel's centre, so that a warped value tells where it was taken."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) + np.float32(0.5)
    return np.stack([x / 100, y / 100, np.full_like(x, 0.25)], axis=2)


def test_identity_changes_nothing():
    image = np.random.default_rng(1).random((7, 9, 3), dtype=np.float32)
    assert np.array_equal(warp_image(image, identity(), (7, 9)), image)


def test_whole_moves_are_exact():
    image = np.random.default_rng(1).random((7, 9, 3), dtype=np.float32)
    moved = warp_image(image, translation(2, 1), (7, 9), border=Border.ZERO)
    assert np.array_equal(moved[1:, 2:], image[:-1, :-2])
    assert not moved[:1].any()
    assert not moved[:, :2].any()


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_quarter_turns_are_exact(turns):
    """About the picture's middle, which for pixels with centres at a half is size / 2."""
    image = np.random.default_rng(1).random((8, 8, 3), dtype=np.float32)
    np.testing.assert_allclose(warp_image(image, rotation(90 * turns, about=(4, 4)), (8, 8)), np.rot90(image, turns), atol=1e-5)


@given(st.floats(-180, 180), st.floats(0.6, 3), st.floats(-10, 10), st.floats(-10, 10))
def test_values_come_from_where_the_matrix_says(degrees, scale, x, y):
    image = ramp()
    target_from_source = compose(translation(20 + x, 20 + y), rotation(degrees), scaling(scale), translation(-25, -20))
    warped = warp_image(image, target_from_source, (40, 40), border=Border.ZERO)
    inside = np.abs(warped[..., 2] - 0.25) < 1e-6
    ys, xs = np.nonzero(inside)
    source_from_target = invert(target_from_source)
    wanted = np.column_stack([xs + 0.5, ys + 0.5, np.ones(len(xs))]) @ source_from_target.T
    # OpenCV looks to 1/32 of a pixel.
    np.testing.assert_allclose(warped[inside][:, :2] * 100, wanted, atol=1 / 32 + 1e-3)


@pytest.mark.parametrize("factor", [2, 3, 4, 7.5, 10])
def test_shrinking_averages(factor):
    """A fine checkerboard becomes its mean, not a moiré."""
    board = (np.indices((120, 120)).sum(axis=0) % 2).astype(np.float32)
    small = warp_image(board, scaling(1 / factor), (int(120 / factor), int(120 / factor)))
    assert np.abs(small[1:-1, 1:-1] - 0.5).max() < 0.15


@pytest.mark.parametrize("factor", [2.5, 4, 9])
def test_shrinking_keeps_places(factor):
    image = ramp(90, 120)
    target_from_source = compose(scaling(1 / factor), translation(-13, -7))
    small = warp_image(image, target_from_source, (8, 10))
    ys, xs = np.mgrid[0:8, 0:10] + 0.5
    wanted = np.stack([xs * factor + 13, ys * factor + 7], axis=2) / 100
    inside = (wanted[..., 0] < 1.2 - factor / 100) & (wanted[..., 1] < 0.9 - factor / 100)
    assert inside.sum() > 20
    np.testing.assert_allclose(small[inside][:, :2], wanted[inside], atol=(1 / 32 + 0.01) * factor / 100)


def test_there_and_back_is_nearly_the_same():
    smooth = np.sin(ramp(64, 64) * 7) / 2 + np.float32(0.5)
    crop_from_image = crop_from_box((8, 8, 56, 56), (96, 96))
    back = warp_image(warp_image(smooth, crop_from_image, (96, 96)), invert(crop_from_image), (64, 64))
    np.testing.assert_allclose(back[10:54, 10:54], smooth[10:54, 10:54], atol=4e-3)


def test_borders():
    image = np.full((4, 4), 0.8, np.float32)
    image[:, -1] = 0.2
    aside = translation(-2, 0)
    assert warp_image(image, aside, (4, 4), border=Border.EDGE)[0, 3] == np.float32(0.2)
    assert warp_image(image, aside, (4, 4), border=Border.MIRROR)[0, 3] == np.float32(0.8)
    assert warp_mask(image, aside, (4, 4))[0, 3] == 0


def test_mask_stays_a_mask():
    mask = np.random.default_rng(2).random((30, 30), dtype=np.float32)
    warped = warp_mask(mask, compose(rotation(20), scaling(0.3)), (12, 15))
    assert warped.shape == (12, 15)
    assert warped.dtype == np.float32
    assert warped.min() >= 0
    assert warped.max() <= 1


def test_interpolation_is_chosen():
    image = np.float32([[0, 1]])
    stretched = scaling(4, 1)
    assert set(np.unique(warp_image(image, stretched, (1, 8), interpolation=Interpolation.NEAREST))) == {0, 1}
    assert len(np.unique(warp_image(image, stretched, (1, 8), interpolation=Interpolation.LINEAR))) > 2
    assert warp_image(image, stretched, (1, 8), interpolation=Interpolation.CUBIC).max() >= 1


def test_views_and_read_only_pictures_are_taken():
    image = ramp()[::-1, ::-1]
    image.setflags(write=False)
    assert np.array_equal(warp_image(image, identity(), (40, 50)), image)


@pytest.mark.parametrize("size", [(20, 25), (80, 100), (20, 100)])
def test_resize_keeps_the_mean(size):
    image = np.random.default_rng(3).random((40, 50, 3), dtype=np.float32)
    resized = resize(image, size)
    assert resized.shape == (*size, 3)
    assert resized.mean() == pytest.approx(image.mean(), abs=0.02)


@pytest.mark.parametrize(
    ("matrix", "size", "words"),
    [
        (scaling(1, 0), (4, 4), "cannot be inverted"),
        (identity(), (0, 4), "size must be"),
        (np.eye(3), (4, 4), r"shape \(3, 3\)"),
        (identity(), (4, 40_000), "at most 32766"),
    ],
)
def test_what_cannot_be_is_refused(matrix, size, words):
    with pytest.raises(UsageError, match=words):
        warp_image(ramp(), matrix, size)
