"""The table of words: what is in it holds together."""

import subprocess
import sys

import pytest

from kohl.looks import lexicon, presets
from kohl.looks.layers import PRODUCTS
from kohl.looks.lexicon.colors import cosmetic_colours, css_colours
from kohl.looks.lexicon.senses import Base, Colour, Noun, Style
from kohl.looks.orders import Order
from kohl.looks.products import finishes_of, region_of
from kohl.looks.recipes import build


def senses(kind: type) -> list:
    return [sense for found in lexicon.table().values() for sense in found if isinstance(sense, kind)]


def test_there_are_enough_colours_and_aliases_resolve():
    assert len(cosmetic_colours()) >= 150
    assert cosmetic_colours()["rosy"].pigment("lipstick") == cosmetic_colours()["rose"].pigment("lipstick")


def test_colours_fit_the_products_they_are_for():
    places = {place for colour in cosmetic_colours().values() for place in colour.by_place}
    assert places <= {"any", "lips", "eyes", "cheeks", *PRODUCTS}
    for colour in cosmetic_colours().values():
        assert all(colour.pigment(product) for product in PRODUCTS)
        assert colour.finish is None or colour.finish in finishes_of("eyeshadow")


@pytest.mark.parametrize("noun", senses(Noun), ids=str)
def test_nouns_name_real_products(noun):
    assert noun.product in PRODUCTS
    assert noun.region in (None, region_of(noun.product))
    build(Order(noun.product, settings=noun.settings, zone=noun.zone))


@pytest.mark.parametrize("style", senses(Style), ids=str)
def test_styles_can_be_built(style):
    assert set(style.implied) <= set(style.settings)
    for product, settings in style.settings.items():
        layer = build(Order(product, settings=settings))
        for name, value in settings.items():
            if name != "ombre" and not (product == "eyeshadow" and name == "pattern"):
                assert getattr(layer, name) == pytest.approx(value) if isinstance(value, float) else getattr(layer, name) == value


def test_bases_are_presets():
    assert {base.preset for base in senses(Base)} <= set(presets.names())


def test_expressions_are_spelt_as_the_tokens_are():
    for expression in lexicon.table():
        assert expression == " ".join(expression.lower().split())
        assert "-" not in expression


def test_the_longest_expression_wins_and_css_comes_last():
    assert lexicon.match(["rose", "gold", "lids"])[0] == 2
    assert lexicon.match(["dark", "red"])[0] == 1
    count, (colour,) = lexicon.match(["pale", "goldenrod"][1:])
    assert (count, colour.pigment("lipstick")) == (1, "#daa520")
    assert lexicon.match(["papaya", "whip"])[0] == 1
    assert lexicon.match(["lawn", "green", "eyes"]) == (2, (css_colours()["lawngreen"],))
    assert lexicon.match(["transparentish"]) == (1, ())
    assert isinstance(lexicon.match(["red"])[1][0], Colour)


def test_words_do_not_load_coloraide_until_a_word_is_missing():
    code = (
        "import sys; from kohl.looks.words import parse_words; parse_words('smoky plum eyes, matte red lips');"
        "assert not {'coloraide', 'cv2', 'torch', 'mediapipe'} & set(sys.modules), 'loaded too much';"
        "parse_words('rebecca purple eyes'); assert 'coloraide' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
