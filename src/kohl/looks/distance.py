"""How far two looks are apart, as an eye would count it: in units of CIEDE2000.

Layers meet by product and pans by zone, as in `mixing`. With the amounts v = coverage x intensity on either side,

    d = share * [min(v1, v2) * (E + 10 S + 5 N) + 50 |v1 - v2|]

E is the CIEDE2000 between the pigments (of an ombré, also between the inner ones), S the sum of the differences of all
settings that are numbers (wing, thickness, coverage, ...; each on a 0-1 scale), N the number of those that are names and
differ (finish, pattern), and `share` how much of its region the product fills. 50 is about the CIEDE2000 between bare
and fully covered skin. So an invisible layer counts nothing, and two looks are at 0 when what shows of them is the same.
"""

from __future__ import annotations

import numpy as np

from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.core.region import Region
from kohl.looks.amounts import amount, shown
from kohl.looks.layers import (
    Blush,
    Brows,
    Eyeshadow,
    Foundation,
    Layer,
    Lipstick,
    Model,
    Pan,
    Part,
)
from kohl.looks.look import Look, check_looks
from kohl.looks.pigment import Pigment
from kohl.looks.slots import pairs

_COVERED = 50.0
_PER_SETTING = 10.0
_PER_NAME = 5.0
_DEGREES = 60.0
_SMALL_SHARE = 0.3
_FULL_SHARE: tuple[type[Layer], ...] = (Foundation, Blush, Brows, Eyeshadow, Lipstick)


def distance(first: Look, second: Look) -> float:
    """The distance between two looks: the sum of `distances` over the regions.

    Returns a number >= 0 in units of CIEDE2000: symmetric, 0 if and only if what shows of both looks is the same. Names,
    descriptions and tags do not count. Raises as `distances`.
    """
    return sum(distances(first, second).values())


def distances(first: Look, second: Look) -> dict[Region, float]:
    """The distance between two looks, region by region, in units of CIEDE2000, each >= 0; see the module for the formula.

    Raises UsageError for what is no look.
    """
    check_looks(first, second)
    result = dict.fromkeys(Region, 0.0)
    for one, other in pairs(shown(first.layers), shown(second.layers)):
        result[one.region] += _share(one) * _between_layers(one, other)
    return result


def _share(layer: Layer) -> float:
    return 1.0 if isinstance(layer, _FULL_SHARE) else _SMALL_SHARE


def _between_layers(first: Layer, second: Layer) -> float:
    if isinstance(first, Eyeshadow) and isinstance(second, Eyeshadow):
        between_pans = sum(_between(one, other) for one, other in pairs(shown(_diluted(first)), shown(_diluted(second))))
        return between_pans + min(amount(first), amount(second)) * _setting_difference(first.pattern, second.pattern)
    return _between(first, second)


def _diluted(palette: Eyeshadow) -> list[Pan]:
    """The pans with the palette's own intensity worked in."""
    return [pan.model_copy(update={"intensity": pan.intensity * palette.intensity}) for pan in palette.pans]


def _between(first: Part, second: Part) -> float:
    amounts = amount(first), amount(second)
    common = min(amounts)
    return _COVERED * abs(amounts[0] - amounts[1]) + (common * _between_settings(first, second) if common > 0 else 0.0)


def _between_settings(first: Model, second: Model) -> float:
    ours, theirs = _settings(first), _settings(second)
    return sum(_setting_difference(ours.get(name), theirs.get(name)) for name in ours.keys() | theirs.keys())


def _settings(model: Model, prefix: str = "") -> dict[str, object]:
    """Every field but the intensity, which the amount holds already; nested models flattened, angles on a 0-1 scale."""
    settings: dict[str, object] = {}
    for name, value in model:
        if isinstance(value, Model):
            settings |= _settings(value, f"{prefix}{name}.")
        elif name != "intensity":
            settings[prefix + name] = value / _DEGREES if name == "wing_angle" else value
    return settings


def _setting_difference(first: object, second: object) -> float:
    if first == second:
        return 0.0
    if isinstance(first, Pigment) and isinstance(second, Pigment):
        return float(delta_e2000(*lab_from_srgb(np.array([first.rgb, second.rgb]))))
    if isinstance(first, float | int) and isinstance(second, float | int):
        return _PER_SETTING * abs(first - second)
    return _PER_NAME
