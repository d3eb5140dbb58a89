"""Pictures made of pictures: before and after, and sheets of many looks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from kohl.core.arrays import Image
from kohl.core.errors import UsageError

_WHITE = 1.0
_LABEL_HEIGHT = 26
"""Pixels under a tile for its name."""


def side_by_side(before: Image, after: Image) -> Image:
    """Put two pictures of one size beside each other, (H, W, 3) sRGB [0, 1] each, a thin white line between them."""
    divider = np.full((before.shape[0], max(2, before.shape[1] // 200), 3), _WHITE, np.float32)
    return np.concatenate([before, divider, after], axis=1)


def contact_sheet(tiles: Sequence[tuple[str, Image]], *, columns: int = 6, tile_width: int = 240) -> Image:
    """Lay out labelled pictures, (H, W, 3) sRGB [0, 1] and all of one size, row by row; returns one such picture.

    Tiles are shrunk to `tile_width` pixels, never enlarged. Raises UsageError when there are none.
    """
    if not tiles:
        raise UsageError("expected at least one picture for a sheet, got none")
    cells = [_labelled(name, _shrunk(picture, tile_width)) for name, picture in tiles]
    columns = min(columns, len(cells))
    empty = np.full_like(cells[0], _WHITE)
    cells += [empty] * (-len(cells) % columns)
    rows = [np.concatenate(cells[start : start + columns], axis=1) for start in range(0, len(cells), columns)]
    return np.concatenate(rows, axis=0)


def _shrunk(picture: Image, width: int) -> PillowImage.Image:
    image = PillowImage.fromarray(np.round(picture * 255).astype(np.uint8))
    if image.width <= width:
        return image
    return image.resize((width, max(1, round(image.height * width / image.width))), PillowImage.Resampling.LANCZOS)


def _labelled(name: str, image: PillowImage.Image) -> Image:
    cell = PillowImage.new("RGB", (image.width + 4, image.height + _LABEL_HEIGHT), "white")
    cell.paste(image, (2, 2))
    ImageDraw.Draw(cell).text((6, image.height + 6), name, fill="black", font=ImageFont.load_default(13))
    return np.asarray(cell, np.float32) / np.float32(255)
