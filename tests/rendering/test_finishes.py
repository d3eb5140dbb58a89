"""Finishes change highlight and lightness, never hue."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from painting import drawn, fresh_canvas, hue_degrees, mean_lab, painted, whole

from drawn import SKINS
from kohl.looks.layers import Eyeshadow, Finish, LipFinish, Lipstick, Pan
from kohl.rendering.canvas import Canvas
from kohl.rendering.finishes import RECIPES, apply_finish
from kohl.rendering.light import luminance
from kohl.rendering.relief import lid_relief, mesh_relief
from kohl.rendering.stencil import Stencil
from kohl.rendering.zones.eyes import eyeshadow_zone

LIP_FINISHES = [finish for finish in Finish if any(finish in get_args(option) for option in (LipFinish,))]
RED = "#a3263a"


def lips_of(tone: str) -> np.ndarray:
    face = drawn(tone)[1]
    return whole(face.masks.lips, face)


def lipstick(finish: Finish, tone: str = "medium") -> np.ndarray:
    return painted(Lipstick(pigment=RED, coverage=0.8, finish=finish), tone=tone)


def test_every_finish_has_a_recipe():
    assert set(RECIPES) == set(Finish)
    assert len(LIP_FINISHES) == 9


@pytest.mark.parametrize("tone", SKINS)
@pytest.mark.parametrize("finish", [f for f in LIP_FINISHES if f not in (Finish.SHEER, Finish.HOLOGRAPHIC)])
def test_convention_finish(finish, tone):
    lips = lips_of(tone)
    satin, other = (hue_degrees(mean_lab(lipstick(which, tone), lips)) for which in (Finish.SATIN, finish))
    assert abs(other - satin) <= 3


def test_holographic_turns_within_two_colours_around_satins():
    lips = lips_of("medium")
    satin, other = (hue_degrees(mean_lab(lipstick(which), lips)) for which in (Finish.SATIN, Finish.HOLOGRAPHIC))
    assert abs(other - satin) <= 35


@pytest.mark.parametrize("tone", SKINS)
def test_the_brightest_of_the_lips_grows_from_matte_over_satin_to_gloss(tone):
    lips = lips_of(tone) > 0.9
    peaks = [float(np.percentile(luminance(lipstick(finish, tone))[lips], 99)) for finish in (Finish.MATTE, Finish.SATIN, Finish.GLOSS)]
    assert peaks[0] < peaks[1] < peaks[2]


def test_gloss_is_a_highlight_and_no_fog():
    lips = lips_of("medium") > 0.9
    gain = luminance(lipstick(Finish.GLOSS))[lips] - luminance(lipstick(Finish.SATIN))[lips]
    assert np.percentile(gain, 99) > 0.1
    assert np.median(gain) < 0.02


def test_gloss_moves_with_the_light():
    tilts = {}
    for side in (-1.0, 1.0):
        pose = {"light": (0.9 * side, -0.2, 0.6)}
        image, face = drawn(**pose)
        bright = painted(Lipstick(pigment=RED, coverage=0.8, finish="gloss"), **pose) - painted(Lipstick(pigment=RED, coverage=0.8), **pose)
        weight = np.clip(bright.mean(-1), 0, None) * whole(face.masks.lips, face)
        columns = np.arange(image.shape[1])
        tilts[side] = float((weight.sum(0) * columns).sum() / weight.sum())
    assert tilts[1.0] > tilts[-1.0] + 5


def test_every_finish_differs_from_satin():
    lips = lips_of("medium") > 0.9
    satin = lipstick(Finish.SATIN)
    for finish in LIP_FINISHES:
        if finish is not Finish.SATIN:
            assert np.abs(lipstick(finish) - satin)[lips].mean() > 0.004, finish


@pytest.mark.parametrize("tone", SKINS)
def test_a_metallic_lid_outshines_a_matte_one(tone):
    face = drawn(tone)[1]
    lid = whole(fresh_canvas(tone).on_skin(face.field.sample(eyeshadow_zone("lid", "classic"))), face) > 0.8
    gold = {
        finish: luminance(painted(Eyeshadow(pans=(Pan(zone="lid", pigment="#b0783a", finish=finish),)), tone=tone))[lid]
        for finish in ("matte", "metallic")
    }
    assert np.percentile(gold["metallic"], 95) > 1.15 * np.percentile(gold["matte"], 95)


def test_a_metallic_highlight_has_the_pigments_colour():
    gold = np.array([0.43, 0.19, 0.04], np.float32)
    added = {finish: added_light(fresh_canvas(), gold, finish) for finish in (Finish.GLOSS, Finish.METALLIC)}
    assert added[Finish.METALLIC][0] / added[Finish.METALLIC][2] > 3
    assert added[Finish.GLOSS][0] / added[Finish.GLOSS][2] < 1.5


def added_light(canvas: Canvas, opaque: np.ndarray, finish: Finish) -> np.ndarray:
    mask = (canvas.face.masks.skin > 0.99).astype(np.float32)
    canvas.shading.highlight[:] = 0
    apply_finish(canvas, mask, opaque, finish, 0)
    return canvas.highlight.reshape(-1, 3).sum(0)


def test_a_finish_of_nothing_touches_nothing():
    canvas = fresh_canvas()
    apply_finish(canvas, np.zeros(canvas.size, np.float32), np.full(3, 0.5, np.float32), Finish.GLITTER, 0)
    assert canvas.touched.max() == 0


def test_lids_bulge_and_the_rest_keeps_the_meshs_normals():
    canvas = fresh_canvas()
    everywhere = Stencil.of(np.ones(canvas.size, np.float32))
    mesh, lids = (relief(canvas, everywhere).reshape(*canvas.size, 3) for relief in (mesh_relief, lid_relief))
    np.testing.assert_allclose(np.linalg.norm(lids, axis=-1), 1, atol=1e-4)
    changed = np.abs(lids - mesh).max(-1) > 1e-3
    lid = canvas.face.field.sample(eyeshadow_zone("lid", "classic")) > 0.9
    assert changed[lid].mean() > 0.9
    assert not changed[canvas.face.masks.lips > 0.5].any()
