"""How far variations go."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Amounts:
    """The most of each kind of variation; 0 leaves it out."""

    morph: float = 0.8
    """Share of the way towards another person's shape."""
    features: float = 0.03
    """How far parts of the face move besides, in face widths."""
    pose: float = 10.0
    """Degrees of yaw and of pitch."""
    light: float = 0.45
    """How much brighter the lit side becomes, and darker the other, in powers of e of linear light."""
    lighter: float = 12.0
    """By how much skin becomes lighter, in L*."""
    deeper: float = 26.0
    """By how much skin becomes deeper, in L*."""
    exposure: float = 0.3
    """In powers of e of linear light; a third of it for the balance between the channels."""
    blur: float = 0.8
    """Pixels of Gaussian blur."""
    noise: float = 0.012
    """Standard deviation, encoded values."""
    compression: float = 0.5
    """Probability that the before was saved as a JPEG of quality 60 to 95."""
