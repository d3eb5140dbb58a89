"""A layer in one line of plain words, for people who asked what a look does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kohl.looks.layers import Layer

_ZONES = {"lid": "lid", "crease": "crease", "outer_v": "outer corner", "inner_corner": "inner corner", "lower_lash": "lower lash line"}
_NAMES = ("pattern", "finish")
_ELSEWHERE = (*_NAMES, "product", "pigment", "intensity", "picture", "pans", "ombre")


def describe(layer: Layer) -> str:
    """One line on a layer: "lipstick #a5131f, matte, coverage 0.85". What is zero is left out; so is an intensity of 1."""
    fields = layer.model_dump(mode="json")
    return ", ".join((_title(fields), *_details(fields)))


def _title(fields: dict[str, Any]) -> str:
    product = str(fields["product"]).replace("_", " ")
    return f"{product} {fields['pigment'] or 'in the own skin tone'}" if "pigment" in fields else product


def _details(fields: dict[str, Any]) -> Iterator[str]:
    yield from (str(fields[name]).replace("_", " ") for name in _NAMES if name in fields)
    for name, value in fields.items():
        is_angle_of_nothing = name == "wing_angle" and not fields["wing"]
        if value and name not in _ELSEWHERE and not is_angle_of_nothing:
            yield f"{name.replace('_', ' ')} {value:g}"
    if fields.get("ombre"):
        yield f"ombré to {fields['ombre']['inner']} in the middle"
    yield from map(_pan, fields.get("pans", ()))
    if fields["intensity"] < 1:
        yield f"at {fields['intensity']:.0%}"


def _pan(pan: dict[str, Any]) -> str:
    strength = f" at {pan['intensity']:.0%}" if pan["intensity"] < 1 else ""
    return f"{_ZONES[pan['zone']]} {pan['pigment']} {pan['finish']} {pan['coverage']:g}{strength}"
