"""Shimmer and glitter: flakes hashed into cells of the UV chart, so that they stick to the skin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray, Mask
from kohl.rendering.canvas import Canvas


@dataclass(frozen=True)
class Flakes:
    """`cells` along the chart; `share` of the cells that hold a flake which can be seen; `brightness` of one, where 1 is
    the photo's white.
    """

    cells: int
    share: float
    brightness: float


def sparkle(canvas: Canvas, box: tuple[slice, slice], flakes: Flakes, seed: int) -> Mask:
    """Brightness (h, w) of the flakes in `box`, in units of the photo's white.

    Every cell has a flake at a random place, of random size and tilt; it shines by how well its tilt mirrors the light.
    Cells grow until a flake covers about a pixel: finer ones would only be noise that flickers.
    """
    uv = canvas.face.field.uv[box]
    step = _chart_step(uv)
    cells = min(float(flakes.cells), 0.5 / step)
    at = uv * np.float32(cells)
    cell = np.floor(at).astype(np.int64)
    place, tilt = _hash(cell, seed), _hash(cell, seed + 101)
    inside = at - cell
    radius = 0.18 + 0.22 * tilt[..., 2]
    distance = np.linalg.norm(inside - (0.3 + 0.4 * place[..., :2]), axis=-1)
    soft = max(step * cells, 1e-3)
    shape = np.clip((radius - distance) / soft + 0.5, 0, 1)
    seen = place[..., 2] < flakes.share
    normal = canvas.normals[box] + np.concatenate([(tilt[..., :2] - 0.5) * 0.9, np.zeros_like(tilt[..., :1])], -1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    half = canvas.shading.light.direction + np.array([0, 0, 1], np.float32)
    glint = np.clip(normal @ (half / np.linalg.norm(half)), 0, 1) ** 10
    lit = np.clip(canvas.shading.illumination[box], 0, 1.3) ** 1.5
    return np.asarray(flakes.brightness * shape * seen * glint * lit, np.float32)


def _chart_step(uv: FloatArray) -> float:
    """Chart units from one pixel to the next, typically."""
    if min(uv.shape[:2]) < 2:
        return 1e-3
    return float(max(np.median(np.abs(np.diff(uv[..., 0], axis=1))), np.median(np.abs(np.diff(uv[..., 1], axis=0))), 1e-5))


def _hash(cell: npt.NDArray[np.int64], seed: int) -> FloatArray:
    """Three numbers in [0, 1) per cell (…, 2), the same for the same cell and seed (multiply-xorshift)."""
    key = (cell[..., 0].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) ^ (cell[..., 1].astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F))
    key ^= np.uint64((seed * 0x165667B19E3779F9 + 0x27D4EB2F165667C5) & 0xFFFFFFFFFFFFFFFF)
    key ^= key >> np.uint64(29)
    key *= np.uint64(0xBF58476D1CE4E5B9)
    key ^= key >> np.uint64(32)
    key *= np.uint64(0x94D049BB133111EB)
    key ^= key >> np.uint64(31)
    parts = [(key >> np.uint64(shift)) & np.uint64(0x1FFFFF) for shift in (0, 21, 42)]
    return np.asarray(np.stack(parts, -1) / 0x200000, np.float32)
