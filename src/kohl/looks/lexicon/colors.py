"""Colour names: the cosmetic ones in `colors.json`, and those of CSS through coloraide for whatever is missing there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

from kohl.looks.layers import Finish
from kohl.looks.lexicon.senses import Colour
from kohl.looks.pigment import Pigment


@cache
def cosmetic_colours() -> Mapping[str, Colour]:
    """The colours of `colors.json` by name. A name may stand for another one, and may mean another shade on another place."""
    rows: dict[str, str | dict[str, str]] = json.loads((resources.files(__package__) / "colors.json").read_text(encoding="utf-8"))
    return {name: _colour(name, rows) for name in rows}


@cache
def css_colours() -> Mapping[str, Colour]:
    """The colours of CSS that have no cosmetic meaning of their own, by name."""
    # Here and not above: coloraide takes a tenth of a second to import, and most words never come this far.
    from coloraide.css.color_names import name2val_map  # noqa: PLC0415

    known = cosmetic_colours()
    opaque = {name: values for name, values in name2val_map.items() if values[3] > 0 and name not in known}
    return {name: Colour(name, {"any": Pigment.from_rgb((values[0] / 255, values[1] / 255, values[2] / 255))}) for name, values in opaque.items()}


def _colour(name: str, rows: Mapping[str, str | dict[str, str]]) -> Colour:
    row = rows[name]
    if isinstance(row, str):
        return _colour(row, rows)
    by_place = {place: Pigment(value) for place, value in row.items() if place != "finish"}
    return Colour(name, by_place, Finish(row["finish"]) if "finish" in row else None)
