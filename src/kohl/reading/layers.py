"""What a face shows → layers of a look, as the reader's networks understand it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kohl.color.lab import linear_from_lab
from kohl.color.srgb import srgb_from_linear
from kohl.core.arrays import FloatArray, LinearImage
from kohl.core.region import Region
from kohl.faces.face import Face
from kohl.looks.layers import AnyLayer, Blush, Eyeliner, Eyeshadow, Finish, Lipstick, Pan
from kohl.looks.look import Look
from kohl.looks.pigment import Pigment
from kohl.reading.answers import COVERAGE_SCALE, LINE_ANSWERS, LIP_FINISHES, PATTERNS
from kohl.reading.eye_patches import EyePatch, cut_eyes
from kohl.reading.features import cheek_features, eye_features, line_features, lip_features
from kohl.reading.lines import line_colour
from kohl.reading.networks import load_networks, probability
from kohl.reading.unrolled import Unrolled
from kohl.rendering.zones.eyes import ZONES

PRESENT = 0.5
"""Confidence from which on a product is part of the look."""
_TRUST_IN_COLOUR = 0.35
"""How far a colour that bare lips do not have speaks for lipstick by itself: photos hold redder lips than kohl has painted."""
_THINNEST_WING = 0.08
"""Wings shorter than this are the lash line's own end."""
_SHORTEST_LOWER = 0.15
_COVERAGES = (0.1, 0.95)


def read_layers(linear: LinearImage, face: Face, unrolled: Unrolled, presence: Mapping[Region, float]) -> tuple[Look, dict[str, float]]:
    """Return the look, and for every product that reading can tell how surely it is there, in [0, 1].

    linear: (h, w, 3), the window of `face` in linear light. presence: see `Evidence.presence`.
    """
    eyes = cut_eyes(linear, face, unrolled)
    lids, lips, cheeks = eye_features(unrolled, eyes), lip_features(unrolled), cheek_features(unrolled)
    lines = [line_features(eye) for eye in eyes]
    confidence = {
        "lipstick": _either(_confidence("lipstick", [lips]), _TRUST_IN_COLOUR * presence[Region.LIPS]),
        "eyeshadow": _confidence("eyeshadow", [lids]),
        "blush": _confidence("blush", [cheeks]),
        "eyeliner": _confidence("eyeliner", lines),
    }
    layers: list[AnyLayer] = []
    if confidence["blush"] > PRESENT:
        layers.append(_blush(cheeks))
    if confidence["eyeshadow"] > PRESENT:
        layers.append(_eyeshadow(lids))
    if confidence["eyeliner"] > PRESENT:
        layers.append(_eyeliner(lines, eyes, unrolled))
    if confidence["lipstick"] > PRESENT:
        layers.append(_lipstick(lips))
    return Look(name="read", layers=tuple(layers)), confidence


def _ask(name: str, features: Sequence[FloatArray]) -> FloatArray:
    """The mean answer of a network to one or more views of the same thing."""
    network = load_networks()[name]
    return np.asarray(np.mean([network(view) for view in features], axis=0), np.float32)


def _confidence(product: str, features: Sequence[FloatArray]) -> float:
    return probability(float(_ask(product, features)[0]))


def _either(first: float, second: float) -> float:
    """Probability that at least one of two witnesses is right."""
    return 1 - (1 - first) * (1 - second)


def _lipstick(features: FloatArray) -> Lipstick:
    pigment, coverage = _colour("lip_colour", features)
    finish = LIP_FINISHES[int(_ask("lip_finish", [features]).argmax())][0]
    return Lipstick(pigment=pigment, coverage=coverage, finish=Finish(finish))  # type: ignore[arg-type]


def _eyeshadow(features: FloatArray) -> Eyeshadow:
    """The pans that are likely; the lid's own where none is."""
    likely = _ask("pans", [features])
    zones = [zone for zone, logit in zip(ZONES, likely, strict=True) if logit > 0] or [ZONES[int(likely.argmax())]]
    return Eyeshadow(pans=tuple(_pan(zone, features) for zone in zones))


def _pan(zone: str, features: FloatArray) -> Pan:
    pigment, coverage = _colour(f"{zone}_colour", features)
    return Pan.model_validate({"zone": zone, "pigment": pigment, "coverage": coverage})


def _blush(features: FloatArray) -> Blush:
    pigment, coverage = _colour("blush_colour", features)
    pattern = PATTERNS[int(_ask("blush_pattern", [features]).argmax())]
    return Blush(pigment=pigment, coverage=coverage, pattern=pattern)  # type: ignore[arg-type]


def _eyeliner(lines: Sequence[FloatArray], eyes: Sequence[EyePatch], unrolled: Unrolled) -> Eyeliner:
    shape = dict(zip(LINE_ANSWERS, _ask("line_shape", lines).tolist(), strict=True))
    wing, lower = (_share(shape[name]) for name in ("wing", "lower"))
    return Eyeliner(
        pigment=_pigment(line_colour(eyes, unrolled.skin)),
        thickness=round(_share(shape["thickness"]), 2),
        wing=wing if wing >= _THINNEST_WING else 0.0,
        wing_angle=round(float(np.clip(shape["wing_angle"], 0, 60)), 1),
        lower=lower if lower >= _SHORTEST_LOWER else 0.0,
    )


def _share(value: float) -> float:
    return round(float(np.clip(value, 0, 1)), 2)


def _colour(name: str, features: FloatArray) -> tuple[Pigment, float]:
    """Pigment and coverage that a colour network answers."""
    *lab, coverage = _ask(name, [features])
    return _pigment(linear_from_lab(np.array(lab, np.float32))), round(float(np.clip(coverage / COVERAGE_SCALE, *_COVERAGES)), 2)


def _pigment(linear: FloatArray) -> Pigment:
    red, green, blue = (float(value) for value in srgb_from_linear(np.clip(linear, 0, 1)))
    return Pigment.from_rgb((red, green, blue))
