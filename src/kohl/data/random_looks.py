"""Random looks for benchmarks, for fitting the reader and for the amplifier: every product there or not, as the presets wear it and beyond.

A layer starts as some preset's layer of its product, so coverages, finishes, shapes and patterns are those of presets. Its
pigment is the preset's own, moved a little, or any cosmetic colour that has a name.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

import numpy as np

from kohl.color.lab import lab_from_srgb, srgb_from_lab
from kohl.looks import presets
from kohl.looks.layers import PRODUCTS, AnyLayer, Eyeshadow
from kohl.looks.lexicon.colors import cosmetic_colours
from kohl.looks.look import Look
from kohl.looks.pigment import Pigment

PRESENT = 0.5
"""Probability of each product."""
_MOVED = 5.0
"""Standard deviation, on each axis of Lab, by which a preset's pigment is moved."""
_COVERAGE_MOVED = 0.05
_ANY_COLOUR: Mapping[str, float] = {"lipstick": 0.35, "eyeshadow": 0.35, "blush": 0.1, "eyeliner": 0.1}
"""How often a pigment is any named colour instead; other products keep to the presets' own."""


def random_look(random: np.random.Generator) -> Look:
    """Draw a look; each product of the presets is there with probability `PRESENT`."""
    layers = [_vary(choices[random.integers(len(choices))], random) for choices in _preset_layers().values() if random.random() < PRESENT]
    return Look(name="random", layers=tuple(layers))


@functools.cache
def _preset_layers() -> dict[str, list[AnyLayer]]:
    """The presets' layers by product."""
    layers = [layer for name in presets.names() for layer in presets.load(name).layers]
    by_product = {product: [layer for layer in layers if layer.product == product] for product in PRODUCTS}
    return {product: found for product, found in by_product.items() if found}


def _vary(layer: AnyLayer, random: np.random.Generator) -> AnyLayer:
    if isinstance(layer, Eyeshadow):
        pans = tuple(pan.model_copy(update=_change(pan.pigment, pan.coverage, "eyeshadow", random)) for pan in layer.pans)
        return layer.model_copy(update={"pans": pans})
    change = _change(getattr(layer, "pigment", None), getattr(layer, "coverage", 0.5), layer.product, random)
    return layer.model_copy(update={name: value for name, value in change.items() if name in type(layer).model_fields})


def _change(pigment: Pigment | None, coverage: float, product: str, random: np.random.Generator) -> dict[str, Pigment | float | None]:
    varied = float(np.clip(coverage + random.normal(0, _COVERAGE_MOVED), 0.1, 1.0))
    return {"pigment": None if pigment is None else _other_pigment(pigment, product, random), "coverage": varied}


def _other_pigment(pigment: Pigment, product: str, random: np.random.Generator) -> Pigment:
    if random.random() < _ANY_COLOUR.get(product, 0.0):
        names = sorted(cosmetic_colours())
        return cosmetic_colours()[names[random.integers(len(names))]].pigment(product)
    lab = lab_from_srgb(np.array(pigment.rgb, np.float32)) + random.normal(0, _MOVED, 3).astype(np.float32)
    red, green, blue = (float(value) for value in srgb_from_lab(lab))
    return Pigment.from_rgb((red, green, blue))
