"""The learned looks that come with kohl: one `.onnx` each, in the folder `looks` beside this file."""

from __future__ import annotations

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from kohl.core.errors import UnknownNameError, UsageError
from kohl.methods.tinybeauty.card import LearnedLookCard
from kohl.methods.tinybeauty.learned import LearnedLook, read_card

PREFIX = "learned/"
"""How a learned look is told from a preset of the same name: `learned/soft-rose`."""
_SUFFIX = ".onnx"


@cache
def names() -> tuple[str, ...]:
    """Their names, sorted, without the prefix."""
    folder = _folder()
    return tuple(sorted(entry.name.removesuffix(_SUFFIX) for entry in folder.iterdir() if entry.name.endswith(_SUFFIX))) if folder.is_dir() else ()


def load(name: str) -> LearnedLook:
    """Open the learned look called `name`, with or without the prefix, in any case.

    Raises UnknownNameError, naming the nearest, when there is none.
    """
    found = _find(name)
    return LearnedLook.from_bytes((_folder() / f"{found}{_SUFFIX}").read_bytes(), source=f"{PREFIX}{found}")


def card(name: str) -> LearnedLookCard:
    """The card of the learned look called `name`, without opening its network. Raises as `load`."""
    found = _find(name)
    return read_card((_folder() / f"{found}{_SUFFIX}").read_bytes(), source=f"{PREFIX}{found}")


def _find(name: str) -> str:
    plain = name.strip().lower().removeprefix(PREFIX)
    if plain in names():
        return plain
    if not names():
        raise UsageError(f"expected the name of a learned look, got {name!r}, and this kohl carries none; name an .onnx file")
    raise UnknownNameError("learned look", name, [PREFIX + known for known in names()])


def _folder() -> Traversable:
    return resources.files(__package__) / "looks"
