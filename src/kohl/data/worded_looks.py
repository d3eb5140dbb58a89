"""Random looks as people ask for them, in words: a colour that has a name, as thick and as shiny as such a product usually is.

`random_looks` varies presets, whose colours and coverages belong together; here any colour comes in the coverage that words give it. A
reader that knows presets alone takes a dark shadow of medium coverage for a lighter one.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import numpy as np

from kohl.color.lab import lab_from_srgb
from kohl.data.random_looks import PRESENT
from kohl.looks.lexicon.colors import cosmetic_colours
from kohl.looks.look import Look
from kohl.looks.words import parse_words

_DRESSED = 0.5
"""Probability of a strength, a finish or a style before a colour."""
_NO_COLOURS = ("blush", "bronzed", "bronzy", "cream", "mlbb", "your lips but better")
"""Names that mean something else beside some products."""
_LEAST_RED = 12.0
"""a* from which on a colour is asked for on lips and cheeks; eyes wear any."""
_SHADOWS = (
    "{dress} {colour} eyeshadow",
    "{dress} {colour} lids",
    "smoky {colour} eyes",
    "{dress} {colour} lids, {other} crease",
    "{dress} {colour} lids, {other} outer corner",
    "{colour} and {other} eyes",
    "cut crease {colour} lids, {other} crease",
    "{colour} lids, {other} crease, {third} inner corner, {other} lower lash line",
)
_LINES = ("black {shape} liner", "black {shape} liner", "brown {shape} liner", "{colour} {shape} liner")
_LIPS = ("{dress} {red} lips", "{dress} {red} lips", "{red} lips with {deep} lip liner", "ombre {red} lips")
_CHEEKS = ("{strength} {red} blush", "{strength} {red} blush", "draped {red} blush", "sun-kissed {red} blush")
_OTHERS = ("{strength} mascara", "long lashes", "defined brows", "bronzer", "contour", "{strength} highlighter", "foundation")
_CHOICES: Mapping[str, Sequence[str]] = {
    "dress": ("matte", "satin", "sheer", "shimmery", "metallic", "glossy", "soft", "subtle", "bold", "dark", "light", "dusty", "deep"),
    "shape": ("", "thin", "thick", "winged", "cat eye", "baby wing", "soft"),
    "strength": ("", "soft", "light", "strong", "subtle", "bold"),
}


def worded_look(random: np.random.Generator) -> Look:
    """Draw a look in words; each product is there with probability `PRESENT`."""
    text = random_words(random)
    return parse_words(text).look if text else Look(name="random", layers=())


def random_words(random: np.random.Generator) -> str:
    """Draw words for a look, such as "smoky olive eyes, matte berry lips, long lashes"; none where no product is there."""
    kinds = (_SHADOWS, _LINES, _LIPS, _CHEEKS, *((other,) for other in _OTHERS))
    return ", ".join(_phrase(kind, random) for kind in kinds if random.random() < PRESENT)


def _phrase(templates: Sequence[str], random: np.random.Generator) -> str:
    drawn = {name: _one_of(choices, random) for name, choices in _CHOICES.items()}
    if random.random() > _DRESSED:
        drawn["dress"] = ""
    colours = {name: _one_of(_colours(), random) for name in ("colour", "other", "third")}
    colours |= {name: _one_of(_reds(), random) for name in ("red", "deep")}
    return " ".join(_one_of(templates, random).format(**drawn, **colours).split())


@functools.cache
def _colours() -> tuple[str, ...]:
    """Names of colours that can be asked for anywhere."""
    return tuple(sorted(set(cosmetic_colours()) - set(_NO_COLOURS)))


@functools.cache
def _reds() -> tuple[str, ...]:
    """Those of them that lips and cheeks wear."""
    shades = cosmetic_colours()
    return tuple(name for name in _colours() if lab_from_srgb(np.array(shades[name].pigment("lipstick").rgb, np.float32))[1] > _LEAST_RED)


def _one_of(choices: Sequence[str], random: np.random.Generator) -> str:
    return choices[int(random.integers(len(choices)))]
