"""16 bits per channel in colour, which Pillow reads as 8: the same bytes are decoded twice, once for each half of the samples.

Pillow's unpackers `RGB;16B` and `RGB;16L` take every other byte: of big-endian data the first gives the high half and the second, told
the wrong order on purpose, the low half. No other decoder is needed, and every filter, predictor and compression that Pillow knows works.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
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


def read_deep(high: PillowImage.Image, reopen: Callable[[], PillowImage.Image]) -> AnyArray | None:
    """(H, W, C) uint16 samples of a deep picture.

    Parameters
    ----------
    high
        The picture as Pillow decodes it.
    reopen
        Opens the same bytes again, not loaded.

    Returns None where Pillow can't give the low halves (grey with alpha, premultiplied alpha).
    """
    low = reopen()
    if not isinstance(low, ImageFile.ImageFile) or low.mode not in ("RGB", "RGBA"):
        return None
    orders = [_order(_rawmode(tile)) for tile in low.tile]
    if any(order is None or not _rawmode(tile).startswith(low.mode + ";") for tile, order in zip(low.tile, orders, strict=True)):
        return None
    low.tile = [tile._replace(args=_swapped(tile.args)) for tile in low.tile]
    low.load()
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
