"""Reading back what was painted on a drawn face."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import Image
from kohl.core.region import Region
from kohl.faces.face import Face
from kohl.looks.layers import Lipstick
from kohl.looks.look import Look
from kohl.looks.pigment import Pigment
from kohl.reading.reader import read_makeup
from kohl.rendering.renderer import render

REDS = [Pigment("#a5131f"), Pigment("#7a1230"), Pigment("#b8254a")]


def _painted(image: Image, face: Face, pigment: Pigment) -> Image:
    return render(image, face, Look(name="red", layers=(Lipstick(pigment=pigment, coverage=0.85, finish="matte"),)))


@pytest.mark.parametrize("pigment", REDS)
def test_red_lips_are_found_and_their_pigment_is_near(drawn_image: Image, drawn_face: Face, pigment: Pigment) -> None:
    reading = read_makeup(_painted(drawn_image, drawn_face, pigment), drawn_face)
    assert reading.confidence["lipstick"] > 0.5
    (lipstick,) = reading.look.only("lips").layers
    assert isinstance(lipstick, Lipstick)
    worn, read = (lab_from_srgb(np.array(colour.rgb, np.float32)) for colour in (pigment, lipstick.pigment))
    assert delta_e2000(worn, read) < 15


def test_confidence_rises_with_lipstick(drawn_image: Image, drawn_face: Face) -> None:
    bare = read_makeup(drawn_image, drawn_face).confidence["lipstick"]
    painted = read_makeup(_painted(drawn_image, drawn_face, REDS[0]), drawn_face).confidence["lipstick"]
    assert painted > bare


def test_confidence_names_only_what_reading_can_tell(drawn_image: Image, drawn_face: Face) -> None:
    reading = read_makeup(drawn_image, drawn_face)
    assert set(reading.confidence) == {"lipstick", "eyeshadow", "blush", "eyeliner"}
    assert all(0 <= sure <= 1 for sure in reading.confidence.values())
    for layer in reading.look.layers:
        assert reading.confidence[layer.product] > 0.5


def test_red_lips_are_a_whole_film(drawn_image: Image, drawn_face: Face) -> None:
    presence = read_makeup(_painted(drawn_image, drawn_face, REDS[0]), drawn_face).film.presence
    assert set(presence) == {Region.LIPS, Region.EYES, Region.CHEEKS}
    assert presence[Region.LIPS].max() == 1
