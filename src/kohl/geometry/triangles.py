"""Rasterise a triangle mesh without a loop over its triangles.

Every triangle is cut into pixel rows, all rows of all triangles at once; a row is a span of pixels whose centres lie
between its two edges. A pixel on a shared edge belongs to exactly one of the two triangles.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kohl.core.arrays import AnyArray, FloatArray, IntArray


def rasterise(corners: AnyArray, size: tuple[int, int], order: IntArray | None = None) -> IntArray:
    """Return the number of the triangle that covers each pixel centre, -1 where none does.

    corners: (T, 3, 2) x, y in pixels. size: (h, w). order: triangle numbers, the last drawn on top; by default 0…T-1.
    """
    height, width = size
    numbers = np.arange(len(corners), dtype=np.int32) if order is None else order
    drawn = corners[numbers]
    triangle, row = _rows_of(drawn, height)
    left, right = _spans(drawn, triangle, row)
    first = np.clip(np.ceil(left - 0.5), 0, width).astype(np.int64)
    count = np.clip(np.ceil(right - 0.5), 0, width).astype(np.int64) - first
    covered = np.full(height * width, -1, np.int32)
    start = row * width + first
    # Later spans overwrite earlier ones: numpy keeps the last value of a repeated index.
    covered[_expand(start, count)] = np.repeat(numbers[triangle], np.maximum(count, 0))
    return covered.reshape(size)


def affine_of(corners: AnyArray, values: AnyArray) -> FloatArray:
    """Return (T, C, 3) matrices with values = matrix @ (x, y, 1) on each triangle; degenerate triangles get their mean value.

    corners: (T, 3, 2) in pixels. values: (T, 3, C), what the corners carry.
    """
    origin = corners[:, 0].astype(np.float64)
    edges = corners[:, 1:].astype(np.float64) - origin[:, None]
    steps = values[:, 1:].astype(np.float64) - values[:, :1]
    area = edges[:, 0, 0] * edges[:, 1, 1] - edges[:, 0, 1] * edges[:, 1, 0]
    flat = np.abs(area) < 1e-9
    inverse = np.stack([edges[:, 1, 1], -edges[:, 0, 1], -edges[:, 1, 0], edges[:, 0, 0]], 1).reshape(-1, 2, 2)
    inverse = np.where(flat[:, None, None], 0.0, inverse / np.where(flat, 1.0, area)[:, None, None])
    slope = np.einsum("tij,tjc->tci", inverse, steps)
    base = np.where(flat[:, None], values.mean(1), values[:, 0])
    offset = base - np.einsum("tci,ti->tc", slope, origin)
    return np.asarray(np.concatenate([slope, offset[..., None]], -1), np.float32)


def interpolate(covered: IntArray, matrices: FloatArray) -> FloatArray:
    """Evaluate `affine_of` matrices (T, C, 3) at every pixel centre of `covered` (h, w); returns (h, w, C), 0 where it is -1."""
    inside = np.flatnonzero(covered >= 0)
    row, column = np.divmod(inside, covered.shape[1])
    triangle = covered.ravel()[inside]
    x, y = ((place.astype(np.float32) + np.float32(0.5))[:, None] for place in (column, row))
    across, down, offset = (np.ascontiguousarray(matrices[..., part]).take(triangle, axis=0) for part in range(3))
    result = np.zeros((covered.size, matrices.shape[1]), np.float32)
    result[inside] = across * x + down * y + offset
    return result.reshape(*covered.shape, -1)


def signed_area(corners: AnyArray) -> AnyArray:
    """Return (T,) areas of (T, 3, 2) triangles in square pixels, positive when they run clockwise as seen (y points down)."""
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area: AnyArray = (first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]) / 2
    return area


def _rows_of(corners: AnyArray, height: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return (triangle, row) for every pixel row whose centre line crosses a triangle."""
    top = np.clip(np.ceil(corners[..., 1].min(1) - 0.5), 0, height).astype(np.int64)
    bottom = np.clip(np.ceil(corners[..., 1].max(1) - 0.5), 0, height).astype(np.int64)
    count = bottom - top
    return np.repeat(np.arange(len(corners)), count), _expand(top, count)


def _spans(corners: AnyArray, triangle: npt.NDArray[np.int64], row: npt.NDArray[np.int64]) -> tuple[AnyArray, AnyArray]:
    """Return where the centre line of `row` (R,) enters and leaves its `triangle` (R,), one of `corners` (T, 3, 2)."""
    # Both triangles at an edge walk it downwards: the same x, to the last bit, or a pixel could belong to both or neither.
    ends = corners[:, [1, 2, 0]]
    falls = (corners[..., 1] > ends[..., 1])[..., None]
    upper, lower = np.where(falls, ends, corners), np.where(falls, corners, ends)
    edges = np.concatenate([upper, lower - upper, lower[..., 1:]], -1).astype(np.float64)
    line = row + 0.5
    left, right = np.full(len(row), np.inf), np.full(len(row), -np.inf)
    for edge in range(3):
        x, top, run, rise, bottom = np.ascontiguousarray(edges[:, edge].T).take(triangle, axis=1)
        crosses = (top <= line) != (bottom <= line)
        at = x + (line - top) * run / np.where(crosses, rise, 1.0)
        left = np.where(crosses, np.minimum(left, at), left)
        right = np.where(crosses, np.maximum(right, at), right)
    hit = np.isfinite(left)
    return np.where(hit, left, 0.0), np.where(hit, right, 0.0)


def _expand(start: npt.NDArray[np.int64], count: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Concatenate the ranges start[i] … start[i] + count[i] - 1."""
    count = np.maximum(count, 0)
    ends = np.cumsum(count)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - count - start, count)
