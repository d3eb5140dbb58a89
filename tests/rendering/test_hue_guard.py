"""The hue guard: a region's mean comes back to the hue it had, and nothing else about it changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from painting import drawn, fresh_canvas, hue_degrees, painted, whole

from drawn import SKINS
from kohl.color.lab import chroma_hue, lab_from_linear
from kohl.color.srgb import linear_from_srgb
from kohl.core.arrays import FloatArray
from kohl.looks.layers import Eyeshadow, Pan
from kohl.rendering.canvas import Canvas
from kohl.rendering.film import Film
from kohl.rendering.hue_guard import HueGuard, core_of
from kohl.rendering.stencil import Stencil
from kohl.rendering.zones.eyes import eyeshadow_zone

BLUE = [0.02, 0.05, 0.3]


def on_lips(pigment: list[float]) -> tuple[Canvas, Stencil]:
    canvas = fresh_canvas()
    lips = Stencil.of(canvas.face.masks.lips)
    canvas.paint(lips, Film.from_reflectance(pigment).over)
    return canvas, lips


def guard_of(canvas: Canvas, lips: Stencil) -> HueGuard:
    core = lips.pick(core_of(lips))
    return HueGuard(canvas, lips, core, np.zeros_like(core.mask))


def core_mean(canvas: Canvas, lips: Stencil) -> FloatArray:
    core = lips.only(0.9 * float(lips.mask.max()))
    return lab_from_linear(linear_from_srgb(core.take(canvas.finish())).mean((0, 1)))


def add_light(canvas: Canvas, lips: Stencil, light: list[float]) -> None:
    canvas.add_highlight(lips, np.asarray(lips.mask[..., None] * np.array(light, np.float32), np.float32))


@settings(max_examples=25, deadline=None)
@given(level=st.floats(-0.005, 0.04), cast=st.tuples(*[st.floats(0.9, 1.12)] * 3))
def test_no_more_and_no_less_light_turns_the_hue(level, cast):
    canvas, lips = on_lips(BLUE)
    guard, before = guard_of(canvas, lips), core_mean(canvas, lips)
    add_light(canvas, lips, [level * share for share in cast])
    lit = core_mean(canvas, lips)
    guard.turn_back()
    after = core_mean(canvas, lips)
    assert abs(hue_degrees(after) - hue_degrees(before)) < 0.5
    assert after[0] == pytest.approx(lit[0], abs=0.2)
    assert float(chroma_hue(after)[0]) == pytest.approx(float(chroma_hue(lit)[0]), abs=1.0)


def test_a_grey_film_is_not_pulled_to_a_hue_that_it_hardly_has():
    canvas, lips = on_lips([0.2, 0.2, 0.2])
    own = linear_from_srgb(lips.only(0.9).take(canvas.finish())).mean((0, 1))
    canvas.tint(lips, np.asarray(0.1 * np.array([1, 1.004, 1], np.float32) / own, np.float32))
    guard = guard_of(canvas, lips)
    add_light(canvas, lips, [0.05, 0.0, 0.0])
    red = core_mean(canvas, lips)
    guard.turn_back()
    assert abs(hue_degrees(core_mean(canvas, lips)) - hue_degrees(red)) < 20


def test_a_hue_that_did_not_turn_costs_nothing():
    canvas, lips = on_lips(BLUE)
    guard, before = guard_of(canvas, lips), canvas.finish()
    guard.turn_back()
    np.testing.assert_allclose(canvas.finish(), before, atol=2e-5)


def test_nothing_beyond_the_mask_changes():
    canvas, lips = on_lips(BLUE)
    guard, before = guard_of(canvas, lips), canvas.finish()
    add_light(canvas, lips, [0.05, 0.0, 0.0])
    guard.turn_back()
    bare = whole(canvas.face.masks.lips, canvas.face)[canvas.face.window_slices] == 0
    assert (canvas.finish()[bare] == before[bare]).all()


@pytest.mark.parametrize("tone", SKINS)
@pytest.mark.parametrize("pigment", ["#23366f", "#8a5a2e", "#b5476b"])
@pytest.mark.parametrize("finish", ["matte", "metallic", "shimmer", "glitter"])
def test_lids_keep_their_hue_in_every_finish(finish, pigment, tone):
    face = drawn(tone)[1]
    zone = fresh_canvas(tone).on_skin(face.field.sample(eyeshadow_zone("lid", "classic")))
    core = whole(zone, face) > 0.9 * zone.max()
    satin, other = (
        painted(Eyeshadow(pans=(Pan(zone="lid", pigment=pigment, coverage=0.9, finish=which),)), tone=tone)[core] for which in ("satin", finish)
    )
    turn = np.subtract(*(hue_degrees(lab_from_linear(linear_from_srgb(pixels).mean(0))) for pixels in (other, satin)))
    assert abs((turn + 180) % 360 - 180) < 1


def test_the_core_is_where_the_mask_is_fullest_and_never_more_than_enough():
    mask = np.linspace(0, 0.8, 400 * 300, dtype=np.float32).reshape(400, 300)
    stencil = Stencil.of(mask)
    core = stencil.pick(core_of(stencil))
    assert core.mask.min() >= 0.72
    assert 4096 < core.mask.size <= 1 << 14
    small = Stencil.of(mask[:20, :10] + np.float32(0.5))
    assert core_of(small).size == 200
