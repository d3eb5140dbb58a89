"""Eyeshadow, liner and lashes land on lids and lash lines and nowhere else."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from painting import difference, drawn, fresh_canvas, look_of, painted, whole

from drawn import SKINS
from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.color.srgb import srgb_from_linear
from kohl.looks.layers import Eyeliner, Eyeshadow, Lashes, Pan
from kohl.looks.pigment import Pigment
from kohl.rendering.film import Film
from kohl.rendering.products.eyes import paint_eyeliner
from kohl.rendering.renderer import render
from kohl.rendering.zones.eyes import ZONES, eyeshadow_zone

PURPLE = "#5a2d6c"


@pytest.mark.parametrize("pattern", ["classic", "smoky", "cut_crease"])
@pytest.mark.parametrize("zone", ZONES)
def test_a_pan_stays_in_its_zone(zone, pattern):
    image, face = drawn()
    moved = difference(image, painted(Eyeshadow(pattern=pattern, pans=(Pan(zone=zone, pigment=PURPLE, coverage=0.7),))))
    sampled = whole(face.field.sample(eyeshadow_zone(zone, pattern)), face)
    assert moved[sampled < 1 / 1024].max() == 0
    assert moved[(sampled > 0.7) & (whole(face.masks.skin, face) > 0.9)].mean() > 4
    assert moved[whole(face.masks.eyes, face) > 0.999].max() == 0


@pytest.mark.parametrize("tone", SKINS)
def test_the_lid_has_the_colour_that_kubelka_and_munk_predict(tone):
    canvas = fresh_canvas(tone)
    zone = canvas.on_skin(canvas.face.field.sample(eyeshadow_zone("lid", "classic")))
    inside = zone > 0.97
    coverage = np.full(inside.sum(), 0.6, np.float32)
    ground = canvas.shading.albedo[inside]
    predicted = Film.of(Pigment(PURPLE)).over(ground, coverage) * canvas.shading.shade[inside][:, None] * canvas.shading.light.color
    result = painted(Eyeshadow(pans=(Pan(zone="lid", pigment=PURPLE, coverage=0.6),)), tone=tone)[canvas.face.window_slices][inside]
    means = [lab_from_srgb(colors).mean(0) for colors in (result, srgb_from_linear(np.clip(predicted, 0, 1)))]
    assert delta_e2000(*means) <= 2


def test_smoky_is_wider_and_darker_than_classic():
    image, _ = drawn()
    pans = tuple(Pan(zone=zone, pigment="#2a1526") for zone in ("lid", "crease", "outer_v", "lower_lash"))
    classic, smoky = (difference(image, painted(Eyeshadow(pattern=pattern, pans=pans))).sum() for pattern in ("classic", "smoky"))
    assert smoky > 1.15 * classic


def test_liner_is_nearly_black_and_lies_on_the_lashes():
    image, face = drawn("fair")
    result = painted(Eyeliner(thickness=0.7, wing=0.6), tone="fair")
    moved = difference(image, result)
    assert lab_from_srgb(result)[moved > 0.9 * moved.max()][:, 0].mean() < 16
    rows = np.nonzero(moved.max(1) > 1)[0]
    assert rows.min() > face.points[[52, 282], 1].max()
    assert rows.max() < face.points[[145, 374], 1].min()


def test_a_line_hides_the_shine_below_it():
    lid = Eyeshadow(pans=(Pan(zone="lid", pigment="#b0783a", coverage=0.8, finish="metallic"),))
    plain, over = painted(Eyeliner(thickness=0.8), tone="fair"), painted(lid, Eyeliner(thickness=0.8), tone="fair")
    line = difference(drawn("fair")[0], plain) > 40
    assert line.sum() > 20
    assert np.abs(over - plain)[line].mean() < 0.03


def test_a_line_hides_the_shine_of_the_skin_below_it():
    """Light that skin mirrors would make a black wing grey where the face is brightly lit."""
    canvas = fresh_canvas("fair")
    paint_eyeliner(canvas, Eyeliner(thickness=0.8), 0)
    assert (canvas.sheen < 0.02).sum() > 20


@pytest.mark.parametrize("layer", [Eyeliner(thickness=1, wing=1), Lashes(length=1)])
def test_no_tip_reaches_beyond_the_face(layer: Eyeliner | Lashes):
    """As if the head were turned so far that its outline cut through the eye."""
    image, face = drawn("fair")
    facing = face.field.facing.copy()
    edge = round(float(face.local_points[33, 0]))
    facing[:, :edge] = 0
    turned = dataclasses.replace(face, field=dataclasses.replace(face.field, facing=facing))
    beyond = (slice(None), slice(0, face.window[2] + edge))
    assert (painted(layer, tone="fair") != image)[beyond].any()
    result = render(image, turned, look_of(layer), seed=0)
    assert (result != image).any()
    assert (result[beyond] == image[beyond]).all()


def test_lashes_darken_and_a_full_lower_row_adds_to_them():
    image, _ = drawn("fair")
    few, many = (image - painted(Lashes(length=0.6, lower=lower), tone="fair") for lower in (0.0, 1.0))
    assert few.max() > 0.3
    assert many.sum() > few.sum()


def test_each_seed_has_its_own_lashes():
    layer = Lashes(length=0.6)
    assert (painted(layer, seed=1) == painted(layer, seed=1)).all()
    assert (painted(layer, seed=1) != painted(layer, seed=2)).any()
