"""The canvas touches what it is told to, and nothing else."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from painting import fresh_canvas

from kohl.core.arrays import Image, Mask
from kohl.faces.face import Face
from kohl.rendering.canvas import Canvas, compress
from kohl.rendering.film import Film
from kohl.rendering.stencil import Stencil
from kohl.rendering.zones.eyes import eyeshadow_zone


@pytest.fixture
def canvas() -> Canvas:
    return fresh_canvas()


@pytest.fixture
def photo(canvas: Canvas) -> Image:
    """The window as it is before anything is painted."""
    return canvas.pixels.copy()


def square(canvas: Canvas, value: float = 1.0) -> Mask:
    mask = np.zeros(canvas.size, np.float32)
    mask[60:90, 70:110] = value
    return mask


def test_a_photo_that_is_all_window_is_never_painted_itself(drawn_image: Image, drawn_face: Face) -> None:
    photo = drawn_image[drawn_face.window_slices].copy()
    face = dataclasses.replace(drawn_face, window=(0, photo.shape[0], 0, photo.shape[1]))
    assert not np.shares_memory(Canvas.of(photo, face).finish(), photo)


def test_a_canvas_that_nobody_touched_is_the_photo(canvas, photo):
    assert (canvas.finish() == photo).all()


def test_paint_stays_in_its_mask_to_the_last_bit(canvas, photo):
    mask = square(canvas)
    canvas.paint(mask, Film.from_reflectance([0.4, 0.05, 0.05]).over)
    result = canvas.finish()
    assert (result[mask == 0] == photo[mask == 0]).all()
    assert (result[mask > 0] != photo[mask > 0]).any(-1).all()


def test_a_film_too_thin_for_eight_bits_is_left_out(canvas, photo):
    canvas.paint(square(canvas, 1 / 2000), Film.from_reflectance([0.4, 0.05, 0.05]).over)
    assert (canvas.finish() == photo).all()


@pytest.mark.parametrize("make", [lambda c, m: c.scale_albedo(m, np.full(c.size, 0.8, np.float32)), lambda c, m: c.scale_highlight(m, 3.0)])
def test_factors_stay_in_their_mask(canvas, photo, make):
    mask = square(canvas)
    make(canvas, mask)
    result = canvas.finish()
    assert (result[mask == 0] == photo[mask == 0]).all()


def test_a_factor_of_one_changes_no_highlight(canvas):
    canvas.scale_highlight(square(canvas), 1.0)
    assert canvas.touched.max() == 0


def shiny(canvas: Canvas) -> tuple[Canvas, Mask]:
    """The canvas as if half of all its light were mirrored, and a (h, w) checkerboard of the glints among it."""
    glints = np.indices(canvas.size).sum(0) % 2 * np.float32(0.5) + np.float32(0.5)
    mirrored = 0.5 * canvas.linear.min(-1) * glints / canvas.shading.light.white.max()
    return dataclasses.replace(canvas, shading=dataclasses.replace(canvas.shading, highlight=mirrored)), glints > 0.9


def test_matte_on_matte_takes_no_more_light_than_is_mirrored(canvas):
    """Every layer used to take its share of the photo's highlight, and three of them more than all of it: black holes with a red rim."""
    dulled, _ = shiny(canvas)
    stencil, levels = Stencil.of(square(dulled)), []
    for _ in range(6):
        levels.append(dulled.shown(stencil).mean())
        dulled.scale_highlight(stencil, 0.25)
    without = stencil.take(dulled.linear) - stencil.take(dulled.shading.highlight)[..., None] * dulled.shading.light.white
    assert (np.diff(levels) < 0).all()
    assert (dulled.shown(stencil) >= without - 1e-6).all()
    assert levels[0] - levels[1] > 0.6 * (levels[0] - without.mean())


def test_matte_takes_more_of_the_sheen_than_of_the_glints(canvas):
    dulled, bright = shiny(canvas)
    stencil = Stencil.of(square(dulled))
    sparkling, contrasts = stencil.take(bright), []
    for _ in range(2):
        shown = dulled.shown(stencil).mean(-1) - stencil.take(dulled.linear).mean(-1) + stencil.take(dulled.shading.highlight)
        contrasts.append(shown[sparkling].mean() - shown[~sparkling].mean())
        dulled.scale_highlight(stencil, 0.25)
    assert 0.3 * contrasts[0] < contrasts[1] < 0.6 * contrasts[0], "a quarter is left of the sheen, its root of the glints"


def test_added_light_brightens(canvas, photo):
    inside = square(canvas) > 0
    canvas.add_highlight(Stencil.of(square(canvas)), np.full((1, 30 * 40, 3), 0.2, np.float32))
    assert (canvas.finish()[inside] >= photo[inside]).all()
    assert canvas.finish()[inside].mean() > photo[inside].mean() + 0.05


def test_hidden_light_is_gone_and_the_photos_own_stays(canvas, photo):
    stencil = Stencil.of(square(canvas))
    canvas.add_highlight(stencil, np.full((1, 30 * 40, 3), 0.2, np.float32))
    canvas.hide_highlight(stencil)
    np.testing.assert_allclose(canvas.finish(), photo, atol=1e-6)


def test_a_list_of_factors_does_what_a_picture_of_them_does():
    first, second = fresh_canvas(), fresh_canvas()
    factor = np.random.default_rng(0).uniform(0.5, 1.2, (*first.size, 3)).astype(np.float32)
    stencil = Stencil.of(square(first, 0.7))
    first.scale_albedo(square(first, 0.7), factor)
    second.multiply_albedo(stencil, stencil.take(factor))
    assert (first.finish() == second.finish()).all()


def test_a_zone_is_what_the_chart_shows_on_skin(canvas):
    texture = eyeshadow_zone("lid", "classic")
    whole = Stencil.of(canvas.on_skin(canvas.face.field.sample(texture)))
    zone = canvas.zone(texture)
    assert (zone.pixels == whole.pixels).all()
    assert (zone.mask == whole.mask).all()
    assert canvas.zone(texture, canvas.face.masks.eyes).mask.max(initial=0) <= canvas.face.masks.eyes.max()
    assert canvas.zone(np.zeros_like(texture)).is_empty


def test_on_skin_leaves_eyes_mouth_lips_and_brows_out(canvas):
    masks = canvas.face.masks
    everywhere = np.ones(canvas.size, np.float32)
    on_face, on_skin = canvas.face_room, canvas.on_skin(everywhere)
    assert on_face[masks.eyes > 0.99].max() < 0.02
    assert on_face[masks.lips > 0.99].min() > 0.5
    assert on_skin[(masks.lips > 0.99) | (masks.brows > 0.99)].max() < 0.02


def test_what_is_brighter_than_white_keeps_its_hue_and_is_lightened():
    red = compress(np.array([[[1.6, 0.4, 0.4]]], np.float32))[0, 0]
    assert red[0] == pytest.approx(1)
    assert red[1] == pytest.approx(red[2])
    assert 0.25 < red[1] < 1
    assert compress(np.array([[[9.0, 9.0, 9.0], [-0.1, 0.2, 0.3]]], np.float32)).tolist() == [[[1, 1, 1], pytest.approx([0, 0.2, 0.3])]]
