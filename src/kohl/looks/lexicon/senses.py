"""What a word or a fixed expression can mean. One expression may have several senses; the grammar picks by context."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from kohl.core.region import Region
from kohl.looks.layers import Finish
from kohl.looks.pigment import Pigment

Settings: TypeAlias = Mapping[str, str | float]
"""Fields of a layer and the values that a word gives them."""

_PLACES: Mapping[str, tuple[str, ...]] = {
    "lipstick": ("lips",),
    "lip_liner": ("lip_liner", "lips"),
    "eyeshadow": ("eyes",),
    "eyeliner": ("eyeliner", "eyes"),
    "lashes": ("lashes", "eyeliner"),
    "brows": ("brows",),
    "blush": ("cheeks",),
}


@dataclass(frozen=True)
class Noun:
    """A product, or the place where it goes. A place (`region`) stands for all its products; a `zone` is one pan's place.

    `after_lips` is the product that is meant when the noun is joined to the lips by "with". `is_extra`: it comes on top
    of what the product does elsewhere, as a line on the lower lid does.
    """

    product: str
    region: Region | None = None
    zone: str | None = None
    settings: Settings = field(default_factory=dict)
    after_lips: str | None = None
    is_extra: bool = False


@dataclass(frozen=True)
class Colour:
    """A colour by name. `by_place` has the pigment for a place ("lips", "eyes", …) and, under "any", for all others."""

    name: str
    by_place: Mapping[str, Pigment]
    finish: Finish | None = None

    def pigment(self, product: str) -> Pigment:
        """The pigment that the name means for `product`: nude lips are not nude lids."""
        places = (*_PLACES.get(product, (product,)), "any")
        return next(self.by_place[place] for place in places if place in self.by_place)


@dataclass(frozen=True)
class Shade:
    """How a colour is bent: `lightness` towards white (> 0) or black (< 0), `chroma` as a factor, `warmth` towards yellow."""

    name: str
    lightness: float = 0.0
    chroma: float = 1.0
    warmth: float = 0.0


@dataclass(frozen=True)
class Sheen:
    """A finish. `implied` is the product that it stands for when no other is named: "gloss" alone is lip gloss."""

    finish: Finish
    implied: str | None = None


@dataclass(frozen=True)
class Strength:
    """How much of it: a factor on the usual coverage, or the coverage itself.

    `yields`: it says nothing where a colour is named, as "clear" in "red lips with clear gloss".
    """

    factor: float = 1.0
    coverage: float | None = None
    yields: bool = False


@dataclass(frozen=True)
class Degree:
    """Very, slightly: a factor on what follows it."""

    factor: float


@dataclass(frozen=True)
class Style:
    """A way of doing it: what it sets for each product, and the products that it brings when none is named."""

    settings: Mapping[str, Settings]
    implied: tuple[str, ...] = ()
    is_monochrome: bool = False


@dataclass(frozen=True)
class Base:
    """A preset to start from; `region` where its name speaks of one part of the face alone."""

    preset: str
    region: Region | None = None


@dataclass(frozen=True)
class Negation:
    """No, without: what follows is taken away."""


@dataclass(frozen=True)
class Preposition:
    """In, at: what follows describes what stood before."""


@dataclass(frozen=True)
class Filler:
    """A word that changes nothing: "a", "makeup", "please"."""


Sense: TypeAlias = Noun | Colour | Shade | Sheen | Strength | Degree | Style | Base | Negation | Preposition | Filler
