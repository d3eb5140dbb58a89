"""What products come in, where they lie, and what is usual for each when nothing else is said."""

from __future__ import annotations

from typing import get_args

from kohl.core.region import Region
from kohl.looks.layers import PRODUCTS, Finish, Pan
from kohl.looks.pigment import Pigment

COLOUR_PRODUCTS = ("lipstick", "eyeshadow", "blush")
"""The products whose colour is the point of them; they often share one."""

_USUAL_PIGMENTS = {
    "lipstick": Pigment("#a8505a"),
    "lip_liner": Pigment("#7a4038"),
    "blush": Pigment("#b5525f"),
    "eyeshadow": Pigment("#84624f"),
    "highlighter": Pigment("#e6bd93"),
}
_LIP_COVERAGES = {
    Finish.MATTE: 0.85,
    Finish.VELVET: 0.85,
    Finish.SATIN: 0.75,
    Finish.METALLIC: 0.75,
    Finish.SHIMMER: 0.65,
    Finish.GLITTER: 0.65,
    Finish.HOLOGRAPHIC: 0.6,
    Finish.GLOSS: 0.5,
    Finish.SHEER: 0.3,
}
_CHEEK_COVERAGES = {"blush": 0.3, "bronzer": 0.2, "contour": 0.2}


def region_of(product: str) -> Region:
    """The region that a product lies on."""
    return PRODUCTS[product].region


def finishes_of(product: str) -> tuple[Finish, ...]:
    """The finishes that a product comes in; none for lashes."""
    fields = Pan.model_fields if product == "eyeshadow" else PRODUCTS[product].model_fields
    return get_args(fields["finish"].annotation) if "finish" in fields else ()


def usual_pigment(product: str) -> Pigment | None:
    """The pigment that is taken when no colour is named; None where the person's own skin tone is."""
    if product in _USUAL_PIGMENTS:
        return _USUAL_PIGMENTS[product]
    default = PRODUCTS[product].model_fields["pigment"].default
    return default if isinstance(default, Pigment) else None


def usual_finish(product: str) -> Finish:
    """The finish that is taken when none is named."""
    default = PRODUCTS[product].model_fields["finish"].default
    return default if isinstance(default, Finish) else Finish.MATTE


def usual_coverage(product: str, finish: Finish) -> float:
    """The coverage that is taken when no strength is named, in [0, 1]: for lips it goes with the finish."""
    if product == "lipstick":
        return _LIP_COVERAGES[finish]
    return _CHEEK_COVERAGES.get(product, float(PRODUCTS[product].model_fields["coverage"].default))
