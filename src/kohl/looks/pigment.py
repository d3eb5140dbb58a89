"""Pigment: the colour of an opaque swatch of a product."""

from __future__ import annotations

import re
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

_HEX = re.compile(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


class Pigment(str):
    """The colour of an opaque swatch under white light, as an sRGB hex string such as `"#8c1c2f"`.

    It is a reflectance, never a blend colour: how much of it shows is the layer's coverage.
    Raises ValueError when the string is not `#rgb` or `#rrggbb`.
    """

    __slots__ = ()

    def __new__(cls, value: str) -> Pigment:
        """Normalise `value` to lower-case `#rrggbb`. Raises ValueError when it is no hex colour."""
        match = _HEX.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None:
            raise ValueError(f"a pigment is a hex colour such as '#8c1c2f', not {value!r}")
        digits = match[1].lower()
        if len(digits) == 3:
            digits = "".join(digit * 2 for digit in digits)
        return super().__new__(cls, f"#{digits}")

    @classmethod
    def from_rgb(cls, rgb: tuple[float, float, float]) -> Pigment:
        """The pigment nearest to `rgb`, three sRGB-encoded values in [0, 1] (clipped)."""
        return cls("#" + "".join(f"{round(min(max(float(value), 0.0), 1.0) * 255):02x}" for value in rgb))

    @property
    def rgb(self) -> tuple[float, float, float]:
        """Three sRGB-encoded values in [0, 1]."""
        red, green, blue = (int(self[start : start + 2], 16) / 255 for start in (1, 3, 5))
        return red, green, blue

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(cls, core_schema.str_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "pattern": "^#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})$", "description": "sRGB hex colour of an opaque swatch"}
