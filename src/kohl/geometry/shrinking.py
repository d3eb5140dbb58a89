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
    """(H, W) or (H, W, C) at `size` (h, w): averaged down over whole blocks, of which there are up to two a pixel, or enlarged."""
    factor = min(picture.shape[0] // size[0], picture.shape[1] // size[1])
    if factor < 2:
        return np.asarray(cv2.resize(picture, size[::-1], interpolation=cv2.INTER_AREA), np.float32)
    down, across = (side / few / factor for side, few in zip(picture.shape, size, strict=False))
    # Looked up where the pixels lie, since what was cut would move them; OpenCV counts from their middles.
    blocks_from_small = np.array([[across, 0, 0.5 * across - 0.5], [0, down, 0.5 * down - 0.5]])
    flags, border = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpAffine(shrink_by(picture, factor), blocks_from_small, size[::-1], flags=flags, borderMode=border), np.float32)
