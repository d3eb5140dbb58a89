"""Hypothesis strategies for looks: every product, any setting on a grid of hundredths."""

import base64
from typing import Any, get_args

from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from kohl.looks.layers import LAYER_TYPES, Decal, Eyeshadow, Finish, Layer, Lipstick, Ombre, Pan
from kohl.looks.look import Look
from kohl.looks.pigment import Pigment

UNITS = st.integers(0, 100).map(lambda hundredths: hundredths / 100)
PIGMENTS = st.integers(0, 0xFFFFFF).map(lambda code: Pigment(f"#{code:06x}"))
PICTURES = st.binary(max_size=3).map(lambda tail: base64.b64encode(b"\x89PNG\r\n\x1a\n" + tail).decode())
OMBRES = st.builds(Ombre, inner=PIGMENTS, ratio=UNITS, feather=UNITS)
_SPECIAL = {"pigment": PIGMENTS, "picture": PICTURES, "wing_angle": st.integers(0, 60).map(float), "ombre": st.none() | OMBRES}


def _values(name: str, field: FieldInfo) -> st.SearchStrategy[Any]:
    if name in _SPECIAL:
        return _SPECIAL[name]
    if field.annotation is float:
        return UNITS
    return st.sampled_from([Finish(choice) if choice in set(Finish) else choice for choice in get_args(field.annotation)])


def _instances(model: type[Any]) -> st.SearchStrategy[Any]:
    return st.builds(model, **{name: _values(name, field) for name, field in model.model_fields.items() if name not in ("product", "pans")})


PANS = _instances(Pan)


def _layers_of(layer_type: type[Layer]) -> st.SearchStrategy[Any]:
    if layer_type is Eyeshadow:
        palettes = st.lists(PANS, min_size=1, max_size=5)
        return st.builds(Eyeshadow, intensity=UNITS, pans=palettes, pattern=st.sampled_from(["classic", "smoky", "cut_crease"]))
    return _instances(layer_type)


LAYERS = st.one_of([_layers_of(layer_type) for layer_type in LAYER_TYPES])
LOOKS = st.builds(Look, name=st.text(min_size=1, max_size=20), layers=st.lists(LAYERS, max_size=6))
LIPSTICKS = _layers_of(Lipstick)
DECALS = _layers_of(Decal)
