"""A window's rows, strip by strip: the planes of a strip stay in the processor's cache, those of a large window do not."""

from __future__ import annotations

from collections.abc import Iterator

from kohl.core.arrays import Box

_PIXELS = 1 << 15
"""Pixels of a strip."""


def strips(box: Box) -> Iterator[Box]:
    """Yield the parts of `box`, rows and columns with start and stop in pixels, from top to bottom; together they are all of it."""
    rows, columns = box
    step = max(1, _PIXELS // max(1, columns.stop - columns.start))
    for start in range(rows.start, rows.stop, step):
        yield slice(start, min(start + step, rows.stop)), columns


def whole(shape: tuple[int, ...]) -> Box:
    """The box of a whole window of `shape` (h, w, ...)."""
    return slice(0, shape[0]), slice(0, shape[1])


def around(box: Box, shape: tuple[int, ...]) -> list[Box]:
    """What a window of `shape` (h, w, ...) has beyond `box`: above, below, left and right of it, as far as there is any."""
    rows, columns = box
    above, below = slice(0, rows.start), slice(rows.stop, shape[0])
    left, right = slice(0, columns.start), slice(columns.stop, shape[1])
    parts = [(above, slice(0, shape[1])), (below, slice(0, shape[1])), (rows, left), (rows, right)]
    return [part for part in parts if all(side.stop > side.start for side in part)]
