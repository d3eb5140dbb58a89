from __future__ import annotations

import numpy as np
import pytest

from kohl.api.knobs import Knobs, TransferKnobs, parse_faces, parse_regions, parse_strength, parse_texture, plan_from, resolve_strengths
from kohl.core.errors import KohlError, UnknownNameError, UsageError
from kohl.core.region import Region


def test_strengths_are_one_everywhere_by_default():
    assert resolve_strengths(None, None, 1.0) == dict.fromkeys(Region, 1.0)


def test_only_and_without_put_the_others_at_zero():
    strengths = resolve_strengths("lips, eyes", "eyes", 0.5)
    assert strengths == {**dict.fromkeys(Region, 0.0), Region.LIPS: 0.5}


def test_a_named_region_wins_over_all():
    strengths = resolve_strengths(None, None, {"all": 0.3, "lips": 1.0})
    assert strengths[Region.LIPS] == 1.0
    assert strengths[Region.EYES] == 0.3


def test_regions_not_named_stand_at_one_without_all():
    assert resolve_strengths(None, None, {"lips": 0.5})[Region.EYES] == 1.0


@pytest.mark.parametrize("regions", ["lips,eyes", ["lips", Region.EYES], ("EYES", " lips "), "lips,,eyes"])
def test_regions_are_read_from_text_and_from_any_iterable(regions: object):
    assert parse_regions(regions) == {Region.LIPS, Region.EYES}  # type: ignore[arg-type]


@pytest.mark.parametrize(("regions", "error"), [("lisp", UnknownNameError), ("", UsageError), ([], UsageError)])
def test_regions_that_are_none_are_refused(regions: object, error: type[KohlError]):
    with pytest.raises(error, match="lips"):
        parse_regions(regions)  # type: ignore[arg-type]


def test_typed_strengths():
    assert parse_strength(["0.8", "lips=1"]) == {"all": 0.8, "lips": 1.0}
    assert parse_strength([]) == {}


@pytest.mark.parametrize("text", ["much", "lips=", "=0.5", "lips=red", "nose=1"])
def test_typed_strengths_that_are_none_are_refused(text: str):
    with pytest.raises(UsageError):
        parse_strength([text])


@pytest.mark.parametrize(("text", "faces"), [("largest", "largest"), ("all", "all"), ("3", 3)])
def test_typed_faces(text: str, faces: object):
    assert parse_faces(text) == faces


@pytest.mark.parametrize("text", ["0", "-1", "some", "1.5", ""])
def test_typed_faces_that_are_none_are_refused(text: str):
    with pytest.raises(UsageError, match="largest"):
        parse_faces(text)


@pytest.mark.parametrize(("text", "texture"), [("keep", 0.0), ("copy", 1.0), ("0.25", 0.25)])
def test_typed_textures(text: str, texture: float):
    assert parse_texture(text) == texture


def test_typed_textures_that_are_none_are_refused():
    with pytest.raises(UsageError, match="keep"):
        parse_texture("smooth")


def test_numpy_s_whole_numbers_are_seeds():
    seed = plan_from({"seed": np.int64(7)}, Knobs).controls.seed  # type: ignore[typeddict-item]
    assert (seed, type(seed)) == (7, int)


def test_defaults():
    plan = plan_from({}, TransferKnobs)
    assert plan.faces == "largest"
    assert (plan.controls.texture, plan.controls.detail, plan.controls.seed) == (0.0, "film", 0)
    assert not plan.controls.is_nothing


@pytest.mark.parametrize(
    ("knobs", "words"),
    [
        ({"strenght": 1.0}, "strength"),
        ({"texture": 0.5}, "unknown keyword 'texture'"),
        ({"strength": 1.5}, "0 to 1"),
        ({"strength": -0.1}, "0 to 1"),
        ({"strength": float("nan")}, "0 to 1"),
        ({"strength": {"lisp": 1.0}}, "lips"),
        ({"faces": 0}, "largest"),
        ({"faces": True}, "largest"),
        ({"only": "noes"}, "region"),
        ({"only": 3}, "regions must be names, such as .*, got 3"),
        ({"only": [3]}, r"regions must be names, such as .*, got \[3\]"),
        ({"without": b"lips"}, "regions must be names"),
        ({"strength": {3: 1.0}}, "numbers per region"),
        ({"seed": "x"}, "seed must be a whole number from 0 up, got 'x'"),
        ({"seed": 1.5}, "seed must be a whole number from 0 up, got 1.5"),
        ({"seed": -1}, "seed must be a whole number from 0 up, got -1"),
        ({"seed": True}, "seed must be a whole number"),
        ({"seed": None}, "seed must be a whole number"),
    ],
)
def test_knobs_that_do_not_exist_or_are_out_of_range_are_refused(knobs: dict[str, object], words: str):
    with pytest.raises(UsageError, match=words):
        plan_from(knobs, Knobs)  # type: ignore[arg-type]


@pytest.mark.parametrize("knobs", [{"texture": 2.0}, {"detail": "paint"}, {"texture": "shiny"}, {"texture": None}, {"reference_for": 3}])
def test_knobs_of_a_transfer_are_checked_too(knobs: dict[str, object]):
    with pytest.raises(UsageError):
        plan_from(knobs, TransferKnobs)  # type: ignore[arg-type]
