"""What the golden pictures show: presets on drawn faces of three skins, cut around the face."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np

from drawn import SKINS, FixedDetector, draw
from kohl.core.arrays import Image
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.looks import presets
from kohl.rendering.renderer import render

FOLDER = Path(__file__).parent
NAMES = ("classic-red-lip", "smoky-eye", "metallic-bronze", "festival-glitter", "soft-glam", "clean-girl")
"""Presets that between them use every product but decals, and every finish that most people wear."""
_DRAWN, SIDE = 320, 192
"""Pixels of a drawn face's picture, and of the square cut out of it."""


def golden_path(name: str) -> Path:
    return FOLDER / f"{name}.png"


def render_golden(name: str) -> Image:
    """Return the preset on deep, medium and fair skin side by side, (SIDE, 3 SIDE, 3)."""
    look = presets.load(name)
    return np.concatenate([_cut(render(image, face, look, seed=1)) for image, face in _faces()], 1)


@functools.cache
def _faces() -> tuple[tuple[Image, Face], ...]:
    drawings = [draw((_DRAWN, _DRAWN), skin=SKINS[tone]) for tone in ("deep", "medium", "fair")]
    return tuple((drawing.image, Analyzer(detector=FixedDetector(drawing.points)).analyze(drawing.image)[0]) for drawing in drawings)


def _cut(image: Image) -> Image:
    start = (_DRAWN - SIDE) // 2
    return image[start : start + SIDE, start : start + SIDE]
