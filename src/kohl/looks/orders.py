"""What is wanted of a layer, before it is decided how it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kohl.looks.layers import Finish
from kohl.looks.pigment import Pigment


@dataclass(frozen=True)
class Tone:
    """A colour to put on, with its finish; None for the usual one."""

    pigment: Pigment
    finish: Finish | None = None


@dataclass(frozen=True)
class Order:
    """What one layer shall be; whatever is missing here is as usual. `factor` scales
    the usual coverage or size, `coverage` replaces it; `is_extra` layers come on top of others of their product.
    """

    product: str
    tones: tuple[Tone, ...] = ()
    finish: Finish | None = None
    settings: Mapping[str, str | float] = field(default_factory=dict)
    zone: str | None = None
    factor: float = 1.0
    coverage: float | None = None
    intensity: float = 1.0
    is_extra: bool = False
