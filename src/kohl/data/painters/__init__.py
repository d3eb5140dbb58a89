"""Artists for experiments: what a learner is shown, and what it is measured against.

Four of them share nothing with `kohl.rendering` and `kohl.reading`: their own masks, their own colour arithmetic. A prior that was trained
on our renderer's looks is thereby tested on the work of others. `procedural.PRESET` is the renderer itself, wearing a preset.
"""

from __future__ import annotations

from importlib import import_module

from kohl.core.errors import UnknownNameError
from kohl.data.painters.base import Painter
from kohl.looks import presets

__all__ = ["INDEPENDENT", "Painter", "create", "names"]

_CLASSES = {
    "airbrush": "kohl.data.painters.airbrush:Airbrush",
    "histogram": "kohl.data.painters.histogram:Histogram",
    "inks": "kohl.data.painters.inks:Inks",
    "lab_brush": "kohl.data.painters.lab_brush:LabBrush",
}
"""Name → `module:class`, as text, so that knowing the names loads no painter."""
_PROCEDURAL = "procedural."

INDEPENDENT = tuple(sorted(_CLASSES))
"""The painters that are not our renderer."""


def names() -> tuple[str, ...]:
    """Every painter's name: the independent ones, then `procedural.PRESET` for every preset."""
    return (*INDEPENDENT, *(f"{_PROCEDURAL}{preset}" for preset in presets.names()))


def create(name: str) -> Painter:
    """Make the painter called `name`. Raises UnknownNameError, naming the nearest."""
    if name not in names():
        raise UnknownNameError("painter", name, names())
    if name.startswith(_PROCEDURAL):
        return _procedural(name.removeprefix(_PROCEDURAL))
    module, _, class_name = _CLASSES[name].partition(":")
    painter: Painter = getattr(import_module(module), class_name)()
    return painter


def _procedural(preset: str) -> Painter:
    from kohl.data.painters.rendered import RenderedPainter  # noqa: PLC0415  the others must not load the renderer

    return RenderedPainter(preset)
