"""How much of a layer shows: its coverage times its intensity."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from kohl.core.errors import UsageError
from kohl.looks.layers import Eyeshadow, FilmLayer, Lashes, Pan, Part

_Part = TypeVar("_Part", bound=Part)


def amount(part: Part) -> float:
    """How much of `part` shows, in [0, 1]; 0 means that it leaves the face as it is.

    Coverage times intensity; for lashes, density times intensity; for eyeshadow, its strongest pan times intensity.
    Raises UsageError for anything else.
    """
    match part:
        case Eyeshadow():
            return part.intensity * max(amount(pan) for pan in part.pans)
        case Lashes():
            return part.intensity * part.density
        case FilmLayer() | Pan():
            return part.intensity * part.coverage
    raise UsageError(f"expected a layer of a look or a pan of an eyeshadow, got {type(part).__name__}")


def shown(parts: Iterable[_Part]) -> list[_Part]:
    """Those of `parts` that show at all, in their order."""
    return [part for part in parts if amount(part) > 0]
