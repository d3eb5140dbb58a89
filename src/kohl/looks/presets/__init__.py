"""The looks that ship with kohl, one JSON file each, from a look that nobody notices to one that everybody does."""

from __future__ import annotations

from functools import cache
from importlib import resources

from kohl.core.errors import UnknownNameError
from kohl.looks.files import look_from_json
from kohl.looks.look import Look

_SUFFIX = ".json"


@cache
def names() -> tuple[str, ...]:
    """The names of all presets, sorted, such as "berry-gloss"."""
    return tuple(sorted(entry.name.removesuffix(_SUFFIX) for entry in resources.files(__name__).iterdir() if entry.name.endswith(_SUFFIX)))


def load(name: str) -> Look:
    """The preset called `name`, in any case and with spaces, hyphens or underscores between its words.

    Raises UnknownNameError, naming the nearest, when there is none.
    """
    normalized = normalize(name)
    if normalized not in names():
        raise UnknownNameError("look", name, names())
    return _load(normalized)


def normalize(name: str) -> str:
    """`name` as presets spell it: lower case, one hyphen between words."""
    return "-".join(name.lower().replace("_", " ").replace("-", " ").split())


@cache
def _load(name: str) -> Look:
    file = resources.files(__name__) / f"{name}{_SUFFIX}"
    return look_from_json(file.read_bytes(), source=f"the preset {name!r}")
