"""A method so plain that the tests of what stands around methods know its every pixel."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import numpy as np
import pytest

from drawn import FixedDetector
from kohl.api import studio
from kohl.core.arrays import Image, Points3
from kohl.core.region import Region
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.looks.layers import Lipstick
from kohl.looks.look import Look
from kohl.looks.pigment import Pigment
from kohl.methods import registry
from kohl.methods.base import Capabilities, Controls
from kohl.reading.film import ReadFilm
from kohl.reading.reading import Reading

RED = Pigment("#c01020")


class FlatMethod:
    """Mixes the lips' mask towards red, by the lips' strength; reads a red lipstick off every face."""

    name = "flat"
    capabilities = Capabilities(applies_looks=True, transfers=True, reads=True, controls_texture=True)

    def __init__(self) -> None:
        self.controls: list[Controls] = []
        self.threads: set[int] = set()

    def apply(self, image: Image, face: Face, look: Look, controls: Controls) -> Image:
        self.controls.append(controls)
        self.threads.add(threading.get_ident())
        painted = image.copy()
        part = face.window_slices
        amount = (face.masks.lips * controls.strength_of(Region.LIPS))[..., None] if Region.LIPS in look.regions else 0.0
        painted[part] = painted[part] * (1 - amount) + np.array(RED.rgb, np.float32) * amount
        return painted

    def transfer(self, image: Image, face: Face, references: Mapping[Region, Reading], controls: Controls) -> Image:
        look = references[Region.LIPS].look if Region.LIPS in references else Look(name="none", layers=())
        return self.apply(image, face, look, controls)

    def read(self, image: Image, face: Face) -> Reading:
        return red_reading()


def red_look() -> Look:
    return Look(name="red", layers=(Lipstick(pigment=RED),))


def red_reading() -> Reading:
    return Reading(look=red_look(), confidence={"lipstick": 0.9}, film=ReadFilm({}, {}, np.zeros(3, np.float32)), texture=None)  # type: ignore[arg-type]


def install(monkeypatch: pytest.MonkeyPatch, *points: Points3) -> None:
    """Make every studio of this process paint with the plain method, on faces with these meshes in whatever picture."""
    monkeypatch.setitem(registry._CLASSES, "procedural", "stand_ins:FlatMethod")
    monkeypatch.setattr(studio, "Analyzer", lambda: Analyzer(detector=FixedDetector(*points)))
