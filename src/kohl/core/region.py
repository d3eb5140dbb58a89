"""The parts of a face that makeup and options speak of."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, TypeAlias

from kohl.core.errors import UnknownNameError, UsageError

Regions: TypeAlias = str | Iterable[str]
"""Region names: `"lips,eyes"`, or any iterable of names or `Region`s."""


class Region(StrEnum):
    """A part of the face. `--only`, `--strength REGION=…` and looks use these names."""

    LIPS = "lips"
    EYES = "eyes"
    BROWS = "brows"
    CHEEKS = "cheeks"
    SKIN = "skin"

    @classmethod
    def parse(cls, name: str) -> Region:
        """Return the region called `name` (any case). Raises UnknownNameError, naming the nearest."""
        try:
            return cls(name.strip().lower())
        except ValueError:
            raise UnknownNameError("region", name, [region.value for region in cls]) from None


def parse_regions(regions: Regions) -> frozenset[Region]:
    """Return the regions that `regions` names. Raises UnknownNameError for one that does not exist, UsageError for none."""
    names = regions.split(",") if isinstance(regions, str) else _listed(regions)
    parsed = frozenset(Region.parse(name) for name in names if name.strip())
    if not parsed:
        raise UsageError(f"regions must be named, such as 'lips,eyes', got {regions!r}; known: {', '.join(Region)}")
    return parsed


def _listed(regions: object) -> list[str]:
    names: list[Any] = list(regions) if isinstance(regions, Iterable) else [regions]
    if not all(isinstance(name, str) for name in names):
        raise UsageError(f"regions must be names, such as 'lips,eyes' or ['lips', 'eyes'], got {regions!r}; known: {', '.join(Region)}")
    return names
