"""Matrices: names cancel, inverses invert, and the conventions hold."""

from __future__ import annotations

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kohl.core.errors import UsageError
from kohl.geometry.affine import (
    affine_from_points,
    apply,
    compose,
    crop_from_box,
    identity,
    invert,
    rotation,
    scale_of,
    scaling,
    similarity_from_points,
    translation,
)

POINTS = np.float32([[0, 0], [10, 0], [0, 20], [13, 7]])

numbers = st.floats(-100, 100, width=32)
angles = st.floats(-180, 180)


@st.composite
def similarities(draw):
    """A turn, a scale of 0.1–10 and a move."""
    return compose(translation(draw(numbers), draw(numbers)), rotation(draw(angles)), scaling(draw(st.floats(0.1, 10))))


@st.composite
def affines(draw):
    """An invertible matrix that is not nearly flat."""
    matrix = draw(arrays.arrays(np.float32, (2, 3), elements=st.floats(-10, 10, width=32)))
    assume(abs(np.linalg.det(matrix[:, :2])) > 0.1)
    return matrix


def test_matrices_are_2x3_float32_target_from_source():
    for matrix in (identity(), translation(1, 2), scaling(3), rotation(10), crop_from_box((0, 0, 4, 4), (2, 2))):
        assert matrix.shape == (2, 3)
        assert matrix.dtype == np.float32
    assert np.array_equal(apply(translation(3, -1), POINTS), POINTS + np.float32([3, -1]))


def test_composition_reads_right_to_left():
    """Names cancel: target_from_crop ∘ crop_from_image = target_from_image."""
    crop_from_image, target_from_crop = translation(-10, -20), scaling(2)
    target_from_image = compose(target_from_crop, crop_from_image)
    assert apply(target_from_image, np.float32([[10, 20], [11, 22]])).tolist() == [[0, 0], [2, 4]]


def test_angles_are_degrees_counter_clockwise_as_seen():
    """A quarter turn brings what lies to the right of the origin above it, where y is smaller."""
    np.testing.assert_allclose(apply(rotation(90), np.float32([[1, 0]])), [[0, -1]], atol=1e-6)


def test_pixel_centres_are_at_a_half():
    """Half the size: the first target pixel covers the first two source pixels, so its centre lies on their border."""
    np.testing.assert_allclose(apply(crop_from_box((0, 0, 8, 8), (4, 4)), np.float32([[1.0, 1.0]])), [[0.5, 0.5]])
    np.testing.assert_allclose(apply(scaling(2), np.float32([[0.5, 0.5]])), [[1.0, 1.0]])


def test_boxes_are_half_open_xyxy_and_sizes_h_w():
    crop_from_image = crop_from_box((10, 20, 30, 60), (80, 20))
    assert apply(crop_from_image, np.float32([[10, 20], [30, 60]])).tolist() == [[0, 0], [20, 80]]


def test_rotation_keeps_its_centre():
    np.testing.assert_allclose(apply(rotation(37, about=(5, 6)), np.float32([[5, 6]])), [[5, 6]], atol=1e-6)


@given(affines())
def test_inverse_undoes(matrix):
    np.testing.assert_allclose(apply(compose(invert(matrix), matrix), POINTS), POINTS, atol=2e-3)


@given(affines(), affines())
def test_composition_is_one_after_the_other(b_from_a, c_from_b):
    one, two = apply(compose(c_from_b, b_from_a), POINTS), apply(c_from_b, apply(b_from_a, POINTS))
    np.testing.assert_allclose(one, two, rtol=1e-4, atol=1e-2)


def test_composing_nothing_is_the_identity():
    assert np.array_equal(compose(), identity())


@given(similarities())
def test_similarity_is_found_again(matrix):
    np.testing.assert_allclose(apply(similarity_from_points(POINTS, apply(matrix, POINTS)), POINTS), apply(matrix, POINTS), atol=5e-3)


@given(affines())
def test_affine_map_is_found_again(matrix):
    np.testing.assert_allclose(apply(affine_from_points(POINTS[:3], apply(matrix, POINTS[:3])), POINTS), apply(matrix, POINTS), atol=5e-3)


@given(similarities(), arrays.arrays(np.float32, (6, 2), elements=st.floats(-2, 2, width=32)))
def test_similarity_is_the_nearest(matrix, noise):
    """No small turn, scale or move of the answer comes nearer to the points."""
    source = np.float32([[0, 0], [10, 0], [10, 10], [0, 10], [5, 3], [2, 8]])
    target = apply(matrix, source) + noise
    found = similarity_from_points(source, target)

    def misses(m):
        return float(((apply(m, source).astype(np.float64) - target) ** 2).sum())

    centre = apply(found, source).mean(axis=0)
    for change in (
        rotation(1, about=tuple(centre)),
        rotation(-1, about=tuple(centre)),
        scaling(1.02),
        scaling(0.98),
        translation(0.1, 0),
        translation(0, -0.1),
    ):
        assert misses(found) <= misses(compose(change, found)) + 1e-3 * (1 + misses(found))


def test_similarity_never_mirrors():
    mirrored = POINTS * np.float32([-1, 1])
    assert np.linalg.det(similarity_from_points(POINTS, mirrored)[:, :2]) > 0


def test_scale_of_a_matrix():
    assert scale_of(compose(translation(4, 5), rotation(30), scaling(2.5))) == pytest.approx(2.5, rel=1e-6)
    assert scale_of(scaling(2, 8)) == pytest.approx(4)
    assert scale_of(scaling(-1, 1)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: invert(scaling(1, 0)), "cannot be inverted"),
        (lambda: compose(np.eye(3)), r"shape \(3, 3\)"),
        (lambda: apply(identity(), np.zeros((3, 3))), r"shape \(3, 3\)"),
        (lambda: apply(identity() * np.float32(np.nan), POINTS), "finite"),
        (lambda: crop_from_box((4, 0, 4, 8), (2, 2)), r"x1 > x0"),
        (lambda: crop_from_box((0, 0, 4, 8), (0, 2)), r"size must be"),
        (lambda: similarity_from_points(POINTS, POINTS[:2]), "got 4 and 2"),
        (lambda: similarity_from_points(POINTS[:1], POINTS[:1]), "got 1 and 1"),
        (lambda: similarity_from_points(POINTS[[1, 1]], POINTS[:2]), "all be one point"),
        (lambda: affine_from_points(POINTS[:2], POINTS[:2]), "got 2 and 2"),
        (lambda: affine_from_points(np.float32([[0, 0], [1, 1], [2, 2]]), POINTS[:3]), "on one line"),
    ],
)
def test_what_cannot_be_is_refused(call, words):
    with pytest.raises(UsageError, match=words):
        call()
