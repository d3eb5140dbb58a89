"""A look: makeup as data, a list of layers, with the operators that a makeup artist would want.

`look * 0.6` is the same look, lighter; `a + b` is `b` over `a`; `a.only("lips") + b.only("eyes")` takes from both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Annotated, Literal

from pydantic import Field, field_validator

from kohl.core.errors import UsageError
from kohl.core.region import Region, Regions, parse_regions
from kohl.looks.layers import LAYER_TYPES, AnyLayer, Model
from kohl.looks.slots import slot

SCHEMA_VERSION = 1
"""The version of the look format that this kohl writes, and the newest that it reads."""

_MAX_NAME = 120
_PAINTING_ORDER = {layer_type: position for position, layer_type in enumerate(LAYER_TYPES)}

Tag = Literal["light", "medium", "bold", "artistic"]
"""How much of a statement a look makes."""


class Look(Model):
    """A named, shareable list of layers.

    Layers are kept in the order a makeup artist puts them on, whatever order they come in; two layers of one product
    keep theirs. Frozen: every operator returns a new look.
    """

    schema_version: Literal[1] = 1
    name: Annotated[str, Field(min_length=1, max_length=_MAX_NAME)]
    description: Annotated[str, Field(max_length=2000)] = ""
    tags: tuple[Tag, ...] = ()
    layers: tuple[AnyLayer, ...]

    @field_validator("layers")
    @classmethod
    def _in_painting_order(cls, layers: tuple[AnyLayer, ...]) -> tuple[AnyLayer, ...]:
        return tuple(sorted(layers, key=lambda layer: _PAINTING_ORDER[type(layer)]))

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions that carry a layer, in the order of `Region`."""
        present = {layer.region for layer in self.layers}
        return tuple(region for region in Region if region in present)

    def with_layers(self, layers: Iterable[AnyLayer], name: str | None = None) -> Look:
        """The same look made of other layers, under another `name` where one is given (cut to 120 characters)."""
        return Look(name=self.name if name is None else name[:_MAX_NAME], description=self.description, tags=self.tags, layers=tuple(layers))

    def __mul__(self, strength: float) -> Look:
        """Every intensity times `strength`, cut at 1. Raises UsageError when `strength` is negative or no number."""
        return self.with_strengths({}, default=strength)

    __rmul__ = __mul__

    def __add__(self, other: Look) -> Look:
        """`other` over this look.

        What `other` says about a product replaces what this look says about it. Decals are pictures, not products:
        they pile up, and only the very same picture replaces itself.
        """
        if not isinstance(other, Look):
            return NotImplemented
        taken = {slot(layer) for layer in other.layers}
        kept = [layer for layer in self.layers if slot(layer) not in taken]
        return Look(name=f"{self.name} + {other.name}"[:_MAX_NAME], layers=(*kept, *other.layers))

    def only(self, *regions: Regions) -> Look:
        """The layers on `regions` alone: `only("lips", "eyes")`, `only("lips,eyes")`, `only(["lips", "eyes"])`.

        Raises UnknownNameError for a region that does not exist, UsageError for what is no name.
        """
        wanted = _parsed(regions)
        return self.with_layers(layer for layer in self.layers if layer.region in wanted)

    def without(self, *regions: Regions) -> Look:
        """All layers but those on `regions`, which are written as for `only`. Raises as `only`."""
        unwanted = _parsed(regions)
        return self.with_layers(layer for layer in self.layers if layer.region not in unwanted)

    def with_strengths(self, strengths: Mapping[Region | str, float] | Mapping[str, float], default: float = 1.0) -> Look:
        """Every intensity times the strength of its region, cut at 1; `default` where no strength is given.

        Raises UnknownNameError for a region that does not exist, UsageError for a strength that is negative or no number.
        """
        if not isinstance(strengths, Mapping):
            raise UsageError(f"expected strengths per region, such as {{'lips': 0.5}}, got {strengths!r}; look * 0.5 scales all of it")
        by_region = {Region.parse(str(region)): _checked(strength) for region, strength in strengths.items()}
        fallback = _checked(default)
        return self.with_layers(_scaled(layer, by_region.get(layer.region, fallback)) for layer in self.layers)


def check_looks(*looks: object) -> None:
    """Require looks. Raises UsageError, which says how to get one."""
    for look in looks:
        if not isinstance(look, Look):
            raise UsageError(f"expected a look, got {look!r:.80}; presets.load, load_look and resolve in kohl.looks give one")


def _parsed(regions: Iterable[Regions]) -> frozenset[Region]:
    return frozenset(region for named in regions for region in parse_regions(named))


def _checked(strength: float) -> float:
    # Written so that NaN fails too.
    if not isinstance(strength, Real) or not 0.0 <= strength < float("inf"):
        raise UsageError(f"a strength is a number from 0 (nothing) over 1 (as described) upwards, not {strength!r}")
    return float(strength)


def _scaled(layer: AnyLayer, strength: float) -> AnyLayer:
    return layer.model_copy(update={"intensity": min(layer.intensity * strength, 1.0)})
