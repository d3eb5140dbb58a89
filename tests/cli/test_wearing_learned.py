"""Learned looks on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import Kohl, load

from kohl.core.region import Region
from kohl.methods.tinybeauty import shipped
from learned_looks import tint_look


@pytest.fixture(autouse=True)
def _looks(kohl: Kohl) -> None:
    """Two learned looks beside the photos."""
    Path("a.onnx").write_bytes(tint_look((0.2, 0, 0), name="a", description="A red tint."))
    Path("b.onnx").write_bytes(tint_look((0, 0, 0.2), name="b", regions=(Region.EYES,)))


@pytest.fixture
def _shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A kohl that carries one learned look."""
    folder = tmp_path / "carried"
    folder.mkdir()
    (folder / "rose.onnx").write_bytes(tint_look(name="rose", description="A rosy tint."))
    monkeypatch.setattr(shipped, "_folder", lambda: folder)
    shipped.names.cache_clear()
    yield
    shipped.names.cache_clear()


def test_apply_wears_it_and_says_so(kohl: Kohl):
    result = kohl("apply", "me.png", "--look", "a.onnx", "--strength", "lips=0.5", "--without", "eyes", "-o", "out.png", "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["learned"] | {"sha256": ""} == {"name": "a", "sha256": "", "licence": "Apache-2.0"}
    assert {report["region"]: report["strength"] for report in told["regions"]} == {"lips": 0.5, "eyes": 0, "brows": 1, "cheeks": 1, "skin": 1}
    assert load("out.png").tobytes() != load("me.png").tobytes()


def test_strength_0_changes_nothing(kohl: Kohl):
    assert kohl("apply", "me.png", "--look", "a.onnx", "--strength", "0", "-o", "out.png").exit_code == 0
    assert load("out.png").tobytes() == load("me.png").tobytes()


def test_explain_names_the_look(kohl: Kohl):
    result = kohl("apply", "me.png", "--look", "b.onnx", "-o", "out.png", "--explain")
    assert "eyes: what the learned look 'b' puts there" in result.stderr
    assert "lips: nothing to put on" in result.stderr


def test_looks_are_joined_and_averaged_on_one_line(kohl: Kohl):
    for spelling in ("eyes=a.onnx,lips=b.onnx", "0.3*a.onnx+0.7*b.onnx", "all=a.onnx,eyes=a.onnx+b.onnx"):
        assert kohl("apply", "me.png", "--look", spelling, "-o", "out.png", "--force").exit_code == 0


def test_batch_wears_it_and_resumes(kohl: Kohl):
    assert kohl("batch", "me.png", "-o", "out", "--look", "a.onnx").stdout.startswith("1 painted, 0 done before")
    assert kohl("batch", "me.png", "-o", "out", "--look", "a.onnx").stdout.startswith("0 painted, 1 done before")
    assert kohl("batch", "me.png", "-o", "out", "--look", "b.onnx", "--force").stdout.startswith("1 painted, 0 done before")


@pytest.mark.parametrize(
    ("look", "code", "told"),
    [
        ("none.onnx", 6, "there is no such file"),
        ("broken.onnx", 6, "expected a whole ONNX file"),
        ("weights.pkl", 6, "a pickle can run code"),
        ("eyes=a.onnx,lips", 2, "REGION=LOOK"),
        ("eys=a.onnx", 2, "did you mean 'eyes'"),
        ("learned/none", 2, "learned"),
    ],
)
def test_what_cannot_be_worn_ends_with_a_reason(look: str, code: int, told: str, kohl: Kohl):
    Path("broken.onnx").write_bytes(Path("a.onnx").read_bytes()[:900])
    result = kohl("apply", "me.png", "--look", look, "-o", "out.png")
    assert (result.exit_code, Path("out.png").exists()) == (code, False)
    assert told in result.stderr


@pytest.mark.usefixtures("_shipped")
def test_those_that_come_with_kohl_are_listed_shown_and_worn(kohl: Kohl):
    listed = {look["name"]: look for look in json.loads(kohl("looks", "list", "--json").stdout)["looks"]}
    assert listed["learned/rose"] == {"name": "learned/rose", "kind": "learned", "tags": ["learned"], "description": "A rosy tint."}
    assert listed["gothic"]["kind"] == "preset"
    assert kohl("looks", "list", "--tag", "learned").stdout.split() == ["learned/rose", "A", "rosy", "tint.", "[learned]"]
    assert json.loads(kohl("looks", "show", "learned/rose").stdout)["name"] == "rose"
    assert kohl("apply", "me.png", "--look", "learned/rose", "-o", "out.png").exit_code == 0


@pytest.mark.usefixtures("_shipped")
def test_a_sheet_shows_both_kinds(kohl: Kohl):
    assert kohl("looks", "sheet", "me.png", "learned/rose", "a.onnx", "gothic", "-o", "sheet.png", "--columns", "3").exit_code == 0
    assert load("sheet.png").width == 3 * 244


def test_show_prints_the_card(kohl: Kohl):
    result = kohl("looks", "show", "a.onnx", "--json")
    assert json.loads(result.stdout)["look"]["description"] == "A red tint."
