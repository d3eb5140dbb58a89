"""Which layer takes whose place, and which layers of two looks stand side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from kohl.looks.layers import Decal, Pan, Part

_Part = TypeVar("_Part", bound=Part)


def slot(part: Part) -> tuple[str, str]:
    """What a layer or pan takes up: its product or zone; a decal is a picture, and takes up that picture alone."""
    if isinstance(part, Pan):
        return "pan", part.zone
    return type(part).__name__, part.picture if isinstance(part, Decal) else ""


def pairs(first: Iterable[_Part], second: Iterable[_Part]) -> list[tuple[_Part, _Part]]:
    """The layers (or pans) of two looks, side by side: the n-th of one slot beside the n-th of the same.

    Where only one side has something, the other gets the same with intensity 0. Slots come in the order in which they
    are met.
    """
    ours, theirs = _numbered(first), _numbered(second)
    return [_pair(ours.get(key), theirs.get(key)) for key in dict.fromkeys((*ours, *theirs))]


def _numbered(parts: Iterable[_Part]) -> dict[tuple[tuple[str, str], int], _Part]:
    seen: Counter[tuple[str, str]] = Counter()
    numbered = {}
    for part in parts:
        numbered[slot(part), seen[slot(part)]] = part
        seen[slot(part)] += 1
    return numbered


def _pair(first: _Part | None, second: _Part | None) -> tuple[_Part, _Part]:
    if first is not None:
        return first, _faded(first) if second is None else second
    if second is not None:
        return _faded(second), second
    raise ValueError("a pair has at least one side")


def _faded(part: _Part) -> _Part:
    return part.model_copy(update={"intensity": 0.0})
