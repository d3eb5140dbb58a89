"""Layers in one line of plain words."""

import pytest
from hypothesis import given
from look_strategies import LAYERS

from kohl.looks.describe import describe
from kohl.looks.layers import Decal, Eyeliner, Eyeshadow, Foundation, Lashes, Lipstick, Ombre, Pan


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (Lipstick(pigment="#a5131f", finish="matte", coverage=0.85), "lipstick #a5131f, matte, coverage 0.85"),
        (
            Lipstick(pigment="#a5131f", ombre=Ombre(inner="#e08080"), intensity=0.5),
            "lipstick #a5131f, satin, coverage 0.7, ombré to #e08080 in the middle, at 50%",
        ),
        (Foundation(), "foundation in the own skin tone, satin, coverage 0.4"),
        (Eyeliner(), "eyeliner #17110f, matte, coverage 0.95, thickness 0.4"),
        (Eyeliner(wing=0.5, lower=0.2), "eyeliner #17110f, matte, coverage 0.95, thickness 0.4, wing 0.5, wing angle 28, lower 0.2"),
        (Lashes(lower=0), "lashes #120d0c, natural, length 0.4, density 0.5"),
        (
            Eyeshadow(pattern="cut_crease", pans=(Pan(zone="outer_v", pigment="#222222", intensity=0.5),)),
            "eyeshadow, cut crease, outer corner #222222 matte 0.5 at 50%",
        ),
        (Decal(picture="iVBORw0KGgo="), "decal, matte, coverage 0.9"),
    ],
)
def test_lines(layer, expected):
    assert describe(layer) == expected


@given(LAYERS)
def test_every_layer_has_a_line(layer):
    line = describe(layer)
    assert line.startswith(layer.product.replace("_", " "))
    assert "\n" not in line
    assert len(line) < 400
