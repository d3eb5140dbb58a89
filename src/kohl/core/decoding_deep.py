"""16 bits per channel in colour, which Pillow reads as 8: the same bytes are decoded twice, once for each half of the samples.

Pillow's unpackers `RGB;16B` and `RGB;16L` take every other byte: of big-endian data the first gives the high half and the second, told
the wrong order on purpose, the low half. No other decoder is needed, and every filter, predictor and compression that Pillow knows works.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageFile

from kohl.core.arrays import AnyArray

_NATIVE = ";16L" if sys.byteorder == "little" else ";16B"
_SWAPPED = {";16B": ";16L", ";16L": ";16B", ";16N": ";16B" if _NATIVE == ";16L" else ";16L"}


def is_deep(image: PillowImage.Image) -> bool:
    """Whether a picture that is open but not loaded has 16-bit channels that Pillow is about to halve."""
    tiles = getattr(image, "tile", None) or ()
    return image.mode in ("RGB", "RGBA", "LA") and any(_order(_rawmode(tile)) for tile in tiles)


def swap_halves(image: PillowImage.Image) -> bool:
    """Make a deep picture that is open but not loaded decode to the low halves of its samples.

    Returns False where Pillow can't: grey with alpha, premultiplied alpha.
    """
    if not isinstance(image, ImageFile.ImageFile) or image.mode not in ("RGB", "RGBA"):
        return False
    if not all(_order(_rawmode(tile)) and _rawmode(tile).startswith(image.mode + ";") for tile in image.tile):
        return False
    image.tile = [tile._replace(args=_swapped(tile.args)) for tile in image.tile]
    return True


def join_halves(high: PillowImage.Image, low: PillowImage.Image) -> AnyArray:
    """(H, W, C) uint16 samples of a picture decoded twice."""
    samples: AnyArray = np.asarray(high).astype(np.uint16) << 8 | np.asarray(low)
    return samples


def _rawmode(tile: Any) -> str:
    rawmode = tile.args[0] if isinstance(tile.args, tuple) and tile.args else tile.args
    return rawmode if isinstance(rawmode, str) else ""


def _order(rawmode: str) -> str | None:
    return rawmode[-4:] if rawmode[-4:] in _SWAPPED else None


def _swapped(args: Any) -> Any:
    if isinstance(args, tuple):
        return (_swapped(args[0]), *args[1:])
    return args[:-4] + _SWAPPED[args[-4:]]
