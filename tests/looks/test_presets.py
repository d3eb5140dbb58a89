"""The looks that ship with kohl."""

import itertools

import pytest

from kohl.color.lab import lab_from_srgb
from kohl.core.errors import UnknownNameError
from kohl.core.region import Region
from kohl.looks import presets
from kohl.looks.amounts import shown
from kohl.looks.distance import distance
from kohl.looks.layers import Blush, Eyeshadow, Lipstick

ALL = [presets.load(name) for name in presets.names()]


def test_there_are_enough_from_light_to_artistic():
    assert len(ALL) >= 26
    counts = {tag: sum(tag in look.tags for look in ALL) for tag in ("light", "medium", "bold", "artistic")}
    assert min(counts.values()) >= 4


@pytest.mark.parametrize("look", ALL, ids=presets.names())
def test_every_preset_is_whole(look):
    assert look.name in presets.names()
    assert len(look.tags) == 1
    assert look.description.endswith(".")
    assert 20 < len(look.description) < 140
    assert len(shown(look.layers)) == len(look.layers) >= 3
    products = [type(layer) for layer in look.layers]
    assert len(set(products)) == len(products)
    assert all(len({pan.zone for pan in layer.pans}) == len(layer.pans) for layer in look.layers if isinstance(layer, Eyeshadow))


@pytest.mark.parametrize("look", ALL, ids=presets.names())
def test_cheek_and_lip_pigments_are_deep_enough_for_deep_skin(look):
    """A pale swatch goes ashy on deep skin: colour on cheeks and lips stays under L* 62 and keeps some chroma."""
    for layer in look.layers:
        if isinstance(layer, Blush | Lipstick):
            lightness, red, yellow = lab_from_srgb(layer.pigment.rgb)
            assert lightness < 62
            assert red**2 + yellow**2 > 12**2


def test_no_two_presets_look_alike():
    nearest = min(distance(one, other) for one, other in itertools.combinations(ALL, 2))
    assert nearest > 5


def test_bolder_tags_show_more():
    bare = ALL[0].only()
    mean = {tag: [distance(look, bare) for look in ALL if tag in look.tags] for tag in ("light", "medium", "bold")}
    light, medium, bold = (sum(values) / len(values) for values in mean.values())
    assert light < medium < bold


@pytest.mark.parametrize("name", ["soft-glam", "Soft Glam", "soft_glam", "  SOFT   glam "])
def test_names_are_taken_as_people_write_them(name):
    assert presets.load(name).name == "soft-glam"


def test_unknown_names_list_the_nearest():
    with pytest.raises(UnknownNameError, match="unknown look 'soft-glan': did you mean 'soft-glam'") as caught:
        presets.load("soft-glan")
    assert caught.value.nearest[0] == "soft-glam"


def test_all_regions_are_served():
    assert {region for look in ALL for region in look.regions} == set(Region)
