"""The operators of a look."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from look_strategies import LOOKS, UNITS
from pydantic import ValidationError

from kohl.core.errors import LookFormatError, UnknownNameError, UsageError
from kohl.core.region import Region
from kohl.looks.amounts import amount, shown
from kohl.looks.files import look_from_json
from kohl.looks.layers import LAYER_TYPES, Blush, Brows, Decal, Eyeliner, Eyeshadow, Lashes, Layer, Lipstick, Pan
from kohl.looks.look import Look

RED = Lipstick(pigment="#a5131f", coverage=0.8)
PLUM = Lipstick(pigment="#5e2547")
ROSE = Blush(pigment="#b8616b")
PICTURE = "iVBORw0KGgo="


def look(*layers: Layer, name: str = "a look") -> Look:
    return Look(name=name, layers=layers)


@given(LOOKS)
def test_times_one_is_the_same_look(one):
    assert one * 1 == one
    assert 1 * one == one


@given(LOOKS)
def test_times_zero_shows_nothing(one):
    assert len((one * 0).layers) == len(one.layers)
    assert not shown((one * 0).layers)


@given(LOOKS, st.floats(0, 3), UNITS)
def test_strength_scales_what_shows_and_stops_at_one(one, low, more):
    fainter, stronger = one * low, one * (low + more)
    for before, after in zip(fainter.layers, stronger.layers, strict=True):
        assert amount(before) <= amount(after)
        assert after.intensity <= 1


@pytest.mark.parametrize("strength", [-0.1, float("nan"), float("inf"), "x", None])
def test_impossible_strengths_are_refused(strength):
    with pytest.raises(UsageError, match="a strength is a number from 0"):
        look(RED) * strength


@given(LOOKS, st.sets(st.sampled_from(Region)))
def test_only_and_without_part_a_look_in_two(one, regions):
    kept, left = one.only(*regions), one.without(*regions)
    assert set(kept.regions) | set(left.regions) == set(one.regions)
    assert not set(kept.regions) & set(left.regions)
    assert sorted(map(repr, kept.layers + left.layers)) == sorted(map(repr, one.layers))


def test_regions_come_by_name_in_any_case():
    one = look(RED, ROSE)
    assert one.only("LIPS").layers == (RED,)
    assert one.without(Region.LIPS).layers == (ROSE,)
    with pytest.raises(UnknownNameError, match="unknown region 'lip': did you mean 'lips'"):
        one.only("lip")


@pytest.mark.parametrize("regions", [("lips", Region.EYES), ("lips,eyes",), (["lips", "eyes"],), ("lips", ["EYES"])])
def test_regions_are_written_as_everywhere_else(regions):
    one = look(RED, ROSE, Lashes())
    assert one.only(*regions).regions == (Region.LIPS, Region.EYES)
    assert one.without(*regions).regions == (Region.CHEEKS,)


@pytest.mark.parametrize("strengths", [3, 0.5, None, "lips"])
def test_strengths_that_are_not_by_region_say_how_all_of_it_is_scaled(strengths):
    with pytest.raises(UsageError, match=r"strengths per region, such as \{'lips': 0.5\}, got .*; look \* 0.5 scales all of it"):
        look(RED).with_strengths(strengths)


def test_strengths_by_region():
    one = look(RED, ROSE, Brows()).with_strengths({"lips": 0.5, Region.BROWS: 0}, default=0.8)
    assert {type(layer): layer.intensity for layer in one.layers} == {Blush: 0.8, Brows: 0, Lipstick: 0.5}
    with pytest.raises(UnknownNameError, match="unknown region 'nose'"):
        one.with_strengths({"nose": 1})


def test_layers_are_kept_in_painting_order():
    one = look(RED, Lashes(), ROSE, PLUM)
    assert one.layers == (ROSE, Lashes(), RED, PLUM)
    assert [LAYER_TYPES.index(type(layer)) for layer in one.layers] == sorted(LAYER_TYPES.index(type(layer)) for layer in one.layers)
    assert one.regions == (Region.LIPS, Region.EYES, Region.CHEEKS)


def test_a_sum_takes_each_product_from_the_look_on_top():
    both = look(RED, ROSE, name="day") + look(PLUM, Lashes(), name="night")
    assert both.layers == (ROSE, Lashes(), PLUM)
    assert both.name == "day + night"


def test_two_layers_of_one_product_are_replaced_together():
    black, white = Eyeliner(wing=0.5), Eyeliner(pigment="#f0ece4", lower=0.5)
    assert (look(RED) + look(black, white)).layers == (black, white, RED)
    assert (look(black, white) + look(white)).layers == (white,)


@pytest.mark.parametrize("other", ["x", None, 1])
def test_only_a_look_can_be_added(other):
    with pytest.raises(TypeError, match=r"unsupported operand type\(s\) for \+: 'Look' and"):
        look(RED) + other


def test_decals_pile_up_unless_they_are_the_same_picture():
    star, heart = Decal(picture=PICTURE), Decal(picture="iVBORw0KGgoA")
    assert (look(star) + look(heart)).layers == (star, heart)
    assert (look(star) + look(heart, star)).layers == (heart, star)


@given(LOOKS, LOOKS, LOOKS)
def test_sums(one, two, three):
    assert (one + one).layers == one.layers
    assert ((one + two) + three).layers == (one + (two + three)).layers
    assert (one + one.only()).layers == one.layers


def test_a_long_name_is_cut():
    assert len((look(name="x" * 120) + look(name="y")).name) == 120


def test_looks_are_frozen_and_refuse_strange_fields():
    with pytest.raises(ValidationError, match="frozen"):
        look(RED).name = "other"
    with pytest.raises(ValidationError, match="Extra inputs"):
        Look(name="x", layers=(), colour="red")


def test_made_by_hand_a_look_refuses_as_pydantic_does_and_from_text_as_kohl_does():
    """As docs/python.md says: so a look can be part of somebody's own pydantic model."""
    fields = {"name": "x", "layers": [{"product": "lipstick", "pigment": "#a5131f", "coverage": 1.4}]}
    for make in (lambda: Look(**fields), lambda: Look.model_validate(fields)):
        with pytest.raises(ValueError, match=r"layers\.0\.lipstick\.coverage\n.*less than or equal to 1.*1\.4") as caught:
            make()
        assert isinstance(caught.value, ValidationError)
    with pytest.raises(LookFormatError, match=r"layer 1 \(lipstick\), coverage: expected at most 1, got 1\.4"):
        look_from_json(json.dumps(fields))


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (RED, 0.8),
        (RED.model_copy(update={"intensity": 0.5}), 0.4),
        (Lashes(density=0.5, intensity=0.5), 0.25),
        (Eyeshadow(pans=(Pan(zone="lid", pigment="#000", coverage=0.2), Pan(zone="crease", pigment="#000", coverage=0.6))), 0.6),
    ],
)
def test_amount_is_coverage_times_intensity(part, expected):
    assert amount(part) == pytest.approx(expected)


def test_amount_of_something_else_is_refused():
    with pytest.raises(UsageError, match="expected a layer"):
        amount(Layer())
