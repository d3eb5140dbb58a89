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
from kohl.core.arrays import FloatArray, Mask
from kohl.looks.layers import Eyeshadow, Pan
from kohl.rendering.canvas import Canvas, box_of
from kohl.rendering.film import Film
from kohl.rendering.hue_guard import HueGuard
from kohl.rendering.zones.eyes import eyeshadow_zone

BLUE = [0.02, 0.05, 0.3]


def on_lips(pigment: list[float]) -> tuple[Canvas, Mask, tuple[slice, slice]]:
    canvas = fresh_canvas()
    canvas.paint(canvas.face.masks.lips, Film.from_reflectance(pigment).over)
    box = box_of(canvas.face.masks.lips)
    return canvas, canvas.face.masks.lips[box], box


def guard_of(canvas: Canvas, mask: Mask, box: tuple[slice, slice]) -> HueGuard:
    return HueGuard(canvas, box, mask, np.zeros_like(mask))


def core_mean(canvas: Canvas, mask: Mask, box: tuple[slice, slice]) -> FloatArray:
    return lab_from_linear(linear_from_srgb(canvas.finish()[box][mask >= 0.9 * mask.max()]).mean(0))


@settings(max_examples=25, deadline=None)
@given(level=st.floats(-0.005, 0.04), cast=st.tuples(*[st.floats(0.9, 1.12)] * 3))
def test_no_more_and_no_less_light_turns_the_hue(level, cast):
    canvas, mask, box = on_lips(BLUE)
    guard, before = guard_of(canvas, mask, box), core_mean(canvas, mask, box)
    canvas.add_highlight(box, np.asarray(mask[..., None] * level * np.array(cast, np.float32), np.float32))
    lit = core_mean(canvas, mask, box)
    guard.turn_back()
    after = core_mean(canvas, mask, box)
    assert abs(hue_degrees(after) - hue_degrees(before)) < 0.5
    assert after[0] == pytest.approx(lit[0], abs=0.2)
    assert float(chroma_hue(after)[0]) == pytest.approx(float(chroma_hue(lit)[0]), abs=1.0)


def test_a_grey_film_is_not_pulled_to_a_hue_that_it_hardly_has():
    canvas, mask, box = on_lips([0.2, 0.2, 0.2])
    own = linear_from_srgb(canvas.finish()[box][mask > 0.9]).mean(0)
    canvas.tint(box, mask, np.asarray(0.1 * np.array([1, 1.004, 1], np.float32) / own, np.float32))
    guard = guard_of(canvas, mask, box)
    canvas.add_highlight(box, np.asarray(mask[..., None] * np.array([0.05, 0.0, 0.0], np.float32), np.float32))
    red = core_mean(canvas, mask, box)
    guard.turn_back()
    assert abs(hue_degrees(core_mean(canvas, mask, box)) - hue_degrees(red)) < 20


def test_a_hue_that_did_not_turn_costs_nothing():
    canvas, mask, box = on_lips(BLUE)
    guard, before = guard_of(canvas, mask, box), canvas.finish()
    guard.turn_back()
    np.testing.assert_allclose(canvas.finish(), before, atol=2e-5)


def test_nothing_beyond_the_mask_changes():
    canvas, mask, box = on_lips(BLUE)
    guard, before = guard_of(canvas, mask, box), canvas.finish()
    canvas.add_highlight(box, np.asarray(mask[..., None] * np.array([0.05, 0.0, 0.0], np.float32), np.float32))
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
