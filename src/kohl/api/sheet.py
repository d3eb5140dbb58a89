"""Pictures made of pictures: before and after, and sheets of many looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from kohl.core.arrays import Image
from kohl.core.errors import UsageError

if TYPE_CHECKING:
    from kohl.api.studio import Studio
    from kohl.core.images import ImageSource

_WHITE = 1.0
_LABEL_HEIGHT = 26
"""Pixels under a picture for its name."""
_GAP = 2
"""Pixels of white around a picture."""


def side_by_side(before: Image, after: Image) -> Image:
    """Put two pictures of one size beside each other, (H, W, 3) sRGB [0, 1] each, a thin white line between them."""
    divider = np.full((before.shape[0], max(2, before.shape[1] // 200), 3), _WHITE, np.float32)
    return np.concatenate([before, divider, after], axis=1)


def contact_sheet(tiles: Sequence[tuple[str, Image]], *, columns: int = 6) -> Image:
    """Lay out labelled pictures, (H, W, 3) sRGB [0, 1] and all of one size, row by row; returns one such picture.

    Raises UsageError when there are none.
    """
    if not tiles:
        raise UsageError("expected at least one picture for a sheet, got none")
    cells = [_labelled(name, picture) for name, picture in tiles]
    columns = min(columns, len(cells))
    empty = np.full_like(cells[0], _WHITE)
    cells += [empty] * (-len(cells) % columns)
    rows = [np.concatenate(cells[start : start + columns], axis=1) for start in range(0, len(cells), columns)]
    return np.concatenate(rows, axis=0)


def look_sheet(studio: Studio, photo: ImageSource, looks: Sequence[str], *, columns: int = 6, tile_width: int = 240) -> Image:
    """Put every one of `looks` (presets, files, words) on `photo` and lay the results out under the looks' names.

    Returns an (H, W, 3) sRGB picture in [0, 1]. Raises what `Studio.apply` raises.
    """
    tiles = [(name, _shrunk(studio.apply_details(photo, name).pixels, tile_width)) for name in looks]
    return contact_sheet(tiles, columns=columns)


def _shrunk(picture: Image, width: int) -> Image:
    """At most `width` pixels wide; never enlarged."""
    if picture.shape[1] <= width:
        return picture
    size = (max(1, round(picture.shape[0] * width / picture.shape[1])), width)
    return _pixels(_pillow(picture).resize(size[::-1], PillowImage.Resampling.LANCZOS))


def _labelled(name: str, picture: Image) -> Image:
    height, width = picture.shape[:2]
    cell = PillowImage.new("RGB", (width + 2 * _GAP, height + _LABEL_HEIGHT), "white")
    cell.paste(_pillow(picture), (_GAP, _GAP))
    ImageDraw.Draw(cell).text((3 * _GAP, height + 3 * _GAP), name, fill="black", font=ImageFont.load_default(13))
    return _pixels(cell)


def _pillow(picture: Image) -> PillowImage.Image:
    return PillowImage.fromarray(np.round(picture * 255).astype(np.uint8))


def _pixels(image: PillowImage.Image) -> Image:
    return np.asarray(image, np.float32) / np.float32(255)
