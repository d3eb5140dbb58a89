"""What the tests of the command line share."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TypeAlias

from PIL import Image as PillowImage
from typer.testing import Result

Kohl: TypeAlias = Callable[..., Result]
"""The fixture `kohl`: takes a command line's words."""


def load(source: str | io.BytesIO) -> PillowImage.Image:
    """A picture, read to its end, its file closed."""
    with PillowImage.open(source) as image:
        image.load()
        return image
