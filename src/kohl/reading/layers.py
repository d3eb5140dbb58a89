"""What a face shows → layers of a look, as the reader's networks understand it."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import numpy as np

from kohl.color.lab import linear_from_lab
from kohl.color.srgb import srgb_from_linear
from kohl.core.arrays import FloatArray, LinearImage
from kohl.core.side_by_side import side_by_side
from kohl.faces.face import Face
from kohl.looks.layers import AnyLayer, Blush, Eyeliner, Eyeshadow, Finish, Lipstick, Pan
from kohl.looks.look import Look
from kohl.looks.pigment import Pigment
from kohl.reading.answers import COVERAGE_SCALE, LINE_ANSWERS, LIP_FINISHES, PATTERNS
from kohl.reading.eye_patches import EyePatch, cut_eyes
from kohl.reading.networks import Reader, load_readers, probability
from kohl.reading.unrolled import Unrolled
from kohl.reading.views import see
from kohl.rendering.zones.eyes import ZONES

PRESENT = 0.5
"""Confidence from which on a product is part of the look."""
_THINNEST_WING = 0.08
"""Wings shorter than this are the lash line's own end."""
_SHORTEST_LOWER = 0.15
_COVERAGES = (0.1, 0.95)
_PRODUCTS = {"lips": "lipstick", "eyes": "eyeshadow", "cheeks": "blush", "lines": "eyeliner"}
"""By part of the face, the product whose presence is asked there."""

Answers = Mapping[str, FloatArray]
"""What a reader answers, see `ANSWERS`."""


def ask_networks(linear: LinearImage, face: Face, unrolled: Unrolled) -> dict[str, Answers]:
    """What the reader's networks answer, by part of the face. linear: (h, w, 3), the window of `face` in linear light."""
    eyes, readers = cut_eyes(linear, face, unrolled), load_readers()
    tasks = [functools.partial(_answer, part, reader, unrolled, eyes) for part, reader in readers.items()]
    return dict(zip(readers, side_by_side(tasks), strict=True))


def said_of(answers: Mapping[str, Answers]) -> dict[str, float]:
    """For every product that reading can tell how surely the networks see it, in [0, 1]."""
    return {product: probability(float(answers[part][product][0])) for part, product in _PRODUCTS.items()}


def look_of(answers: Mapping[str, Answers], confidence: Mapping[str, float]) -> Look:
    """The look of the products that are there as surely as `PRESENT` asks."""
    worn = {product for product in _PRODUCTS.values() if confidence[product] > PRESENT}
    layers: list[AnyLayer] = []
    if "blush" in worn:
        layers.append(_blush(answers["cheeks"]))
    if "eyeshadow" in worn:
        layers.append(_eyeshadow(answers["eyes"]))
    if "eyeliner" in worn:
        layers.append(_eyeliner(answers["lines"]))
    if "lipstick" in worn:
        layers.append(_lipstick(answers["lips"]))
    return Look(name="read", layers=tuple(layers))


def _answer(part: str, reader: Reader, unrolled: Unrolled, eyes: Sequence[EyePatch]) -> Answers:
    return reader(*see(part, unrolled, eyes))


def _lipstick(answers: Answers) -> Lipstick:
    pigment, coverage = _colour(answers["lip_colour"])
    finish = LIP_FINISHES[int(answers["lip_finish"].argmax())][0]
    return Lipstick(pigment=pigment, coverage=coverage, finish=Finish(finish))  # type: ignore[arg-type]


def _eyeshadow(answers: Answers) -> Eyeshadow:
    """The pans that are likely; the likeliest where none is."""
    likely = answers["pans"]
    zones = [zone for zone, logit in zip(ZONES, likely, strict=True) if logit > 0] or [ZONES[int(likely.argmax())]]
    return Eyeshadow(pans=tuple(_pan(zone, answers) for zone in zones))


def _pan(zone: str, answers: Answers) -> Pan:
    pigment, coverage = _colour(answers[f"{zone}_colour"])
    return Pan.model_validate({"zone": zone, "pigment": pigment, "coverage": coverage})


def _blush(answers: Answers) -> Blush:
    pigment, coverage = _colour(answers["blush_colour"])
    pattern = PATTERNS[int(answers["blush_pattern"].argmax())]
    return Blush(pigment=pigment, coverage=coverage, pattern=pattern)  # type: ignore[arg-type]


def _eyeliner(answers: Answers) -> Eyeliner:
    pigment, coverage = _colour(answers["line_colour"])
    shape = dict(zip(LINE_ANSWERS, answers["line_shape"].tolist(), strict=True))
    wing, lower = (_share(shape[name]) for name in ("wing", "lower"))
    return Eyeliner(
        pigment=pigment,
        coverage=coverage,
        thickness=round(_share(shape["thickness"]), 2),
        wing=wing if wing >= _THINNEST_WING else 0.0,
        wing_angle=round(float(np.clip(shape["wing_angle"], 0, 60)), 1),
        lower=lower if lower >= _SHORTEST_LOWER else 0.0,
    )


def _share(value: float) -> float:
    return round(float(np.clip(value, 0, 1)), 2)


def _colour(answer: FloatArray) -> tuple[Pigment, float]:
    """Pigment and coverage of an answer (4,)."""
    *lab, coverage = answer
    red, green, blue = (float(value) for value in srgb_from_linear(np.clip(linear_from_lab(np.array(lab, np.float32)), 0, 1)))
    return Pigment.from_rgb((red, green, blue)), round(float(np.clip(coverage / COVERAGE_SCALE, *_COVERAGES)), 2)
