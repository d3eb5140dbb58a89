"""Look files: what is written is read, and what is wrong is told in plain words."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from look_strategies import LOOKS

from kohl.core.errors import LookFormatError, OutputError, OutputExistsError
from kohl.looks import files
from kohl.looks.files import MAX_BYTES, json_from_look, load_look, look_from_json, save_look, schema
from kohl.looks.layers import LAYER_TYPES, Lipstick
from kohl.looks.look import Look

RED = Look(name="red", layers=(Lipstick(pigment="#a5131f"),))


def problems(layer: dict, **fields) -> tuple[str, ...]:
    with pytest.raises(LookFormatError) as caught:
        look_from_json(json.dumps({"name": "x", "layers": [layer]} | fields))
    return caught.value.problems


@given(LOOKS)
def test_json_round_trip(look):
    text = json_from_look(look)
    assert look_from_json(text) == look
    assert json_from_look(look_from_json(text)) == text


def test_text_bytes_and_a_byte_order_mark_are_the_same():
    text = json_from_look(RED)
    assert (
        look_from_json(text)
        == look_from_json("\ufeff" + text)
        == look_from_json(text.encode())
        == look_from_json(b"\xef\xbb\xbf" + text.encode())
        == RED
    )


def test_files_come_back_and_are_not_overwritten(tmp_path):
    path = tmp_path / "red.json"
    save_look(RED, path)
    assert load_look(path) == load_look(str(path)) == RED
    with pytest.raises(OutputExistsError, match=r"red\.json already exists"):
        save_look(RED * 0.5, path)
    save_look(RED * 0.5, path, force=True)
    assert load_look(path) == RED * 0.5
    assert [item.name for item in tmp_path.iterdir()] == ["red.json"]
    with pytest.raises(OutputError, match="does not exist"):
        save_look(RED, tmp_path / "nowhere" / "red.json")


def test_layers_start_with_their_product_for_whoever_edits_them():
    assert '{\n      "product": "lipstick",' in json_from_look(RED)
    assert json_from_look(RED).endswith("}\n")


def test_a_hand_written_file_needs_little():
    look = look_from_json('{"$schema": "look.schema.json", "name": "red", "layers": [{"product": "lipstick", "pigment": "#A5131F"}]}')
    assert look == RED


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        ({"product": "lipstik"}, "layer 1: no product is called 'lipstik'; did you mean 'lipstick'"),
        ({"product": "wig"}, "layer 1: no product is called 'wig'; expected one of foundation"),
        ({"pigment": "#a00"}, 'layer 1: needs a field "product", one of foundation'),
        ({"product": "lipstick"}, "layer 1 (lipstick), pigment: is missing"),
        ({"product": "lipstick", "pigment": "#a00", "covrage": 1}, "layer 1 (lipstick), covrage: no such field; did you mean 'coverage'"),
        ({"product": "lipstick", "pigment": "#a00", "coverage": 1.5}, "layer 1 (lipstick), coverage: expected at most 1, got 1.5"),
        ({"product": "lipstick", "pigment": "#a00", "intensity": -1}, "layer 1 (lipstick), intensity: expected at least 0, got -1"),
        ({"product": "lipstick", "pigment": "#a00", "finish": "mat"}, "layer 1 (lipstick), finish: got 'mat'; did you mean 'matte'"),
        ({"product": "lipstick", "pigment": "red"}, "layer 1 (lipstick), pigment: a pigment is a hex colour such as '#8c1c2f', not 'red'"),
        ({"product": "lipstick", "pigment": "#a00", "ombre": {"inner": "#a00", "rato": 1}}, "ombre, rato: no such field; did you mean 'ratio'?"),
        ({"product": "eyeshadow", "pans": []}, "layer 1 (eyeshadow), pans: expected at least 1, got 0"),
        ({"product": "eyeshadow", "pans": [{"zone": "lids", "pigment": "#a00"}]}, "pan 1, zone: got 'lids'; did you mean 'lid'?"),
        ({"product": "lashes", "length": "long"}, "layer 1 (lashes), length: input should be a valid number"),
        ({"product": "decal", "picture": "AAAA"}, "layer 1 (decal), picture: a decal's picture is a base64 PNG; these bytes are base64, but no PNG"),
        ("lipstick", "layer 1: input should be a valid dictionary"),
    ],
)
def test_faults_of_a_layer_are_told_in_plain_words(layer, expected):
    assert expected in problems(layer)[0]


def test_every_fault_is_told():
    told = problems({"product": "lipstick"}, tags=["lite"], colour="red", name="")
    assert len(told) == 4
    assert any("tag 1: got 'lite'; did you mean 'light'?" in line for line in told)
    assert any(line.startswith("colour: no such field; expected one of schema_version, name") for line in told)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("", "not JSON: Expecting value at line 1, column 1"),
        ('{"name": "x",}', "not JSON: .* at line 1, column"),
        (b"\xff\xfe\x00", "expected UTF-8 text; byte 0 is not"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "it is a picture; .* kohl transfer"),
        (b"\x89PNG\r\n", "it is a picture; .* kohl transfer"),
        ({"name": "x"}, "expected JSON text, got dict"),
        ("[1]", "expected an object .* got list"),
        ("[" * 200_000, "nested too deeply"),
        ('{"schema_version": 7}', "schema_version 7 was written by a newer kohl; this one reads up to 1: update kohl"),
        ('{"schema_version": 0}', "schema_version must be 1, got 0"),
        ('{"schema_version": "one"}', "schema_version must be 1, got 'one'"),
    ],
)
def test_what_is_no_look_is_refused(data, expected):
    with pytest.raises(LookFormatError, match=f"mail.json is not a look that kohl can read: .*{expected}"):
        look_from_json(data, source="mail.json")


def test_files_that_cannot_be_read(tmp_path, monkeypatch):
    with pytest.raises(LookFormatError, match=r"gone\.json is not a look that kohl can read: there is no such file; check the name"):
        load_look(tmp_path / "gone.json")
    with pytest.raises(LookFormatError, match="it is a folder; name a file in it"):
        load_look(tmp_path)
    (tmp_path / "large.json").write_text(json_from_look(RED))
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    with pytest.raises(LookFormatError, match="expected at most 0 MiB"):
        load_look(tmp_path / "large.json")
    assert MAX_BYTES > 8_000_000


def test_published_schema_is_what_the_code_generates():
    published = Path(__file__).parents[2] / "docs" / "look.schema.json"
    assert json.loads(published.read_text()) == schema(), "run scripts/make_look_schema.py"


def test_schema_knows_every_product_and_forbids_strange_fields():
    definitions = schema()["$defs"]
    assert {layer_type.__name__ for layer_type in LAYER_TYPES} <= set(definitions)
    assert all(definitions[layer_type.__name__]["additionalProperties"] is False for layer_type in LAYER_TYPES)
    assert schema()["$schema"].startswith("https://json-schema.org/draft/2020-12")
    assert "$schema" in schema()["properties"]
