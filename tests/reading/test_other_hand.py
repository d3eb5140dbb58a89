"""What another hand painted: told by what changed, and left open where nobody could tell."""

from __future__ import annotations

import numpy as np
import pytest

import other_hand
from kohl.core.arrays import Image, Mask
from kohl.faces.face import Face
from kohl.rendering.zones.eyes import eyeshadow_zone
from kohl.rendering.zones.face import face_zone

NOTHING = {"lipstick": 0.0, "eyeshadow": 0.0, "blush": 0.0, "eyeliner": 0.0}


def _painted(image: Image, face: Face, place: Mask, cover: float) -> Image:
    painted = image.copy()
    window = face.window_slices
    painted[window] += cover * place[..., None] * (np.array([0.2, 0.3, 0.9], np.float32) - painted[window])
    return painted


def test_nothing_painted_is_nothing_shown(drawn_image: Image, drawn_face: Face) -> None:
    assert other_hand.shown(drawn_image, drawn_image, drawn_face) == NOTHING


def test_lips_are_lipstick(drawn_image: Image, drawn_face: Face) -> None:
    painted = _painted(drawn_image, drawn_face, drawn_face.masks.lips, 0.6)
    assert other_hand.shown(drawn_image, painted, drawn_face) == NOTHING | {"lipstick": 1.0}


def test_on_painted_lids_nobody_can_tell_a_line(drawn_image: Image, drawn_face: Face) -> None:
    lids = drawn_face.field.sample(eyeshadow_zone("lid", "classic"))
    told = other_hand.shown(drawn_image, _painted(drawn_image, drawn_face, lids, 0.6), drawn_face)
    assert told["eyeshadow"] == 1
    assert np.isnan(told["eyeliner"])
    assert told["lipstick"] == 0


def test_painted_cheeks_may_be_blush_or_not(drawn_image: Image, drawn_face: Face) -> None:
    cheeks = drawn_face.field.sample(face_zone("blush", "apples"))
    told = other_hand.shown(drawn_image, _painted(drawn_image, drawn_face, cheeks, 0.6), drawn_face)
    assert np.isnan(told["blush"])
    assert told["lipstick"] == 0


def test_a_hint_is_left_open(drawn_image: Image, drawn_face: Face) -> None:
    told = other_hand.shown(drawn_image, _painted(drawn_image, drawn_face, drawn_face.masks.lips, 0.06), drawn_face)
    assert told["lipstick"] == pytest.approx(np.nan, nan_ok=True)
