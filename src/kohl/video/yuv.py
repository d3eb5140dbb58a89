"""Between the Y'CbCr planes of a video frame and the R'G'B' that painting works in, for one part of the picture at a time.

Painting gives a *change* of R'G'B', and that goes back into the planes as a change: Y'CbCr is linear in R'G'B', so nothing but the change is
converted, and samples under no makeup stay as the decoder gave them, bit for bit. Equations and coefficients: ITU-R BT.601-7, BT.709-6 and
BT.2020-2; ranges: BT.2100-2, table 9.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import cv2
import numpy as np

from kohl.core.arrays import AnyArray, FloatArray, Image

Box: TypeAlias = tuple[int, int, int, int]
"""y0, y1, x0, x1 in pixels, half-open."""

BT601, BT709, BT2020 = (0.299, 0.114), (0.2126, 0.0722), (0.2627, 0.0593)
"""Weights of red and blue in luma."""
_HD = 576
"""Lines up to which a video that does not name its matrix is taken for BT.601, as players do."""
_MATRICES = {1: BT709, 5: BT601, 6: BT601, 9: BT2020, 10: BT2020}
"""By the number that H.273 gives the matrix coefficients."""


@dataclass(frozen=True, slots=True)
class Coding:
    """How samples stand for colours: `bits` a sample, `shrink` of the chroma planes (down, across), `full` or limited range, luma `weights`."""

    bits: int = 8
    shrink: tuple[int, int] = (2, 2)
    full: bool = False
    weights: tuple[float, float] = BT709

    @property
    def yuv_from_rgb(self) -> FloatArray:
        """(3, 3): what a change of R'G'B' in [0, 1] does to the samples."""
        red, blue = self.weights
        luma = np.array([red, 1 - red - blue, blue])
        rows = [luma, (np.array([0, 0, 1]) - luma) / (2 - 2 * blue), (np.array([1, 0, 0]) - luma) / (2 - 2 * red)]
        scales = np.full(3, (1 << self.bits) - 1.0) if self.full else np.array([219.0, 224.0, 224.0]) * (1 << (self.bits - 8))
        return np.asarray(np.stack(rows) * scales[:, None], np.float32)

    @property
    def zero(self) -> FloatArray:
        """(3,): the samples of black."""
        step = 1 << (self.bits - 8)
        return np.array([0 if self.full else 16 * step, 128 * step, 128 * step], np.float32)

    @property
    def rgb_from_yuv(self) -> FloatArray:
        """(3, 4): R'G'B' in [0, 1] of samples, as a matrix with its offset."""
        inverse = np.linalg.inv(self.yuv_from_rgb.astype(np.float64))
        return np.asarray(np.column_stack([inverse, -inverse @ self.zero]), np.float32)

    @property
    def dtype(self) -> type[np.unsignedinteger[Any]]:
        """The type of the samples."""
        return np.uint8 if self.bits == 8 else np.uint16


def weights_of(matrix: int, lines: int) -> tuple[float, float]:
    """The luma weights that H.273's number `matrix` stands for; of an unnamed one, those that players guess from the number of lines."""
    return _MATRICES.get(matrix, BT709 if lines > _HD else BT601)


@dataclass(frozen=True, eq=False)
class Picture:
    """A frame, upright: `planes` Y', Cb, Cr as (h, w) arrays of `coding.dtype`, chroma smaller by `coding.shrink`, rounded up."""

    planes: Sequence[AnyArray]
    coding: Coding

    @property
    def size(self) -> tuple[int, int]:
        """(h, w) in pixels."""
        return self.planes[0].shape[0], self.planes[0].shape[1]

    def rgb(self, box: Box | None = None, *, size: tuple[int, int] | None = None) -> Image:
        """Return the part `box` (its corners on whole chroma samples, see `align`), or all, as (h, w, 3) R'G'B' in [0, 1], float32.

        `size`: (h, w) to shrink it to. Values that no screen can show are clipped; the samples themselves are not touched.
        """
        box = box or (0, self.size[0], 0, self.size[1])
        size = size or (box[1] - box[0], box[3] - box[2])
        full = []
        for plane, part in zip(self.planes, self._parts(box), strict=True):
            method = cv2.INTER_AREA if plane[part].shape[1] > size[1] else cv2.INTER_LINEAR
            full.append(plane[part] if plane[part].shape == size else cv2.resize(plane[part], size[::-1], interpolation=method))
        samples = cv2.merge(full).astype(np.float32)
        return np.asarray(np.clip(cv2.transform(samples, self.coding.rgb_from_yuv), 0, 1), np.float32)

    def shrunk_rgb(self, side: int, box: Box | None = None) -> tuple[Image, FloatArray]:
        """Return as `rgb`, the longer side at most `side` pixels, and the stretch (2,) across and down that this took, at most 1."""
        y0, y1, x0, x1 = box or (0, self.size[0], 0, self.size[1])
        scale = min(1.0, side / max(y1 - y0, x1 - x0))
        size = (max(1, round((y1 - y0) * scale)), max(1, round((x1 - x0) * scale)))
        return self.rgb((y0, y1, x0, x1), size=size), np.array([size[1] / (x1 - x0), size[0] / (y1 - y0)], np.float32)

    def small_luma(self, size: tuple[int, int]) -> FloatArray:
        """Return Y' shrunk to (h, w) `size`, [0, 1] over all code values."""
        small = cv2.resize(self.planes[0], size[::-1], interpolation=cv2.INTER_AREA)
        return np.asarray(small, np.float32) / np.float32((1 << self.coding.bits) - 1)

    def add(self, box: Box, change: Image) -> None:
        """Add `change` (h, w, 3), in R'G'B' of [0, 1], to the part `box` (on whole chroma samples) in place.

        A sample whose change rounds to 0 stays as it is; results are clipped to the code values there are.
        """
        changes = cv2.split(cv2.transform(change, self.coding.yuv_from_rgb))
        top = (1 << self.coding.bits) - 1
        for plane, part, delta in zip(self.planes, self._parts(box), changes, strict=True):
            target = plane[part]
            added = delta if target.shape == delta.shape else cv2.resize(delta, target.shape[::-1], interpolation=cv2.INTER_AREA)
            target[...] = np.clip(np.rint(target + added), 0, top).astype(self.coding.dtype)

    def align(self, box: Box) -> Box:
        """Return `box`, widened to whole chroma samples and cut to the picture."""
        (down, across), (height, width) = self.coding.shrink, self.size
        y0, y1, x0, x1 = box
        return (
            max(0, y0 // down * down),
            min(height, -(-y1 // down) * down),
            max(0, x0 // across * across),
            min(width, -(-x1 // across) * across),
        )

    def copy(self) -> Picture:
        """The same picture in memory of its own."""
        return Picture([plane.copy() for plane in self.planes], self.coding)

    def _parts(self, box: Box) -> list[tuple[slice, slice]]:
        """The box in each of the planes."""
        (down, across), (y0, y1, x0, x1) = self.coding.shrink, box
        chroma = (slice(y0 // down, -(-y1 // down)), slice(x0 // across, -(-x1 // across)))
        return [(slice(y0, y1), slice(x0, x1)), chroma, chroma]
