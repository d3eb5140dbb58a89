"""The distance between looks."""

import pytest
from hypothesis import given
from look_strategies import LOOKS

from kohl.core.region import Region
from kohl.looks.amounts import amount, shown
from kohl.looks.distance import distance, distances
from kohl.looks.layers import Decal, Eyeliner, Eyeshadow, Finish, LipLiner, Lipstick, Pan
from kohl.looks.look import Look

RED = Lipstick(pigment="#a5131f", coverage=1)


def one(*layers) -> Look:
    return Look(name="one", layers=layers)


@given(LOOKS)
def test_is_zero_to_itself(look):
    assert distance(look, look) == 0
    assert distance(look, look.model_copy(update={"name": "other", "description": "other"})) == 0


@given(LOOKS, LOOKS)
def test_is_symmetric_and_the_sum_of_its_regions(first, second):
    assert distance(first, second) == pytest.approx(distance(second, first))
    assert distance(first, second) == pytest.approx(sum(distances(first, second).values()))
    assert min(distances(first, second).values()) >= 0


@given(LOOKS)
def test_what_does_not_show_does_not_count(look):
    assert distance(look, look.with_layers(shown(look.layers))) == 0
    assert distance(look * 0, one()) == 0


@given(LOOKS, LOOKS)
def test_zero_means_that_the_same_shows(first, second):
    if distance(first, second) == 0:
        assert [amount(layer) for layer in shown(first.layers)] == pytest.approx([amount(layer) for layer in shown(second.layers)])


@pytest.mark.parametrize(
    "change", [{"pigment": "#a51320"}, {"finish": Finish.MATTE}, {"coverage": 0.99}, {"intensity": 0.99}, {"ombre": {"inner": "#a5131f"}}]
)
def test_every_visible_change_counts(change):
    other = Lipstick.model_validate(RED.model_dump() | change)
    assert distance(one(RED), one(other)) > 0


def test_numbers_of_the_formula():
    assert distance(one(RED), one()) == pytest.approx(50)
    assert distance(one(RED), one(RED.model_copy(update={"intensity": 0.4}))) == pytest.approx(30)
    assert distance(one(RED), one(RED.model_copy(update={"finish": Finish.MATTE}))) == pytest.approx(5)
    assert distance(one(RED), one(RED.model_copy(update={"coverage": 0.5}))) == pytest.approx(25 + 0.5 * 5)
    half, full = (Eyeliner(coverage=1, wing=wing, wing_angle=angle) for wing, angle in ((0.2, 0.0), (0.7, 60.0)))
    assert distance(one(half), one(full)) == pytest.approx(0.3 * (10 * 0.5 + 10))


def test_regions_are_told_apart():
    by_region = distances(one(RED, Eyeliner()), one(Lipstick(pigment="#5e2547", coverage=1), Eyeliner()))
    assert {region for region, value in by_region.items() if value > 0} == {Region.LIPS}
    assert set(by_region) == set(Region)
    assert 0 < distance(one(LipLiner(pigment="#a00")), one(LipLiner(pigment="#c00"))) < distance(one(RED), one())


def test_pans_meet_by_zone_whatever_their_order():
    lid, crease = Pan(zone="lid", pigment="#804040"), Pan(zone="crease", pigment="#402020")
    palette, turned = Eyeshadow(pans=(lid, crease)), Eyeshadow(pans=(crease, lid))
    assert distance(one(palette), one(turned)) == 0
    assert distance(one(palette), one(palette.model_copy(update={"pattern": "smoky"}))) == pytest.approx(0.5 * 5)
    assert distance(one(palette), one(Eyeshadow(pans=(lid,)))) == pytest.approx(50 * 0.5)


def test_different_pictures_have_nothing_in_common():
    star, heart = Decal(picture="iVBORw0KGgo=", coverage=1), Decal(picture="iVBORw0KGgoA", coverage=1)
    assert distance(one(star), one(heart)) == pytest.approx(0.3 * 100)
