"""A window taken apart must go together again."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from painting import drawn, fresh_canvas

from drawn import SKINS
from kohl.color.srgb import linear_from_srgb
from kohl.rendering.canvas import Canvas
from kohl.rendering.light import luminance


@pytest.mark.parametrize("tone", SKINS)
def test_albedo_times_shade_times_light_plus_highlight_is_the_photo(tone):
    canvas = fresh_canvas(tone)
    shading = canvas.shading
    white = shading.light.color / luminance(shading.light.color)
    again = shading.albedo * shading.shade[..., None] * shading.light.color + shading.highlight[..., None] * white
    free = ((shading.albedo > 1.01e-3) & (shading.albedo < 0.9599)).all(-1)
    assert free[canvas.face.masks.skin > 0.5].mean() > 0.98
    np.testing.assert_allclose(again[free], canvas.linear[free], atol=2e-5)


@pytest.mark.parametrize("tone", SKINS)
def test_the_own_skin_is_what_was_drawn(tone):
    own = fresh_canvas(tone).shading.skin_albedo
    drawn_skin = linear_from_srgb(np.array(SKINS[tone], np.float32))
    np.testing.assert_allclose(own / own.sum(), drawn_skin / drawn_skin.sum(), atol=0.03)


def test_tones_keep_their_order():
    levels = [float(luminance(fresh_canvas(tone).shading.skin_albedo)) for tone in ("deep", "medium", "fair")]
    assert levels == sorted(levels)


def test_pores_are_shade_and_not_albedo():
    canvas = fresh_canvas()
    skin = canvas.face.masks.skin > 0.95
    albedo = luminance(canvas.shading.albedo)
    assert albedo[skin].std() / albedo[skin].mean() < 0.35 * canvas.shading.shade[skin].std() / canvas.shading.shade[skin].mean()


def test_shade_is_darker_on_the_side_away_from_the_light():
    canvas = fresh_canvas(light=(0.9, -0.2, 0.6))
    illumination, skin = canvas.shading.illumination, canvas.face.masks.skin > 0.9
    middle = canvas.size[1] // 2
    assert illumination[:, :middle][skin[:, :middle]].mean() < 0.9 * illumination[:, middle:][skin[:, middle:]].mean()


def test_highlights_are_never_negative_nor_all_of_a_pixel():
    image, face = drawn("deep")
    canvas = fresh_canvas("deep")
    assert canvas.shading.highlight.min() >= 0
    assert (canvas.shading.highlight <= luminance(linear_from_srgb(image[face.window_slices])) + 1e-6).all()


@pytest.mark.parametrize("tone", SKINS)
def test_a_lower_lip_that_is_paler_by_nature_is_no_mirror(tone):
    """What counts as mirrored light comes out from under every lipstick as a veil of the lamp's own colour."""
    image, face = drawn(tone)
    rows, columns = np.indices(face.masks.lips.shape)
    row, column = face.window[0] + rows, face.window[2] + columns
    half = np.ptp(face.points[[61, 291], 0]) / 4
    middle = (row > face.points[13, 1] + 0.5) & (np.abs(column - face.points[14, 0]) < half)
    paler = image.copy()
    paler[face.window_slices] *= 1 + 0.6 * cv2.GaussianBlur(middle * face.masks.lips, (0, 0), 1)[..., None]
    canvas = Canvas.of(np.clip(paler, 0, 1), face)
    core = cv2.erode(middle.astype(np.uint8), np.ones((5, 5))) * face.masks.lips > 0.9
    assert core.sum() > 50
    assert (canvas.shading.highlight[core] / luminance(canvas.linear[core])).mean() < 0.3


@pytest.mark.parametrize("tone", ["fair", "medium"])
def test_skin_in_a_soft_edge_of_the_lips_is_no_light_on_them(tone):
    """A blurred photo's lips end softly, their mask does not: the skin in between would shine through every lipstick as a bright line."""
    image, face = drawn(tone)
    dark, soft = image.copy(), cv2.GaussianBlur(face.masks.lips, (0, 0), 2)[..., None]
    dark[face.window_slices] = cv2.GaussianBlur(image[face.window_slices], (0, 0), 2) * (1 - 0.6 * soft)
    shading = Canvas.of(dark, face).shading
    solid = face.masks.lips > 0.95
    depth = cv2.distanceTransform(solid.astype(np.uint8), cv2.DIST_L2, 5)
    rim, behind = solid & (depth <= 2), solid & (depth > 4)
    given = luminance(linear_from_srgb(dark[face.window_slices]))
    assert np.median(given[rim]) > 1.5 * np.median(given[behind]), "the test's own rim must be lighter"
    light = shading.shade + shading.highlight / luminance(shading.light.color)
    assert np.percentile(light[rim], 75) < 1.35 * np.median(light[behind]), "without this it is 1.4"
