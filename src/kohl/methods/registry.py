"""The methods by name. A name is `method` or `method.variant`; doubt is refused, never guessed."""

from __future__ import annotations

from importlib import import_module

from kohl.core.errors import UnknownNameError
from kohl.methods.base import MakeupMethod

_CLASSES = {
    "procedural": "kohl.methods.procedural:Procedural",
    "tinybeauty": "kohl.methods.tinybeauty.method:TinyBeauty",
}
"""Name → `module:class`, as text, so that knowing the names loads no method."""


def names() -> tuple[str, ...]:
    """Every method's name, sorted."""
    return tuple(sorted(_CLASSES))


def create(name: str) -> MakeupMethod:
    """Make the method called `name`. Raises UnknownNameError, naming the nearest."""
    if name not in _CLASSES:
        raise UnknownNameError("method", name, names())
    module, _, class_name = _CLASSES[name].partition(":")
    method: MakeupMethod = getattr(import_module(module), class_name)()
    return method
