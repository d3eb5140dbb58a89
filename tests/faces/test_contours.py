import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kohl.faces.contours import between, fill, ribbon, smooth_curve
from kohl.faces.patch import cut_patch, signed_distance
from kohl.faces.tones import local_mean, tones_of


def disc(centre, radius, count=64):
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return (np.array(centre) + radius * np.stack([np.cos(angle), np.sin(angle)], 1)).astype(np.float32)


def test_a_curve_runs_through_its_points():
    points = np.array([[0, 0], [3, 1], [4, 4], [9, 5]], np.float32)
    curve = smooth_curve(points, 10)
    np.testing.assert_allclose(curve[::10], points, atol=1e-4)
    assert len(curve) == 31


def test_a_curve_through_a_line_is_that_line():
    points = np.stack([np.array([0, 1, 5, 6]), np.array([0, 2, 10, 12])], 1).astype(np.float32)
    curve = smooth_curve(points)
    np.testing.assert_allclose(curve[:, 1], 2 * curve[:, 0], atol=1e-4)
    assert (np.diff(curve[:, 0]) > 0).all()


@settings(max_examples=40, deadline=None)
@given(st.tuples(st.floats(12, 30), st.floats(12, 30)), st.floats(4, 10))
def test_a_disc_has_its_area(centre, radius):
    mask = fill(disc(centre, radius, 200), (44, 44))
    # cv2 draws the outline itself as well: up to an eighth of a pixel all around.
    assert np.pi * (radius - 0.05) ** 2 < mask.sum() < np.pi * (radius + 0.2) ** 2
    assert mask.min() >= 0
    assert mask.max() <= 1


def test_what_is_filled_lies_at_its_place():
    mask = fill(np.array([[2, 3], [7, 3], [7, 9], [2, 9]], np.float32), (12, 12))
    assert mask[3:9, 2:7].min() == 1
    outside = mask.copy()
    outside[3:9, 2:7] = 0
    assert outside.max() <= 0.3


@pytest.mark.parametrize("shift", [-100.0, 100.0])
def test_shapes_beyond_the_picture_are_cut_off(shift):
    assert fill(disc((10 + shift, 10), 5), (20, 20)).max() == 0
    assert fill(disc((0, 10), 5), (20, 20)).sum() == pytest.approx(np.pi * 25 / 2, rel=0.12)


def test_between_joins_two_curves():
    first, second = np.array([[0, 0], [1, 1], [2, 0]], np.float32), np.array([[0, 0], [1, -1], [2, 0]], np.float32)
    assert between(first, second).tolist() == [[0, 0], [1, 1], [2, 0], [1, -1]]


def test_a_ribbon_is_as_wide_as_asked():
    curve = np.stack([np.linspace(5, 35, 30), np.full(30, 20.0)], 1).astype(np.float32)
    mask = fill(ribbon(curve, np.full(30, 6, np.float32)), (40, 40))
    assert mask[:, 20].sum() == pytest.approx(6, abs=0.4)


def test_signed_distance_is_positive_inside():
    distance = signed_distance(disc((20, 20), 10), (40, 40))
    assert distance[20, 20] == pytest.approx(9.5, abs=1)
    assert distance[20, 2] == pytest.approx(-7.5, abs=1)
    assert signed_distance(np.full((3, 2), 500, np.float32), (40, 40)).max() < 0


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
def test_an_edge_found_on_a_patch_is_drawn_at_the_photos_scale(scale):
    pixels = np.zeros((60, 70, 3), np.float32)
    outline = disc((35.3, 30.2), 14, 200)
    patch = cut_patch(pixels, outline, 8, scale)
    mask = np.zeros((60, 70), np.float32)
    mask[patch.slices] = patch.draw_edge(signed_distance(patch.place(outline), patch.size))
    assert np.abs(mask - fill(outline, (60, 70))).mean() < 0.01
    soft = ((mask > 0.02) & (mask < 0.98)).sum() / (2 * np.pi * 14)
    assert 0.8 < soft < 2.2


def test_a_patch_outside_the_picture_is_none():
    assert cut_patch(np.zeros((20, 20, 3), np.float32), disc((90, 90), 4), 2, 1.0) is None


@given(st.floats(0.3, 1.0), st.integers(0, 100))
@settings(max_examples=30, deadline=None)
def test_chromaticity_does_not_depend_on_the_light(dimming, seed):
    pixels = np.random.default_rng(seed).uniform(0.4, 1.0, (4, 4, 3)).astype(np.float32)
    full, dim = tones_of(pixels), tones_of(pixels * np.float32(dimming))
    np.testing.assert_allclose(full[..., 1:], dim[..., 1:], atol=0.06)
    assert (dim[..., 0] <= full[..., 0] + 1e-6).all()


def test_local_mean_listens_to_weights_only():
    values = np.zeros((30, 30, 1), np.float32)
    values[:, 15:] = 1
    weights = np.zeros((30, 30), np.float32)
    weights[:, 15:] = 1
    np.testing.assert_allclose(local_mean(values, weights, 4.0)[:, 10:], 1, atol=0.05)
    assert np.isfinite(local_mean(values, weights * 0, 4.0)).all()
