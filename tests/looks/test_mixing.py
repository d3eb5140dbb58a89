"""The way from one look to another."""

import pytest
from hypothesis import given
from look_strategies import LOOKS, PIGMENTS, UNITS

from kohl.core.errors import UsageError
from kohl.looks.amounts import amount
from kohl.looks.distance import distance
from kohl.looks.layers import Blush, Decal, Eyeshadow, Finish, Foundation, Lipstick, Ombre, Pan
from kohl.looks.look import Look
from kohl.looks.mixing import mix, mix_pigments


def one(*layers) -> Look:
    return Look(name="one", layers=layers)


@given(LOOKS, LOOKS)
def test_ends(first, second):
    assert mix(first, second, 0) == first
    assert mix(first, second, 1) == second


@given(LOOKS, UNITS)
def test_on_the_way_to_itself_nothing_changes(look, ratio):
    assert mix(look, look, ratio).layers == look.layers


@given(LOOKS, LOOKS, UNITS)
def test_every_mix_is_a_look_of_its_own(first, second, ratio):
    mixed = mix(first, second, ratio)
    assert Look.model_validate(mixed.model_dump()) == mixed


@given(PIGMENTS, PIGMENTS)
def test_pigments_have_ends_too(first, second):
    assert mix_pigments(first, second, 0) == first
    assert mix_pigments(first, second, 1) == second


def test_numbers_and_pigments_meet_half_way():
    mixed = mix(one(Lipstick(pigment="#000000", coverage=0.2)), one(Lipstick(pigment="#ffffff", coverage=0.8)), 0.5).layers[0]
    assert mixed.coverage == pytest.approx(0.5)
    # Half-way in OKLab lightness is linear light 0.125, not 0.5.
    assert mixed.pigment == "#636363"


@pytest.mark.parametrize(("ratio", "finish"), [(0.49, Finish.MATTE), (0.5, Finish.GLOSS)])
def test_names_change_half_way(ratio, finish):
    first, second = (one(Lipstick(pigment="#a00", finish=finish)) for finish in (Finish.MATTE, Finish.GLOSS))
    assert mix(first, second, ratio).layers[0].finish is finish


def test_a_layer_that_only_one_look_has_fades():
    blush = Blush(pigment="#b8616b")
    assert mix(one(), one(blush), 0.25).layers == (blush.model_copy(update={"intensity": 0.25}),)
    assert mix(one(blush), one(), 0.25).layers == (blush.model_copy(update={"intensity": 0.75}),)


def test_different_pictures_fade_into_each_other():
    star, heart = Decal(picture="iVBORw0KGgo="), Decal(picture="iVBORw0KGgoA")
    mixed = mix(one(star), one(heart), 0.25)
    assert [(decal.picture, decal.intensity) for decal in mixed.layers] == [(star.picture, 0.75), (heart.picture, 0.25)]


def test_pans_meet_by_zone():
    first = Eyeshadow(pans=(Pan(zone="lid", pigment="#804040"), Pan(zone="crease", pigment="#402020")))
    second = Eyeshadow(pans=(Pan(zone="crease", pigment="#402020", coverage=0.9), Pan(zone="outer_v", pigment="#000000")))
    pans = {pan.zone: pan for pan in mix(one(first), one(second), 0.5).layers[0].pans}
    assert {zone: pan.intensity for zone, pan in pans.items()} == {"lid": 0.5, "crease": 1, "outer_v": 0.5}
    assert pans["crease"].coverage == pytest.approx(0.7)
    assert pans["crease"].pigment == "#402020"


def test_five_pans_stay_when_zones_are_used_twice():
    first = Eyeshadow(pans=tuple(Pan(zone="lid", pigment="#804040", coverage=0.1 * n) for n in range(1, 5)))
    second = Eyeshadow(pans=tuple(Pan(zone="crease", pigment="#804040", coverage=0.2 * n) for n in range(1, 5)))
    pans = mix(one(first), one(second), 0.5).layers[0].pans
    assert len(pans) == 5
    assert min(amount(pan) for pan in pans) == pytest.approx(0.15)


def test_ombre_grows_out_of_a_plain_lipstick():
    plain, ombre = Lipstick(pigment="#804040"), Lipstick(pigment="#804040", ombre=Ombre(inner="#e08080", ratio=0.3))
    mixed = mix(one(plain), one(ombre), 0.5).layers[0].ombre
    assert mixed == Ombre(inner=mix_pigments(plain.pigment, ombre.ombre.inner, 0.5), ratio=0.3)
    assert mix(one(plain), one(plain), 0.5).layers[0].ombre is None


def test_own_skin_tone_has_no_half_way_to_a_shade():
    shade = Foundation(pigment="#c09070")
    assert mix(one(Foundation()), one(shade), 0.4).layers[0].pigment is None
    assert mix(one(Foundation()), one(shade), 0.6).layers[0].pigment == "#c09070"


@pytest.mark.parametrize("pair", [("classic-red-lip", "smoky-eye"), (Look(name="empty", layers=()), None)])
def test_names_are_no_looks(pair):
    with pytest.raises(UsageError, match=r"expected a look, got .*; presets\.load, load_look and resolve"):
        mix(*pair, 0.5)
    with pytest.raises(UsageError, match="expected a look"):
        distance(*pair)


@pytest.mark.parametrize("ratio", [-0.1, 1.1, float("nan")])
def test_ratios_beyond_the_ends_are_refused(ratio):
    with pytest.raises(UsageError, match="ratio must be from 0 to 1"):
        mix(one(), one(), ratio)
