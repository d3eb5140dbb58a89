"""The photo's light, estimated from drawn faces whose light is known."""

from __future__ import annotations

import numpy as np
import pytest
from painting import drawn, fresh_canvas, normals_of

from kohl.color.srgb import linear_from_srgb
from kohl.rendering.light import LUMINANCE, estimate_light, luminance

LEFT, RIGHT = (0.9, -0.2, 0.6), (-0.9, -0.2, 0.6)


def test_luminance_is_ys_and_the_same_for_pixels_and_pictures():
    picture = np.random.default_rng(0).random((4, 5, 3), np.float32)
    np.testing.assert_allclose(luminance(picture), luminance(picture.reshape(-1, 3)).reshape(4, 5), atol=1e-6)
    assert float(LUMINANCE.sum()) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(("light", "side"), [(LEFT, 1), (RIGHT, -1)])
def test_the_side_that_the_light_comes_from(light, side):
    direction = fresh_canvas(light=light).shading.light.direction
    assert np.linalg.norm(direction) == pytest.approx(1, abs=1e-5)
    assert side * direction[0] > 0.15
    assert direction[2] > 0


def test_half_the_exposure_is_half_the_light():
    image, face = drawn()
    window = linear_from_srgb(image[face.window_slices])
    masks, normals = face.masks, normals_of(face)
    whole, half = (estimate_light(window * share, masks.skin, masks.eyes, normals).color for share in (np.float32(1), np.float32(0.5)))
    np.testing.assert_allclose(half, whole / 2, rtol=0.02)


def test_a_colour_cast_is_followed_half_the_way():
    image, face = drawn()
    window = linear_from_srgb(image[face.window_slices])
    cast = np.array([1.15, 1.0, 0.85], np.float32)
    masks, normals = face.masks, normals_of(face)
    before, after = (estimate_light(window * tint, masks.skin, masks.eyes, normals).color for tint in (np.ones(3, np.float32), cast))
    turned = (after / luminance(after)) / (before / luminance(before))
    assert 1.02 < turned[0] / turned[2] < cast[0] / cast[2]


def test_nothing_to_go_by_gives_white_light_from_the_front():
    nothing = np.zeros((16, 16), np.float32)
    light = estimate_light(np.full((16, 16, 3), 0.5, np.float32), nothing, nothing, np.zeros((16, 16, 3), np.float32))
    assert np.ptp(light.color) == pytest.approx(0, abs=1e-6)
    assert light.direction[2] > 0.5
