import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kohl.geometry.triangles import affine_of, interpolate, rasterise, signed_area

SQUARE = np.array([[[0, 0], [8, 0], [8, 6]], [[0, 0], [8, 6], [0, 6]]], np.float64)


def fan(corners, centre):
    """Triangles from `centre` to every edge of a closed polygon."""
    corners = np.asarray(corners, np.float64)
    return np.stack([np.broadcast_to(centre, corners.shape), corners, np.roll(corners, -1, axis=0)], 1)


def test_every_pixel_of_a_partition_is_covered_exactly_once():
    alone = [rasterise(SQUARE[i : i + 1], (6, 8)) >= 0 for i in range(2)]
    assert np.array_equal(alone[0] ^ alone[1], np.ones((6, 8), bool))


@settings(max_examples=60, deadline=None)
@given(st.tuples(st.floats(1, 30), st.floats(1, 22)), st.integers(0, 1000))
@example((1.5, 1.5), 0)  # a corner on a pixel's very centre
def test_a_fan_of_triangles_is_watertight(centre, seed):
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.uniform(0, 2 * np.pi, 9))
    outline = np.array(centre) + rng.uniform(2, 14) * np.stack([np.cos(angle), np.sin(angle)], 1)
    triangles = fan(outline, centre)
    times = sum((rasterise(triangles[i : i + 1], (24, 32)) >= 0).astype(int) for i in range(len(triangles)))
    together = rasterise(triangles, (24, 32)) >= 0
    # Where the outline turns back over itself (a wide gap between two angles) triangles do overlap; nowhere else.
    gaps = np.diff(np.append(angle, angle[0] + 2 * np.pi))
    if gaps.max() < np.pi:
        assert times.max() <= 1
    assert np.array_equal(together, times > 0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=6, max_size=6), st.integers(0, 1000))
def test_affine_values_are_reproduced(matrix, seed):
    rng = np.random.default_rng(seed)
    corners = rng.uniform(-5, 35, (6, 3, 2))
    matrix = np.array(matrix).reshape(2, 3)
    values = np.einsum("cd,tvd->tvc", matrix[:, :2], corners) + matrix[:, 2]
    covered = rasterise(corners, (24, 32))
    # A sliver's slopes are its corners' rounding errors divided by its area.
    inside = (covered >= 0) & (np.abs(signed_area(corners))[covered] > 1)
    found = interpolate(covered, affine_of(corners, values))
    rows, columns = np.mgrid[0:24, 0:32] + 0.5
    expected = np.stack([columns, rows], -1) @ matrix[:, :2].T + matrix[:, 2]
    np.testing.assert_allclose(found[inside], expected[inside], atol=2e-2)
    assert not found[covered < 0].any()


def test_the_last_in_order_lies_on_top():
    twice = np.concatenate([SQUARE[:1], SQUARE[:1]])
    assert set(np.unique(rasterise(twice, (6, 8)))) == {-1, 1}
    assert set(np.unique(rasterise(twice, (6, 8), np.array([1, 0], np.int32)))) == {-1, 0}


@pytest.mark.parametrize("turn", [1, -1])
def test_both_windings_cover_the_same_pixels(turn):
    assert (rasterise(SQUARE[:1, ::turn], (6, 8)) >= 0).sum() == (rasterise(SQUARE[:1], (6, 8)) >= 0).sum()
    assert np.sign(signed_area(SQUARE[:1, ::turn]))[0] == turn


def test_what_lies_outside_the_picture_is_cut_off():
    large = np.array([[[-100, -50], [300, -50], [50, 400]]], np.float64)
    assert (rasterise(large, (6, 8)) == 0).all()
    assert (rasterise(large + 1000, (6, 8)) == -1).all()


def test_degenerate_triangles_cover_nothing_and_carry_their_mean():
    line = np.array([[[1, 1], [5, 5], [3, 3]]], np.float64)
    assert (rasterise(line, (6, 8)) == -1).all()
    matrices = affine_of(line, np.array([[[1.0], [2.0], [6.0]]]))
    np.testing.assert_allclose(matrices[0], [[0, 0, 3]])


def test_no_triangles_cover_nothing():
    assert (rasterise(np.empty((0, 3, 2)), (4, 4)) == -1).all()
