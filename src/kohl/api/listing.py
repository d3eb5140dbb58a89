"""The looks that come with kohl, of both kinds, as a list to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kohl.looks import presets
from kohl.methods.tinybeauty import shipped

LEARNED_TAG = "learned"


@dataclass(frozen=True, slots=True)
class ListedLook:
    """One line of the list; `name` is what `--look` takes."""

    name: str
    kind: Literal["preset", "learned"]
    tags: tuple[str, ...]
    description: str


def list_shipped() -> tuple[ListedLook, ...]:
    """Every preset, then every learned look, sorted by name. Raises ModelFormatError for a learned look that is broken."""
    data = [(name, presets.load(name)) for name in presets.names()]
    learned = [(shipped.PREFIX + name, shipped.card(name)) for name in shipped.names()]
    return (
        *(ListedLook(name, "preset", tuple(look.tags), look.description) for name, look in data),
        *(ListedLook(name, "learned", (LEARNED_TAG,), card.description) for name, card in learned),
    )
