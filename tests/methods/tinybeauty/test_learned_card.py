from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kohl.core.errors import ModelFormatError
from kohl.core.region import Region
from kohl.methods.tinybeauty.card import LearnedLookCard
from learned_looks import card

TEXTS = st.text(min_size=1, max_size=20).filter(lambda text: max(text) < "\ud800")


@given(
    name=TEXTS, metrics=st.dictionaries(TEXTS, st.floats(allow_nan=False, allow_infinity=False), max_size=3), regions=st.sets(st.sampled_from(Region))
)
def test_a_card_survives_its_json(name: str, metrics: dict[str, float], regions: set[Region]):
    one = card(name=name, metrics=metrics, regions=tuple(regions))
    assert LearnedLookCard.from_json(one.to_json()) == one
    assert LearnedLookCard.from_json(one.to_json(indent=2)) == one


def test_the_json_is_the_contracts():
    told = json.loads(card().to_json())
    assert told["format"] == "kohl.learned-look"
    assert told["version"] == 1
    assert told["regions"] == ["lips", "eyes", "brows", "cheeks", "skin"]
    assert set(told) == {
        "format", "version", "name", "description", "regions", "licence", "training_data", "metrics", "spec", "parameters", "macs",
        "created_with", "limits",
    }  # fmt: skip


def test_a_card_is_frozen():
    with pytest.raises(ValidationError):
        card().name = "other"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format": "other"}, "format"),
        ({"version": 2}, "update kohl"),
        ({"version": "1"}, "version"),
        ({"regions": ["lips", "nose"]}, "regions.1"),
        ({"parameters": -1}, "parameters"),
        ({"parameters": 1.5}, "parameters"),
        ({"metrics": {"psnr": "high"}}, "metrics.psnr"),
        ({"name": ""}, "name"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_card_is_refused_and_the_field_named(change: dict[str, object], told: str):
    text = json.dumps(json.loads(card().to_json()) | change)
    with pytest.raises(ModelFormatError, match=told) as caught:
        LearnedLookCard.from_json(text, source="mine.onnx")
    assert caught.value.source == "mine.onnx"


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, '{"version": NaN}', b"\xff\xfe"])
def test_what_is_no_json_object_is_refused(text: str | bytes):
    with pytest.raises(ModelFormatError, match="its card is not one"):
        LearnedLookCard.from_json(text)


def test_a_metric_that_is_no_number_is_refused():
    with pytest.raises(ValidationError):
        card(metrics={"psnr": float("nan")})
