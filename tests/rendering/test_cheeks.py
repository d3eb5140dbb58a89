"""Blush, bronzer, contour and highlighter on skins from deep to fair."""

from __future__ import annotations

import numpy as np
import pytest
from painting import difference, drawn, painted, whole

from drawn import SKINS
from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import FloatArray
from kohl.looks.layers import AnyLayer, Blush, Bronzer, Contour, Highlighter
from kohl.rendering.zones.face import face_zone

PRODUCTS = {
    "blush": Blush(pigment="#c9545a", coverage=0.5),
    "bronzer": Bronzer(coverage=0.5),
    "contour": Contour(coverage=0.5),
    "highlighter": Highlighter(coverage=0.5, pattern="cheekbones"),
}


def change(layer: AnyLayer, tone: str) -> FloatArray:
    """(3,) mean change of Lab in the heart of the layer's zone."""
    image, face = drawn(tone)
    zone = whole(face.field.sample(face_zone(layer.product, layer.pattern)) * face.masks.skin, face)
    inside = zone > 0.7 * zone.max()
    return (lab_from_srgb(painted(layer, tone=tone)) - lab_from_srgb(image))[inside].mean(0)


@pytest.mark.parametrize("name", PRODUCTS)
def test_they_land_in_their_zone_and_nowhere_else(name):
    layer = PRODUCTS[name]
    image, face = drawn()
    moved = difference(image, painted(layer))
    zone = whole(face.field.sample(face_zone(layer.product, layer.pattern)), face)
    assert moved[zone < 1 / 1024].max() == 0
    assert moved[(zone > 0.7) & (whole(face.masks.skin, face) > 0.9)].mean() > 1
    for mask in (face.masks.eyes, face.masks.lips, face.masks.mouth):
        assert moved[whole(mask, face) > 0.999].max(initial=0) == 0


@pytest.mark.parametrize("tone", SKINS)
def test_blush_reddens_every_skin(tone):
    assert change(PRODUCTS["blush"], tone)[1] > 3


@pytest.mark.parametrize("tone", SKINS)
def test_contour_is_a_shadow_and_never_grey_paint(tone):
    moved = change(PRODUCTS["contour"], tone)
    assert moved[0] < -1
    assert np.hypot(moved[1], moved[2]) < 7


@pytest.mark.parametrize("tone", SKINS)
def test_bronzer_warms_and_never_lightens(tone):
    moved = change(PRODUCTS["bronzer"], tone)
    assert moved[0] < 0.3


@pytest.mark.parametrize("tone", SKINS)
@pytest.mark.parametrize("finish", ["satin", "shimmer", "dewy"])
def test_highlighter_is_light_and_never_white_paint(finish, tone):
    moved = change(Highlighter(coverage=0.6, pattern="cheekbones", finish=finish), tone)
    assert 0.3 < moved[0] < 22
    # Skin that is lit keeps its hue: it may pale, but it does not turn blue or green.
    assert moved[1] > -8
    assert moved[2] > -10


def test_highlighter_stays_out_of_the_shade():
    image, face = drawn("medium", light=(1.0, -0.1, 0.2))
    zone = whole(face.field.sample(face_zone("highlighter", "cheekbones")) * face.masks.skin, face)
    moved = (painted(Highlighter(coverage=0.6, pattern="cheekbones"), light=(1.0, -0.1, 0.2)) - image).mean(-1) * (zone > 0.5)
    middle = image.shape[1] // 2
    assert moved[:, :middle].sum() < 0.8 * moved[:, middle:].sum()


def test_a_shimmering_blush_shines_more_than_a_matte_one():
    face = drawn()[1]
    inside = whole(face.field.sample(face_zone("blush", "apples")), face) > 0.6
    bright = [painted(Blush(pigment="#c9545a", finish=finish)).mean(-1)[inside].mean() for finish in ("matte", "shimmer")]
    assert bright[1] > bright[0]
