"""How large a picture is meant to be printed: pixels per inch, which say nothing about the person and everything to a print shop."""

from __future__ import annotations

import math
from typing import TypeAlias

from PIL import Image as PillowImage

Resolution: TypeAlias = tuple[float, float]
"""Pixels per inch, across and down."""
PER_METER = 1 / 0.0254
"""Metres are what PNG counts in."""
_MOST = 65_535
"""What JPEG's header can say."""


def read_resolution(image: PillowImage.Image, orientation: int) -> Resolution | None:
    """What a loaded picture states, turned with it by its EXIF `orientation` (1–8); None where it states nothing, or nonsense."""
    try:
        across, down = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    if not all(math.isfinite(value) and 1 <= value <= _MOST for value in (across, down)):
        return None
    return (down, across) if orientation >= 5 else (across, down)
