"""Lipstick, ombré and liner on the lips."""

from __future__ import annotations

import numpy as np
import pytest
from painting import difference, drawn, fresh_canvas, painted, whole

from drawn import SKINS
from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.color.srgb import srgb_from_linear
from kohl.looks.layers import LipLiner, Lipstick, Ombre
from kohl.looks.pigment import Pigment
from kohl.rendering.film import Film

RED = "#a3263a"


@pytest.mark.parametrize("mouth_open", [0.0, 0.8])
def test_lipstick_stays_on_the_lips(mouth_open):
    image, face = drawn(mouth_open=mouth_open)
    moved = difference(image, painted(Lipstick(pigment=RED), mouth_open=mouth_open))
    lips = whole(face.masks.lips, face)
    assert moved[lips == 0].max() == 0
    assert moved[lips > 0.9].mean() > 8
    assert moved[whole(face.masks.mouth, face) > 0.999].max(initial=0) == 0


@pytest.mark.parametrize("tone", SKINS)
@pytest.mark.parametrize("coverage", [0.3, 0.8])
def test_the_lips_have_the_colour_that_kubelka_and_munk_predict(coverage, tone):
    canvas = fresh_canvas(tone)
    inside = canvas.face.masks.lips > 0.99
    film = Film.of(Pigment(RED)).over(canvas.shading.albedo[inside], np.full(inside.sum(), coverage, np.float32))
    white = canvas.shading.highlight[inside][:, None] * canvas.shading.light.color / canvas.shading.light.color.max()
    predicted = film * canvas.shading.shade[inside][:, None] * canvas.shading.light.color + white
    result = painted(Lipstick(pigment=RED, coverage=coverage, finish="satin"), tone=tone)[canvas.face.window_slices][inside]
    means = [lab_from_srgb(colors).mean(0) for colors in (result, srgb_from_linear(np.clip(predicted, 0, 1)))]
    assert delta_e2000(*means) <= 2


def test_sheer_covers_less_than_satin():
    image, face = drawn()
    lips = whole(face.masks.lips, face) > 0.9
    satin, sheer = (difference(image, painted(Lipstick(pigment=RED, finish=finish)))[lips].mean() for finish in ("satin", "sheer"))
    assert sheer < 0.75 * satin


def test_an_ombre_has_its_inner_colour_in_the_middle_and_its_outer_at_the_edge():
    layer = Lipstick(pigment="#e8a0a0", coverage=0.9, ombre=Ombre(inner="#8a0f25", ratio=0.5, feather=0.4))
    image, face = drawn()
    x, y = face.points[17, :2]
    top = face.points[14, :2]
    column = lab_from_srgb(painted(layer))[int(top[1]) + 2 : int(y) - 1, int(x)]
    assert len(column) >= 5
    assert column[0, 0] < column[-1, 0] - 8
    assert (painted(layer) != image).any()


def test_a_wider_ombre_has_more_of_its_inner_colour():
    face = drawn()[1]
    lips = whole(face.masks.lips, face) > 0.9
    lightness = [
        lab_from_srgb(painted(Lipstick(pigment="#e8a0a0", coverage=0.9, ombre=Ombre(inner="#8a0f25", ratio=ratio))))[lips][:, 0].mean()
        for ratio in (0.2, 0.8)
    ]
    assert lightness[1] < lightness[0] - 3


def test_lip_liner_follows_the_outline_and_leaves_the_middle():
    image, face = drawn()
    moved = difference(image, painted(LipLiner(pigment="#4a1a18", thickness=0.4, coverage=0.8)))
    x, y = face.points[17, :2]
    edge = moved[int(y) - 4 : int(y) + 3, int(x)].max()
    middle = moved[int((face.points[14, 1] + y) / 2), int(x)]
    assert edge > 10
    assert middle < 0.4 * edge
    assert moved[whole(face.masks.mouth, face) > 0.999].max(initial=0) == 0
    assert moved[: int(face.points[2, 1])].max() == 0


def test_a_thicker_liner_covers_more():
    image, _ = drawn()
    thin, thick = (difference(image, painted(LipLiner(pigment="#4a1a18", thickness=thickness))).sum() for thickness in (0.2, 0.9))
    assert thick > 1.3 * thin
