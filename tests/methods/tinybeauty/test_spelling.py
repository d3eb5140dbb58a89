from __future__ import annotations

import re
from pathlib import Path

import pytest

from kohl.core.errors import ModelFormatError, UnknownNameError, UsageError
from kohl.core.region import Region
from kohl.methods.tinybeauty import shipped
from kohl.methods.tinybeauty.joining import AveragedLook, JoinedLook
from kohl.methods.tinybeauty.learned import LearnedLook
from kohl.methods.tinybeauty.spelling import parse_learned, spells_learned
from learned_looks import tint_look


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with three learned looks, and two that come with kohl."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.onnx", "b.onnx", "odd=name,c+d.onnx"):
        Path(name).write_bytes(tint_look(name=name))
    Path("shipped/looks").mkdir(parents=True)
    for name in ("rose", "ember"):
        Path(f"shipped/looks/{name}.onnx").write_bytes(tint_look(name=name))
    monkeypatch.setattr(shipped, "_folder", lambda: tmp_path / "shipped/looks")
    shipped.names.cache_clear()
    yield
    shipped.names.cache_clear()


def test_a_file_and_a_name():
    assert parse_learned("a.onnx").card.name == "a.onnx"
    assert parse_learned(Path("a.onnx")).card.name == "a.onnx"
    assert parse_learned("learned/rose").card.name == "rose"
    assert parse_learned("Learned/Rose").card.name == "rose"
    assert shipped.names() == ("ember", "rose")
    assert shipped.card("rose").name == "rose"


def test_a_file_that_is_there_wins_over_any_spelling():
    assert isinstance(parse_learned("odd=name,c+d.onnx"), LearnedLook)


def test_averages():
    mean = parse_learned("0.7*a.onnx + .3*learned/ember")
    assert isinstance(mean, AveragedLook)
    assert mean.weights == pytest.approx((0.7, 0.3))
    assert [look.card.name for look in mean.looks] == ["a.onnx", "ember"]
    even = parse_learned("a.onnx+b.onnx")
    assert isinstance(even, AveragedLook)
    assert even.weights == (0.5, 0.5)


def test_joins():
    joined = parse_learned("eyes=a.onnx, Lips=0.5*a.onnx+0.5*b.onnx")
    assert isinstance(joined, JoinedLook)
    assert list(joined.parts) == [Region.LIPS, Region.EYES]
    assert isinstance(joined.parts[Region.LIPS], AveragedLook)


def test_all_stands_for_the_regions_that_are_not_named():
    joined = parse_learned("all=a.onnx,lips=learned/rose")
    assert isinstance(joined, JoinedLook)
    assert {region: look.card.name for region, look in joined.parts.items()} == dict.fromkeys(Region, "a.onnx") | {Region.LIPS: "rose"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("eyes=a.onnx,lips", "REGION=LOOK"),
        ("eyes=a.onnx,", "REGION=LOOK"),
        ("=a.onnx", "REGION=LOOK"),
        ("eyes=a.onnx,eyes=b.onnx", "'eyes' twice"),
        ("all=a.onnx,all=b.onnx", "'all' twice"),
        ("1.2.3*a.onnx+b.onnx", "0.7*LOOK+0.3*LOOK"),
        ("a.onnx+", "LOOK+LOOK"),
        ("0.5*a.onnx", "--strength"),
        ("0*a.onnx+0*b.onnx", "weights"),
        ("eyes=a.onnx,lips=gothic", "got 'gothic'"),
        ("a.onnx+look.json", "got 'look.json'"),
    ],
)
def test_a_bad_spelling_says_what_was_expected(text: str, told: str):
    with pytest.raises(UsageError, match=re.escape(told)):
        parse_learned(text)


@pytest.mark.parametrize(("text", "nearest"), [("lisp=a.onnx", "lips"), ("learned/roes", "learned/rose"), ("lips=learned/embers", "learned/ember")])
def test_a_name_that_is_none_has_its_nearest_named(text: str, nearest: str):
    with pytest.raises(UnknownNameError) as caught:
        parse_learned(text)
    assert nearest in caught.value.nearest


def test_weights_of_other_kinds_are_refused_with_a_reason():
    for text in ("weights.pkl", "lips=weights.pt", "a.onnx+weights.npz"):
        with pytest.raises(ModelFormatError, match="a pickle can run code"):
            parse_learned(text)


def test_a_file_that_is_missing_is_named():
    with pytest.raises(ModelFormatError, match=r"none\.onnx"):
        parse_learned("eyes=a.onnx,lips=none.onnx")


def test_without_any_shipped_the_message_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(shipped, "_folder", lambda: tmp_path / "nowhere")
    shipped.names.cache_clear()
    assert shipped.names() == ()
    with pytest.raises(UsageError, match="carries none"):
        parse_learned("learned/rose")


@pytest.mark.parametrize(
    ("text", "learned"),
    [
        ("mine.onnx", True),
        ("MINE.ONNX", True),
        ("lips=a.onnx,eyes", True),
        ("learned/rose", True),
        ("0.5*learned/rose+0.5*learned/ember", True),
        ("weights.pkl", True),
        ("weights.safetensors", True),
        ("matte red lips", False),
        ("gothic", False),
        ("look.json", False),
        ("soft learned look, nude lips", False),
    ],
)
def test_what_speaks_of_learned_looks(text: str, learned: bool):
    assert spells_learned(text) == learned


def test_those_that_come_with_kohl_can_be_opened(monkeypatch: pytest.MonkeyPatch):
    """The real ones, however many there are."""
    monkeypatch.undo()
    shipped.names.cache_clear()
    for name in shipped.names():
        assert shipped.load(name).card == shipped.card(name)
