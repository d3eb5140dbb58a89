"""Between the Y'CbCr planes of a video frame and the R'G'B' that painting works in, for one part of the picture at a time.

Painting gives a *change* of R'G'B', and that goes back into the planes as a change: Y'CbCr is linear in R'G'B', so nothing but the change is
converted, once, and samples under no makeup stay as the decoder gave them, bit for bit. Equations and coefficients: ITU-R BT.601-7, BT.709-6 and
BT.2020-2; ranges: BT.2100-2, table 9.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import cv2
import numpy as np

from kohl.core.arrays import AnyArray, FloatArray, Image

Box: TypeAlias = tuple[int, int, int, int]
"""y0, y1, x0, x1 in pixels, half-open."""
Samples: TypeAlias = tuple[FloatArray, FloatArray]
"""Changes of samples, not rounded: of Y' (h, w), and of Cb and Cr (h / down, w / across, 2), rounded up; in code values."""

BT601, BT709, BT2020 = (0.299, 0.114), (0.2126, 0.0722), (0.2627, 0.0593)
"""Weights of red and blue in luma."""
_HD = 576
"""Lines up to which a video that does not name its matrix is taken for BT.601, as players do."""
_MATRICES = {1: BT709, 5: BT601, 6: BT601, 9: BT2020, 10: BT2020}
"""By the number that H.273 gives the matrix coefficients."""


def square_box(middle: Sequence[float], half: float, size: tuple[int, int]) -> Box:
    """The square of side 2 `half` around `middle` (x, y), in pixels, as whole pixels of a picture of (h, w) `size`; cut where it leaves it."""
    x, y = middle
    y0, y1 = np.clip([np.floor(y - half), np.ceil(y + half)], 0, size[0]).astype(int)
    x0, x1 = np.clip([np.floor(x - half), np.ceil(x + half)], 0, size[1]).astype(int)
    return int(y0), int(y1), int(x0), int(x1)


@dataclass(frozen=True)
class Coding:
    """How samples stand for colours: `bits` a sample, `shrink` of the chroma planes (down, across), `full` or limited range, luma `weights`."""

    bits: int = 8
    shrink: tuple[int, int] = (2, 2)
    full: bool = False
    weights: tuple[float, float] = BT709

    @cached_property
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

    @cached_property
    def rgb_from_yuv(self) -> FloatArray:
        """(3, 4): R'G'B' in [0, 1] of samples, as a matrix with its offset."""
        _, inverse = cv2.invert(self.yuv_from_rgb.astype(np.float64))  # not numpy's, which wakes LAPACK's threads for every frame
        return np.asarray(np.column_stack([inverse, -inverse @ self.zero]), np.float32)

    @property
    def dtype(self) -> type[np.unsignedinteger[Any]]:
        """The type of the samples."""
        return np.uint8 if self.bits == 8 else np.uint16

    @property
    def top(self) -> int:
        """The largest code value."""
        return (1 << self.bits) - 1


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
        rgb: Image = cv2.transform(cv2.merge(full).astype(np.float32), self.coding.rgb_from_yuv)
        return np.clip(rgb, 0, 1, out=rgb)

    def shrunk_rgb(self, side: int, box: Box | None = None) -> tuple[Image, FloatArray]:
        """Return as `rgb`, the longer side at most `side` pixels, and the stretch (2,) across and down that this took, at most 1."""
        y0, y1, x0, x1 = box or (0, self.size[0], 0, self.size[1])
        scale = min(1.0, side / max(y1 - y0, x1 - x0))
        size = (max(1, round((y1 - y0) * scale)), max(1, round((x1 - x0) * scale)))
        return self.rgb((y0, y1, x0, x1), size=size), np.array([size[1] / (x1 - x0), size[0] / (y1 - y0)], np.float32)

    def small_luma(self, size: tuple[int, int], box: Box | None = None) -> FloatArray:
        """Return Y' of the part `box`, or of all, shrunk to (h, w) `size`, in units of R'G'B': 1 between black and white."""
        y0, y1, x0, x1 = box or (0, self.size[0], 0, self.size[1])
        small = cv2.resize(self.planes[0][y0:y1, x0:x1], size[::-1], interpolation=cv2.INTER_AREA)
        return np.asarray(small / self.coding.yuv_from_rgb[0].sum(), np.float32)

    def samples_of(self, change: Image) -> Samples:
        """Return what a change (h, w, 3) of R'G'B', [0, 1], does to the samples of a part of this picture that is as large."""
        (down, across), (height, width) = self.coding.shrink, change.shape[:2]
        size = (-(-width // across), -(-height // down))
        coarse = change if (down, across) == (1, 1) else cv2.resize(change, size, interpolation=cv2.INTER_AREA)
        matrix = self.coding.yuv_from_rgb
        return cv2.transform(change, matrix[:1]), cv2.transform(coarse, matrix[1:])

    def add(self, box: Box, samples: Samples) -> None:
        """Add changes of samples to the part `box` (on whole chroma samples) in place.

        A sample whose change rounds to 0 stays as it is; results are clipped to the code values there are.
        """
        luma, chroma = samples
        depth = cv2.CV_8U if self.coding.bits == 8 else cv2.CV_16U
        for plane, part, change in zip(self.planes, self._parts(box), (luma, *cv2.split(chroma)), strict=True):
            changed = cv2.add(plane[part], change, dtype=depth)
            plane[part] = changed if self.coding.bits == 8 else np.minimum(changed, self.coding.top)

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
