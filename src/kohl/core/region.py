"""The parts of a face that makeup and options speak of."""

from __future__ import annotations

from enum import StrEnum

from kohl.core.errors import UnknownNameError


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
