"""Words to a look: every row is something that people type, and the layers that it must give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kohl.core.errors import UnknownNameError, UsageError
from kohl.looks import lexicon, presets
from kohl.looks.amounts import shown
from kohl.looks.files import json_from_look, look_from_json
from kohl.looks.look import Look
from kohl.looks.words import WordsResult, parse_words


def layers(text: str) -> dict[str, dict]:
    """The layers by product, as plain fields; pans by zone."""
    found = {layer.product: layer.model_dump(mode="json") for layer in parse_words(text).look.layers}
    if "eyeshadow" in found:
        found["eyeshadow"]["pans"] = {pan["zone"]: pan for pan in found["eyeshadow"]["pans"]}
    return found


def unknown(text: str) -> list[str]:
    return [entry.word for entry in parse_words(text).unknown]


# Each row: the words, and for every product that must be there the fields that matter. No other product may be there.
TABLE = [
    ("matte red lips", {"lipstick": {"pigment": "#a5131f", "finish": "matte", "coverage": 0.85}}),
    ("red lips", {"lipstick": {"pigment": "#a5131f", "finish": "satin", "coverage": 0.75}}),
    ("#8c1c2f lips", {"lipstick": {"pigment": "#8c1c2f"}}),
    ("#ABC lipstick", {"lipstick": {"pigment": "#aabbcc"}}),
    ("lips in coral", {"lipstick": {"pigment": "#cf4a3d"}}),
    ("berry gloss", {"lipstick": {"pigment": "#852348", "finish": "gloss", "coverage": 0.5}}),
    ("red lips with gloss", {"lipstick": {"pigment": "#a5131f", "finish": "gloss"}}),
    ("red lips with clear lip gloss", {"lipstick": {"pigment": "#a5131f", "finish": "gloss", "coverage": 0.5}}),
    ("a full coverage velvet wine lip", {"lipstick": {"pigment": "#5c152c", "finish": "velvet", "coverage": 0.92}}),
    ("barely there nude lips", {"lipstick": {"pigment": "#a5685a", "coverage": 0.26}}),
    ("sheer lips", {"lipstick": {"finish": "sheer", "coverage": 0.3}}),
    ("60% plum lipstick", {"lipstick": {"pigment": "#5f2143", "intensity": 0.6}}),
    ("plum lipstick at 0.5", {"lipstick": {"pigment": "#5f2143", "intensity": 0.5}}),
    ("red and pink ombre lips", {"lipstick": {"pigment": "#a5131f", "ombre": {"inner": "#bf4a6c", "ratio": 0.5, "feather": 0.5}}}),
    (
        "90s nude lip",
        {"lipstick": {"pigment": "#a5685a", "finish": "matte"}, "lip_liner": {"pigment": "#5e3227", "thickness": 0.5}},
    ),
    (
        "90s nude lip with deep brown liner",
        {"lipstick": {"pigment": "#a5685a", "finish": "matte"}, "lip_liner": {"pigment": "#422018", "thickness": 0.5, "coverage": 0.85}},
    ),
    ("90s ombre lips", {"lipstick": {"pigment": "#a5685a", "ombre": {"ratio": 0.5}}, "lip_liner": {"pigment": "#5e3227"}}),
    ("90s nude lip, no liner", {"lipstick": {"finish": "matte"}}),
    ("red lips with black liner", {"lipstick": {"pigment": "#a5131f"}, "eyeliner": {"pigment": "#17110f"}}),
    ("overlined red lips", {"lipstick": {"pigment": "#a5131f"}, "lip_liner": {"thickness": 0.55}}),
    ("smoky plum eyes", {"eyeshadow": {"pattern": "smoky", "pans": {"crease": {"pigment": "#6a3156"}, "outer_v": {}, "lid": {}, "lower_lash": {}}}}),
    ("smoky", {"eyeshadow": {"pattern": "smoky"}}),
    (
        "pink and gold eyes",
        {"eyeshadow": {"pattern": "classic", "pans": {"lid": {"pigment": "#c4913c", "finish": "metallic"}, "crease": {"pigment": "#c4728a"}}}},
    ),
    ("eyes in teal and navy", {"eyeshadow": {"pans": {"lid": {"pigment": "#146b70"}, "crease": {"pigment": "#172348"}}}}),
    ("teal, navy and silver eyes", {"eyeshadow": {"pans": {"lid": {"pigment": "#a9a7a6"}, "crease": {"pigment": "#146b70"}, "inner_corner": {}}}}),
    ("smoky plum and gold eyes", {"eyeshadow": {"pattern": "smoky", "pans": {"inner_corner": {"pigment": "#c4913c"}}}}),
    (
        "matte brown and glittery green eyes",
        {"eyeshadow": {"pans": {"lid": {"pigment": "#35703f", "finish": "glitter"}, "crease": {"pigment": "#6b4635", "finish": "matte"}}}},
    ),
    (
        "gold inner corners, plum crease",
        {"eyeshadow": {"pans": {"inner_corner": {"pigment": "#c4913c"}, "crease": {"pigment": "#6a3156"}}}},
    ),
    ("glossy lids", {"eyeshadow": {"pans": {"lid": {"finish": "gloss"}}}}),
    (
        "gold and brown cut crease",
        {"eyeshadow": {"pattern": "cut_crease", "pans": {"lid": {"pigment": "#c4913c"}, "crease": {"pigment": "#6b4635"}}}},
    ),
    ("black winged liner", {"eyeliner": {"pigment": "#17110f", "wing": 0.55}}),
    ("cat eye", {"eyeliner": {"wing": 0.75, "wing_angle": 32.0}}),
    ("thin brown eyeliner with a baby wing", {"eyeliner": {"pigment": "#3b241b", "thickness": 0.25, "wing": 0.25}}),
    ("bold graphic cobalt wing", {"eyeliner": {"pigment": "#1738b0", "wing": 0.55}}),
    ("white eyeliner on the waterline", {"eyeliner": {"pigment": "#ece6de", "thickness": 0.0, "lower": 0.6}}),
    ("winged and smoky eyes", {"eyeshadow": {"pattern": "smoky"}, "eyeliner": {"wing": 0.55}}),
    ("doe lashes", {"lashes": {"pattern": "doll", "length": 0.55}}),
    ("long wispy lashes with blue mascara", {"lashes": {"pattern": "wispy", "pigment": "#1c3aa0"}}),
    ("false lashes", {"lashes": {"length": 0.62, "density": 0.75}}),
    ("draped terracotta blush", {"blush": {"pattern": "draped", "pigment": "#a8604c"}}),
    ("sun-kissed cheeks", {"blush": {"pattern": "sunkissed"}}),
    ("light blush", {"blush": {"coverage": 0.17}}),
    ("pink blush on the cheeks", {"blush": {"pigment": "#c54e6b"}}),
    ("blush lips", {"lipstick": {"pigment": "#c57f85"}}),
    ("bold brows", {"brows": {"pattern": "defined", "coverage": 0.55}}),
    ("soft brown brows", {"brows": {"pigment": "#6b4e3a"}}),
    ("dewy skin", {"foundation": {"finish": "dewy", "pigment": None}}),
    ("glass skin", {"foundation": {"finish": "dewy"}, "highlighter": {"finish": "dewy"}}),
    ("gold highlight on the cheekbones", {"highlighter": {"pigment": "#c4913c", "pattern": "cheekbones"}}),
    ("nose contour, bronzer", {"contour": {"pattern": "nose"}, "bronzer": {}}),
    ("monochrome rose", {"eyeshadow": {}, "blush": {"pigment": "#b84d60"}, "lipstick": {"pigment": "#ae4858"}}),
    ("glossy monochrome rose", {"eyeshadow": {"pans": {"lid": {"finish": "gloss"}}}, "blush": {"finish": "satin"}, "lipstick": {"finish": "gloss"}}),
    ("rose lips and cheeks", {"lipstick": {"pigment": "#ae4858"}, "blush": {"pigment": "#b84d60"}}),
    ("lips and cheeks in coral", {"lipstick": {"pigment": "#cf4a3d"}, "blush": {"pigment": "#d55a45"}}),
    ("rebecca purple eyes", {"eyeshadow": {"pans": {"lid": {"pigment": "#663399"}}}}),
    ("brown lips and no lashes", {"lipstick": {"pigment": "#6e3f33"}}),
    (
        "smoky plum eyes, matte red lips",
        {"eyeshadow": {"pattern": "smoky"}, "lipstick": {"pigment": "#a5131f", "finish": "matte", "coverage": 0.85}},
    ),
    ("matte red lips smoky eyes", {"eyeshadow": {"pattern": "smoky"}, "lipstick": {"pigment": "#a5131f", "finish": "matte"}}),
    ("lips in coral eyes in blue", {"eyeshadow": {"pans": {"lid": {"pigment": "#2b4a96"}}}, "lipstick": {"pigment": "#cf4a3d"}}),
]


def matches(found: object, expected: object) -> bool:
    """Whether every expected field is there with its value."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(name in found and matches(found[name], value) for name, value in expected.items())
    return found == pytest.approx(expected) if isinstance(expected, float) else found == expected


@pytest.mark.parametrize(("text", "expected"), TABLE, ids=[text for text, _ in TABLE])
def test_phrases(text, expected):
    found = layers(text)
    assert set(found) == set(expected)
    assert matches(found, expected), found
    assert unknown(text) == []


def test_a_preset_with_changes():
    soft_glam = presets.load("soft-glam")
    result = parse_words("soft glam with coral lips, no blush")
    assert [piece.meaning for piece in result.understood] == ["the preset soft-glam", "lipstick #cf4a3d, satin, coverage 0.75", "no blush"]
    kept = [layer for layer in soft_glam.layers if layer.product not in ("blush", "lipstick")]
    assert [layer for layer in result.look.layers if layer.product != "lipstick"] == kept


@pytest.mark.parametrize("text", ["coral lips, soft glam", "soft glam and coral lips", "soft glam coral lips", "Coral lips with soft glam!"])
def test_a_preset_is_what_one_starts_from_wherever_it_stands(text):
    look = parse_words(text).look
    assert {layer.product for layer in look.layers} == {layer.product for layer in presets.load("soft-glam").layers}
    assert next(layer.pigment for layer in look.layers if layer.product == "lipstick") == "#cf4a3d"


def test_part_of_a_preset():
    assert parse_words("soft glam eyes").look.layers == presets.load("soft-glam").only("eyes").layers
    assert parse_words("siren eyes").look.layers == presets.load("siren-eye").only("eyes").layers
    assert {layer.product for layer in parse_words("soft glam lashes").look.layers} == {"lashes"}
    assert parse_words("subtle grunge").look.layers == (presets.load("grunge") * 0.55).layers
    assert parse_words("red lips, editorial graphic cheeks").unknown[0].word == "editorial graphic"


def test_zones_change_the_pans_of_a_preset_and_leave_the_others():
    before = {pan.zone: pan for layer in presets.load("soft-glam").only("eyes").layers if layer.product == "eyeshadow" for pan in layer.pans}
    after = layers("soft glam with blue lids, no inner corner")["eyeshadow"]["pans"]
    assert after["lid"]["pigment"] == "#2b4a96"
    assert after["crease"]["pigment"] == before["crease"].pigment
    assert "inner_corner" in before
    assert "inner_corner" not in after


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("soft glam, no blush", {"blush"}),
        ("soft glam without blush or lashes", {"blush", "lashes"}),
        ("soft glam, bare lips", {"lipstick", "lip_liner"}),
        ("soft glam, no liner", {"eyeliner", "lip_liner"}),
        ("soft glam minus the eye makeup", {"eyeshadow", "eyeliner", "lashes"}),
        ("no blush, no lashes, soft glam", {"blush", "lashes"}),
    ],
)
def test_negations(text, gone):
    every = {layer.product for layer in presets.load("soft-glam").layers}
    assert every - set(layers(text)) == gone
    assert unknown(text) == []


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("brown eye brows", "brows"),
        ("eye-brow gel", "brows"),
        ("brown eyebrow pencil", "brows"),
        ("long eye lashes", "lashes"),
        ("false eyelashes", "lashes"),
        ("gold eye lids", "eyeshadow"),
        ("red lip stick", "lipstick"),
    ],
)
def test_products_are_known_in_two_words_too(text, product):
    result = parse_words(text)
    assert ([layer.product for layer in result.look.layers], result.unknown) == ([product], ())


def test_no_waterline_keeps_the_upper_line():
    before, after = presets.load("smoky-eye"), parse_words("siren eyes without waterline").look
    assert any(layer.product == "eyeliner" and layer.lower > 0 for layer in before.layers)
    assert [layer.lower for layer in after.layers if layer.product == "eyeliner"] == [0]


@pytest.mark.parametrize(
    ("text", "word", "nearest"),
    [
        ("red lipz, rose cheeks", "lipz", "lips"),
        ("plum, red lips", "plum", "plum eyes"),
        ("zorp lips", "zorp", None),
        ("dewy red lips", "dewy", "gloss"),
        ("wispy, red lips", "wispy", "wispy lashes"),
        ("smoky lips", "smoky", "smoky eyes"),
        ("red and pink lips", "pink", None),
        ("matte glossy lips", "glossy", None),
        ("150% lips", "150%", None),
        ("red lips at -5%", "-5%", None),
        ("#12 lips", "#12", None),
        ("red lips 💄", "💄", None),
        ("coral soft glam", "coral", None),
        ("red lips, no wing", "wing", "no eyeliner"),
        ("charcole eyes", "charcole", "charcoal"),
    ],
)
def test_what_is_not_understood_is_listed_with_the_nearest(text, word, nearest):
    entry = next(entry for entry in parse_words(text).unknown if entry.word == word)
    assert nearest is None or nearest in entry.nearest


@pytest.mark.parametrize(
    ("text", "nearest"),
    [("plum", "plum lips"), ("lipz", "lips"), ("deep plum", "deep plum lips"), ("soft glan", "soft glam"), ("wispy", "wispy lashes")],
)
def test_nothing_understood_is_an_error_with_the_nearest(text, nearest):
    with pytest.raises(UnknownNameError, match="unknown word") as caught:
        parse_words(text)
    assert nearest in caught.value.nearest


@pytest.mark.parametrize(("text", "word"), [("red lipz", "lipz"), ("matte redd lipz", "redd"), ("plum glitzer", "glitzer"), ("red", "red")])
def test_the_word_that_nobody_knows_is_named_before_known_ones(text, word):
    with pytest.raises(UnknownNameError) as caught:
        parse_words(text)
    assert caught.value.name == word


@pytest.mark.parametrize(
    ("text", "word", "reason"),
    [
        ("red or blue lips", "blue", "lipstick takes one colour, and 'red' came first"),
        ("red and blue lips", "blue", "lipstick takes one colour, and 'red' came first"),
        ("matte glossy red lips", "glossy", "lipstick takes one finish, and 'matte' came first"),
        ("shimmer matte brown eyes", "matte", "eyeshadow takes one finish a colour, and 'shimmer' came first"),
        ("ombre red, plum and pink lips", "pink", "lipstick takes 2 colours, and 'red', 'plum' came first"),
    ],
)
def test_a_colour_or_finish_too_many_is_listed_with_the_reason(text, word, reason):
    (entry,) = parse_words(text).unknown
    assert entry.word == word
    assert entry.reason.startswith(reason)


@pytest.mark.parametrize(
    ("text", "expected", "told"),
    [
        ("thick thin liner", {"eyeliner": {"thickness": 0.2}}, "'thin' overrules 'thick' (thickness)"),
        ("thin winged thick thin liner", {"eyeliner": {"thickness": 0.2}}, "'thin' overrules 'thick' (thickness)"),
        ("smoky cut crease eyes", {"eyeshadow": {"pattern": "cut_crease"}}, "'cut crease' overrules 'smoky' (pattern)"),
        ("subtle bold lips", {"lipstick": {"coverage": 0.97}}, "'bold' overrules 'subtle' (strength)"),
        ("red lips at 60% 40%", {"lipstick": {"intensity": 0.4}}, "'40%' overrules '60%' (percentage)"),
        ("full coverage medium coverage skin", {"foundation": {"coverage": 0.5}}, "'medium coverage' overrules 'full coverage' (coverage)"),
        ("dark light pink lips", {"lipstick": {"pigment": "#d98195"}}, "'light' overrules 'dark' (shade)"),
        ("warm cool red lips", {"lipstick": {"pigment": "#a21933"}}, "'cool' overrules 'warm' (shade)"),
    ],
)
def test_of_words_that_contradict_each_other_the_later_wins_and_that_is_told(text, expected, told):
    (piece,) = parse_words(text).understood
    assert [str(entry) for entry in piece.overruled] == [told]
    assert piece.meaning.endswith(f"; {told}")
    assert matches(layers(text), expected)


@pytest.mark.parametrize(
    "text",
    ["long dramatic lashes", "thick thick liner", "subtle subtle lips", "deep rich red lips", "soft dark pink lips", "bright pastel pink lips"],
)
def test_words_that_agree_overrule_nothing(text):
    (piece,) = parse_words(text).understood
    assert piece.overruled == ()


@pytest.mark.parametrize("text", ["xyzzy", "the of a", "?!", "no"])
def test_nothing_near_shows_examples(text):
    with pytest.raises(UnknownNameError, match="red lips, smoky eyes"):
        parse_words(text)


@pytest.mark.parametrize("text", ["", "   ", "red lips " * 300])
def test_text_of_an_impossible_length_is_refused(text):
    with pytest.raises(UsageError, match="expected words such as"):
        parse_words(text)


def test_what_a_phrase_came_to_mean_is_told():
    result = parse_words("Smoky PLUM eyes, 70% matte red lips; lashes and no bronzer")
    assert [(piece.text, piece.meaning.split(",")[0]) for piece in result.understood] == [
        ("Smoky PLUM eyes", "eyeshadow"),
        ("70% matte red lips", "lipstick #a5131f"),
        ("lashes", "lashes #120d0c"),
        ("no bronzer", "no bronzer"),
    ]
    assert result.understood[1].meaning == "lipstick #a5131f, matte, coverage 0.85, at 70%"
    assert result.look.name == "Smoky PLUM eyes, 70% matte red lips; lashes and no bronzer"


def test_a_choice_made_for_the_user_is_told():
    assert parse_words("lips").understood[0].meaning.endswith("(no colour named: the usual one)")
    assert "usual" not in parse_words("red lips").understood[0].meaning
    assert parse_words("red lips, pink lips").understood[0].meaning.endswith("undone by another phrase")


def test_a_place_shades_the_meaning_of_a_colour():
    assert layers("nude lips")["lipstick"]["pigment"] != layers("nude eyes")["eyeshadow"]["pans"]["lid"]["pigment"]
    assert layers("brown brows")["brows"]["pigment"] != layers("brown lips")["lipstick"]["pigment"]


@pytest.mark.parametrize(("more", "less"), [("red", "dark red"), ("light red", "red"), ("pale red", "light red"), ("dark red", "very dark red")])
def test_shades_order_by_lightness(more, less):
    lighter, darker = (sum(int(layers(f"{name} lips")["lipstick"]["pigment"][at : at + 2], 16) for at in (1, 3, 5)) for name in (more, less))
    assert lighter > darker


def test_strengths_order():
    names = ("barely there", "subtle", "soft", "medium", "strong", "heavy")
    coverages = [layers(f"{name} blush")["blush"]["coverage"] for name in names]
    assert coverages == sorted(coverages)
    assert (
        layers("bold eyeliner")["eyeliner"]["thickness"]
        > layers("eyeliner")["eyeliner"]["thickness"]
        > layers("thin eyeliner")["eyeliner"]["thickness"]
    )


def parsed_or_refused(text: str) -> WordsResult | UsageError:
    try:
        return parse_words(text)
    except UsageError as error:
        return error


WORDS = st.sampled_from([*sorted(lexicon.table()), "and", "with", ",", "no", "zorp", "55%", "#8c1c2f", "in", "on the"])


@given(st.lists(WORDS, min_size=1, max_size=9).map(" ".join))
def test_any_mixture_of_known_words_gives_a_whole_look_or_a_clear_error(text):
    result = parsed_or_refused(text)
    if isinstance(result, UnknownNameError):
        assert result.kind == "word"
        return
    assert isinstance(result, WordsResult)
    assert look_from_json(json_from_look(result.look)) == result.look
    assert result.understood
    for piece in result.understood:
        assert piece.text in text
        assert piece.meaning


@given(st.text(min_size=1, max_size=60))
def test_any_text_is_answered(text):
    result = parsed_or_refused(text)
    assert isinstance(result, UsageError) or isinstance(result.look, Look)


PLAIN = st.sampled_from([text for text, _ in TABLE if " no " not in text])


@given(PLAIN, PLAIN)
def test_phrases_keep_their_meaning_beside_others(first, second):
    """Phrases about different parts of the face do not touch each other."""
    one, two = parse_words(first).look, parse_words(second).look
    if not set(one.regions) & set(two.regions):
        both = parse_words(f"{first}, {second}").look
        assert sorted(map(repr, shown(both.layers))) == sorted(map(repr, shown((*one.layers, *two.layers))))
