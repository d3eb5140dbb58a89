"""Stencils: a mask as the list of the pixels that it covers. Lids, lines and cheekbones fill a quarter of the box around them, or less.

Lists of pixels are kept as pictures one row high, (1, N) and (1, N, 3), so that whatever works on pictures works on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from kohl.core.arrays import Box, FloatArray, Mask, Points

Numbers: TypeAlias = npt.NDArray[np.intp]
"""(N,) numbers of pixels in a window or a box, counted row by row."""

NOTHING = 1 / 1024
"""Coverage below this cannot change an 8-bit pixel; it is left out, so that a soft mask ends somewhere."""

_PIECE = 1 << 15
"""Pixels to a piece."""


@dataclass(frozen=True, eq=False)
class Stencil:
    """`pixels` (N,): numbers of the covered pixels in a window of `size` (h, w), row by row; `mask` (1, N): how much of each is
    covered, in [1/1024, 1].
    """

    size: tuple[int, int]
    pixels: Numbers
    mask: Mask

    @classmethod
    def of(cls, mask: Mask | Stencil) -> Stencil:
        """The stencil of a mask (h, w) of the whole window; a stencil stays what it is."""
        return mask if isinstance(mask, Stencil) else cls.within((slice(0, mask.shape[0]), slice(0, mask.shape[1])), mask, mask.shape)

    @classmethod
    def within(cls, box: Box, mask: Mask, size: tuple[int, ...]) -> Stencil:
        """The stencil of a mask of `box` alone, in a window of `size` (h, w, ...)."""
        part = box_of(mask)
        if part is None:
            return cls((size[0], size[1]), np.zeros(0, np.intp), np.zeros((1, 0), np.float32))
        core = np.ascontiguousarray(mask[part], np.float32)
        inside = np.flatnonzero(core >= NOTHING)
        row, column = np.divmod(inside, core.shape[1])
        top, left = box[0].start + part[0].start, box[1].start + part[1].start
        return cls((size[0], size[1]), (row + top) * size[1] + (column + left), core.take(inside)[None])

    @property
    def is_empty(self) -> bool:
        """Whether it covers nothing at all."""
        return not self.pixels.size

    @cached_property
    def places(self) -> tuple[Numbers, Numbers]:
        """Rows and columns (N,) of its pixels."""
        row, column = np.divmod(self.pixels, self.size[1])
        return row, column

    @cached_property
    def box(self) -> Box:
        """The box around all of it, which must not be empty."""
        row, column = self.places
        return slice(int(row[0]), int(row[-1]) + 1), slice(int(column.min()), int(column.max()) + 1)

    def scaled(self, by: float | Mask) -> Stencil:
        """The stencil with its mask multiplied by a number, or by a list (1, N), in [0, 1]."""
        return Stencil(self.size, self.pixels, np.asarray(self.mask * np.float32(by), np.float32)).only(NOTHING)

    def times(self, other: Mask) -> Stencil:
        """The stencil with its mask multiplied by a mask (h, w) of the window."""
        return self.scaled(self.take(other))

    def only(self, least: float) -> Stencil:
        """The part of it that is covered by `least` or more."""
        kept = np.flatnonzero(self.mask >= least)
        return self if kept.size == self.pixels.size else self.pick(kept)

    def pick(self, places: Numbers) -> Stencil:
        """The part of it at some places of its list, (M,) in ascending order."""
        return Stencil(self.size, self.pixels.take(places), self.mask.take(places)[None])

    def parts(self) -> Iterator[Stencil]:
        """Yield it piece by piece, each small enough for the processor's cache."""
        for start in range(0, len(self.pixels), _PIECE):
            yield Stencil(self.size, self.pixels[start : start + _PIECE], self.mask[:, start : start + _PIECE])

    def take(self, picture: FloatArray) -> FloatArray:
        """The pixels of a picture (h, w) or (h, w, C) of the window, as a list (1, N) or (1, N, C)."""
        return picture.reshape(-1, *picture.shape[2:]).take(self.pixels, axis=0)[None]

    def take_within(self, box: Box, part: FloatArray) -> FloatArray:
        """The same of a picture that shows no more than `box`, which holds all of the stencil."""
        row, column = self.places
        inside = (row - box[0].start) * (box[1].stop - box[1].start) + (column - box[1].start)
        taken: FloatArray = part.reshape(-1, *part.shape[2:]).take(inside, axis=0)[None]
        return taken

    def put(self, picture: FloatArray, values: FloatArray) -> None:
        """Set its pixels in `picture`, (h, w, 3) of the window and contiguous, to the list `values` (1, N, 3)."""
        # Three floats as one item: three times the speed of numpy's indexing by rows.
        items, whole = (np.ascontiguousarray(array, np.float32).view("V12").ravel() for array in (values, picture))
        whole[self.pixels] = items


def box_of(mask: Mask) -> Box | None:
    """Return the slices around all of `mask` (h, w) that counts, or None."""
    rows = np.flatnonzero(mask.max(1) >= NOTHING)
    if not rows.size:
        return None
    columns = np.flatnonzero(mask[rows[0] : rows[-1] + 1].max(0) >= NOTHING)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def box_around(points: Points, margin: float, size: tuple[int, int]) -> Box:
    """The box around `points` (N, 2 or 3), x and y in pixels of a window of `size` (h, w), with `margin` pixels of air; cut to the window, and
    never less than a pixel.
    """
    low, high = np.floor(points[:, :2].min(0) - margin)[::-1], np.ceil(points[:, :2].max(0) + margin)[::-1]
    starts = [int(np.clip(start, 0, side - 1)) for start, side in zip(low, size, strict=True)]
    rows, columns = (slice(start, int(np.clip(stop, start + 1, side))) for start, stop, side in zip(starts, high, size, strict=True))
    return rows, columns
