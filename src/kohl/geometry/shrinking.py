"""Smaller pictures for little: means over blocks of whole pixels take a quarter of the time, or less, of means over parts of pixels."""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import FloatArray


def shrink_by(picture: FloatArray, factor: int) -> FloatArray:
    """Means of (H, W) or (H, W, C) over blocks of `factor`² pixels, (H // factor, W // factor[, C]).

    What is left over at the right and at the bottom is cut; a side shorter than a block is one block.
    """
    down, across = (min(factor, side) for side in picture.shape[:2])
    height, width = picture.shape[0] // down, picture.shape[1] // across
    whole = picture[: height * down, : width * across]
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.float32)


def shrink_to(picture: FloatArray, size: tuple[int, int]) -> FloatArray:
    """(H, W) or (H, W, C) averaged down to `size` (h, w), in whole blocks first: less than a pixel of it is cut."""
    factor = min(picture.shape[0] // size[0], picture.shape[1] // size[1])
    blocks = shrink_by(picture, factor) if factor > 1 else picture
    return np.asarray(cv2.resize(blocks, size[::-1], interpolation=cv2.INTER_AREA), np.float32)
