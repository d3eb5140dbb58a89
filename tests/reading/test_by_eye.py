"""What faces wore before anything was painted: what was judged goes before what a label promises, and networks learn from what is known."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import by_eye
import portraits
import reading as benchmark
from kohl.looks.layers import Lipstick
from kohl.looks.look import Look
from kohl.looks.pigment import Pigment

pytest.importorskip("torch", reason="fitting needs the train extra")
fit_reading = pytest.importorskip("fit_reading")

RED = Look(name="red", layers=(Lipstick(pigment=Pigment("#a5131f")),))
NONE = Look(name="none", layers=())


@pytest.fixture(autouse=True)
def judgements(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"set/judged.jpg": {"lipstick": 1.0, "eyeshadow": 0.0, "blush": math.nan, "eyeliner": 0.0}}
    monkeypatch.setattr(by_eye, "_judged", lambda: told)


def row(file: str, **more: str) -> dict[str, str]:
    return {"file": file, "set": "set", "label": "", "yaw_deg": "0", "split": "train"} | more


def sample(worn: dict[str, float], look: Look, bare: str = "judged") -> fit_reading.Sample:
    painted = {product: float(any(layer.product == product for layer in look.layers)) for product in by_eye.PRODUCTS}
    return fit_reading.Sample("person", bare, worn, 0, painted, look, {})


def test_how_it_is_known_what_a_face_wears() -> None:
    assert by_eye.how_it_is_known(row("london/any.jpg", set="london")) == "studio"
    assert by_eye.how_it_is_known(row("set/judged.jpg")) == "judged"
    assert by_eye.how_it_is_known(row("set/other.jpg")) == "unknown"


def test_who_is_seen_to_wear_makeup_is_not_bare(monkeypatch: pytest.MonkeyPatch) -> None:
    studio = row("london/any.jpg", set="london")
    assert by_eye.is_bare(studio)
    monkeypatch.setattr(by_eye, "_judged", lambda: {studio["file"]: {"lipstick": 1.0, "blush": math.nan}})
    assert not by_eye.is_bare(studio)


def test_a_judge_goes_before_a_label() -> None:
    assert by_eye.worn_on("set/judged.jpg", "studio")["lipstick"] == 1
    assert set(by_eye.worn_on("set/other.jpg", "studio").values()) == {0.0}
    assert np.isnan(list(by_eye.worn_on("set/other.jpg", "unknown").values())).all()


def test_what_is_worn_or_painted_is_there_and_what_is_not_known_teaches_nothing() -> None:
    worn = dict(by_eye.worn_on("set/judged.jpg", "judged"))
    assert [sample(worn, NONE).shows(product) for product in ("lipstick", "eyeshadow")] == [1, 0]
    assert sample(worn | {"lipstick": 0.0}, RED).shows("lipstick") == 1
    assert math.isnan(sample(worn | {"lipstick": math.nan}, RED).shows("lipstick"))


def test_another_hand_s_paint_teaches_where_it_is_known() -> None:
    bare = dict.fromkeys(by_eye.PRODUCTS, 0.0)
    by_another = replace(sample(bare, NONE, "studio"), painted=bare | {"eyeshadow": 1.0, "eyeliner": math.nan})
    assert [by_another.shows(product) for product in ("lipstick", "eyeshadow")] == [0, 1]
    assert math.isnan(by_another.shows("eyeliner"))
    assert not by_another.is_as_it_is


def test_judged_faces_are_shown_more_often_as_they_are_most_of_all_where_the_product_is_worn() -> None:
    worn = dict(by_eye.worn_on("set/judged.jpg", "judged"))
    real, painted, taken_for_bare = sample(worn, NONE), sample(worn, RED), sample(dict.fromkeys(worn, 0.0), NONE, "studio")
    how = fit_reading.How(judged=(2, 5))
    shown = fit_reading.shown([real, painted, taken_for_bare], "lips", how)
    assert [shown.count(each) for each in (real, painted, taken_for_bare)] == [5, 1, 1]
    assert fit_reading.shown([real], "eyes", how) == [real] * 2
    assert sample(worn | {"lipstick": math.nan}, NONE).times("lipstick", how.judged) == 1


def test_colours_are_learnt_where_kohl_painted_the_product() -> None:
    bare = dict.fromkeys(by_eye.PRODUCTS, 0.0)
    real, painted = sample(dict(by_eye.worn_on("set/judged.jpg", "judged")), NONE), sample(bare, RED)
    how = fit_reading.How(join="colours")
    assert fit_reading.shown([real, painted], "lips", how) == [painted]
    assert fit_reading.shown([real, painted], "eyes", how) == []


def test_agreement_with_judges_counts_only_what_they_could_tell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = tmp_path / "worn.csv"
    told.write_text("file,lipstick,eyeshadow,blush,eyeliner\na,1,0,,1\nb,1,,,0\nc,0,0,,0\n")
    monkeypatch.setattr(portraits, "JUDGED", (told,))
    portraits.judged.cache_clear()
    rows = benchmark.by_eye([("a", frozenset({"lipstick"})), ("b", frozenset({"blush"})), None, ("c", frozenset({"lipstick", "eyeliner"}))]).rows
    portraits.judged.cache_clear()
    assert rows == [
        ["lipstick", 3, 2, 0.5, 0.5, 0.5],
        ["eyeshadow", 2, 0, 0, 0, 0],
        ["blush", 0, 0, 0, 0, 0],
        ["eyeliner", 3, 1, 0, 0, 0],
    ]
