"""The way from one look to another: pigments travel through OKLab, numbers in a straight line, names change half-way."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

from kohl.color.oklab import linear_from_oklab, oklab_from_linear
from kohl.color.srgb import linear_from_srgb, srgb_from_linear
from kohl.core.checks import check_unit
from kohl.looks.amounts import amount
from kohl.looks.layers import Eyeshadow, Lipstick, Model, Ombre, Pan, Part
from kohl.looks.look import Look, check_looks
from kohl.looks.pigment import Pigment
from kohl.looks.slots import pairs

_MAX_PANS = 5
_Part = TypeVar("_Part", bound=Part)


def mix(first: Look, second: Look, ratio: float) -> Look:
    """The look that is `ratio` of the way from `first` (0) to `second` (1).

    Layers meet by product (decals by picture), pans by zone; where one look has nothing to meet, it counts as the same layer
    with intensity 0.
    What has no half-way (finish, pattern, one's own skin tone against a named shade) changes at 0.5. Raises UsageError
    when `ratio` is outside [0, 1], or for what is no look.
    """
    check_looks(first, second)
    share = check_unit(ratio, name="ratio")
    if share in (0.0, 1.0):
        return first if share == 0.0 else second
    layers = [_mix_parts(one, other, share) for one, other in pairs(first.layers, second.layers)]
    return Look(name=f"{first.name} to {second.name} at {share:.0%}"[:120], layers=tuple(layers))


def mix_pigments(first: Pigment, second: Pigment, ratio: float) -> Pigment:
    """The pigment `ratio` of the way from `first` to `second` in OKLab. Raises UsageError when `ratio` is outside [0, 1]."""
    share = check_unit(ratio, name="ratio")
    start, end = oklab_from_linear(linear_from_srgb(np.array([first.rgb, second.rgb])))
    red, green, blue = srgb_from_linear(linear_from_oklab(start + np.float32(share) * (end - start))).tolist()
    return Pigment.from_rgb((red, green, blue))


def _mix_parts(one: _Part, other: _Part, share: float) -> _Part:
    updates = _mixed_fields(one, other, share)
    if isinstance(one, Eyeshadow) and isinstance(other, Eyeshadow):
        updates["pans"] = _mix_pans(one, other, share)
    if isinstance(one, Lipstick) and isinstance(other, Lipstick):
        updates["ombre"] = _mix_ombre(one, other, share)
    nearer = one if share < 0.5 else other
    return nearer.model_copy(update=updates)


def _mixed_fields(first: Model, second: Model, share: float) -> dict[str, Any]:
    """The fields that have a half-way: numbers and pigments."""
    mixed: dict[str, Any] = {}
    for name, value in first:
        other = getattr(second, name)
        if isinstance(value, Pigment) and isinstance(other, Pigment):
            mixed[name] = mix_pigments(value, other, share)
        elif isinstance(value, float | int):
            # Written so that it stays between its ends in floating point too.
            mixed[name] = min(max(value + share * (other - value), min(value, other)), max(value, other))
    return mixed


def _mix_pans(first: Eyeshadow, second: Eyeshadow, share: float) -> tuple[Pan, ...]:
    mixed = [_mix_parts(one, other, share) for one, other in pairs(first.pans, second.pans)]
    # Only looks that use a zone twice can have more; the faintest ones give way.
    strongest = sorted(mixed, key=amount, reverse=True)[:_MAX_PANS]
    return tuple(pan for pan in mixed if pan in strongest)[:_MAX_PANS]


def _mix_ombre(first: Lipstick, second: Lipstick, share: float) -> Ombre | None:
    """A lipstick without ombré is one whose middle has the colour of its rim."""
    shape = first.ombre or second.ombre
    if shape is None:
        return None
    one = first.ombre or shape.model_copy(update={"inner": first.pigment})
    other = second.ombre or shape.model_copy(update={"inner": second.pigment})
    return Ombre.model_validate(_mixed_fields(one, other, share))
