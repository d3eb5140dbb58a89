"""From an order to a layer: how an artist would do it, with the usual for all that was not said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kohl.looks.layers import PRODUCTS, AnyLayer, Eyeshadow, Finish, Ombre, Pan
from kohl.looks.orders import Order, Tone
from kohl.looks.pigment import Pigment
from kohl.looks.products import usual_coverage, usual_finish, usual_pigment
from kohl.looks.shades import bend

_MOST = 0.97
_LID_COVERAGE = 0.58
_ALL_OVER = (Finish.MATTE, Finish.SATIN, Finish.VELVET)
_CHAMPAGNE, _CHARCOAL = Tone(Pigment("#d6b088"), Finish.SHIMMER), Tone(Pigment("#4a423f"))
_SIZES: Mapping[str, tuple[str, ...]] = {"eyeliner": ("thickness",), "lashes": ("length", "density")}
_FINISH_FACTORS = {Finish.SHEER: 0.5, Finish.GLOSS: 0.5, Finish.METALLIC: 1.25, Finish.GLITTER: 1.2, Finish.HOLOGRAPHIC: 1.2}
_NEXT_ZONES = {
    "classic": ("crease", "inner_corner", "outer_v", "lower_lash"),
    "smoky": ("inner_corner", "lower_lash", "crease", "outer_v"),
    "cut_crease": ("crease", "inner_corner", "outer_v", "lower_lash"),
}


@dataclass(frozen=True)
class _Recipe:
    """One pan of a palette: how the main colour is bent for it, and its usual coverage."""

    zone: str
    lightness: float
    coverage: float


_RECIPES: Mapping[str, tuple[_Recipe, ...]] = {
    "classic": (_Recipe("lid", 0.0, _LID_COVERAGE), _Recipe("crease", -0.25, 0.42)),
    "smoky": (_Recipe("lid", -0.1, 0.72), _Recipe("crease", 0.0, 0.55), _Recipe("outer_v", -0.45, 0.72), _Recipe("lower_lash", -0.4, 0.5)),
    "cut_crease": (_Recipe("lid", 0.0, 0.8), _Recipe("crease", -0.5, 0.7), _Recipe("outer_v", -0.6, 0.7)),
}


def build(order: Order) -> AnyLayer:
    """The layer that an order asks for."""
    if order.product == "eyeshadow":
        return Eyeshadow(intensity=order.intensity, pans=_pans(order), pattern=_pattern(order))
    fields: dict[str, Any] = dict(order.settings) | {"intensity": order.intensity}
    ombre = fields.pop("ombre", None)
    fields |= _pigment(order) | (_sizes(order) if order.product in _SIZES else _film(order))
    if ombre is not None:
        fields |= _ombre(order, str(ombre), fields["pigment"])
    layer: AnyLayer = PRODUCTS[order.product].model_validate(fields)  # type: ignore[assignment]
    return layer


def _pigment(order: Order) -> dict[str, Any]:
    """The colour that was named, else the one that a style sets, else the usual one, else the person's own skin tone."""
    if order.tones:
        return {"pigment": order.tones[0].pigment}
    asked = order.settings.get("pigment")
    return {"pigment": usual_pigment(order.product) if asked is None else Pigment(str(asked))}


def _film(order: Order) -> dict[str, Any]:
    finish = _finish(order) or Finish(str(order.settings.get("finish", usual_finish(order.product).value)))
    usual = float(order.settings.get("coverage", usual_coverage(order.product, finish)))
    return {"finish": finish, "coverage": _most(usual * order.factor) if order.coverage is None else order.coverage}


def _sizes(order: Order) -> dict[str, Any]:
    """For what is drawn as lines, strength is size."""
    model = PRODUCTS[order.product].model_fields
    fields: dict[str, Any] = {name: _most(float(order.settings.get(name, model[name].default)) * order.factor) for name in _SIZES[order.product]}
    if order.product == "eyeliner":
        fields |= {name: value for name, value in (("finish", _finish(order)), ("coverage", order.coverage)) if value is not None}
    return fields


def _finish(order: Order) -> Finish | None:
    return order.tones[0].finish or order.finish if order.tones else order.finish


def _ombre(order: Order, kind: str, pigment: Pigment) -> dict[str, Any]:
    """Two colours on the lips, the rim first; with one colour, the other end is its light shade."""
    if len(order.tones) > 1:
        return {"ombre": Ombre(inner=order.tones[1].pigment)}
    if kind == "middle":
        return {"pigment": bend(pigment, lightness=0.32, chroma=0.6), "ombre": Ombre(inner=pigment, feather=0.7)}
    return {"ombre": Ombre(inner=bend(pigment, lightness=0.3))}


def _pattern(order: Order) -> Any:
    return order.settings.get("pattern", "classic")


def _pans(order: Order) -> tuple[Pan, ...]:
    main, *others = _in_zone_order(order)
    if order.zone is not None:
        return (_pan(order, _Recipe(order.zone, 0.0, 0.6), main, _sheen(order, main)),)
    pattern = _pattern(order)
    pans = {}
    for recipe in _RECIPES[pattern]:
        # What shines stays on the lid; around it the same colour is matte.
        pans[recipe.zone] = _pan(order, recipe, main, _sheen(order, main) if recipe.zone == "lid" else _quiet(order, main))
    usual = {recipe.zone: recipe.coverage for recipe in _RECIPES[pattern]}
    for zone, tone in zip(_NEXT_ZONES[pattern], others, strict=False):
        pans[zone] = _pan(order, _Recipe(zone, 0.0, usual.get(zone, 0.55)), tone, _sheen(order, tone))
        if zone == "crease":
            pans["outer_v"] = _pan(order, _Recipe("outer_v", -0.3, usual.get("outer_v", 0.45)), tone, _quiet(order, tone))
    return tuple(pans.values())


def _sheen(order: Order, tone: Tone) -> Finish:
    return tone.finish or order.finish or Finish.MATTE


def _quiet(order: Order, tone: Tone) -> Finish:
    return _sheen(order, tone) if _sheen(order, tone) in _ALL_OVER else Finish.MATTE


def _in_zone_order(order: Order) -> list[Tone]:
    """The colours in the order of their zones, the lid's first: the one that shines, unless the lid is smoked."""
    pattern = _pattern(order)
    if not order.tones:
        usual = Tone(usual_pigment(order.product) or _CHARCOAL.pigment)
        return {"smoky": [_CHARCOAL], "cut_crease": [_CHAMPAGNE, usual]}.get(pattern, [usual])
    if pattern == "smoky":
        return list(order.tones)
    return sorted(order.tones, key=lambda tone: _sheen(order, tone) in _ALL_OVER)


def _pan(order: Order, recipe: _Recipe, tone: Tone, finish: Finish) -> Pan:
    strength = order.factor if order.coverage is None else order.coverage / _LID_COVERAGE
    coverage = _most(recipe.coverage * strength * _FINISH_FACTORS.get(finish, 1.0))
    return Pan.model_validate(
        {"zone": recipe.zone, "pigment": bend(tone.pigment, lightness=recipe.lightness), "coverage": coverage, "finish": finish}
    )


def _most(value: float) -> float:
    return round(min(value, _MOST), 2)
