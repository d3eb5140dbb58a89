"""Shimmer and glitter: flakes hashed into cells of the UV chart, so that they stick to the skin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray, Mask


@dataclass(frozen=True)
class Flakes:
    """`cells` along the chart; `share` of the cells that hold a flake which can be seen; `brightness` of one that faces
    the light, where 1 is the photo's white.
    """

    cells: int
    share: float
    brightness: float


_TILT = 1.2
"""How far flakes lean, as the span of a normal's x and y."""
_POLISH = 14
"""Exponent of a flake's own mirror lobe: few of them flash, many glow."""


@dataclass(frozen=True, eq=False)
class ChartSpot:
    """Pixels as flakes see them, a list (1, N): `uv` (1, N, 2) chart coordinates, `across` and `down` (1, N, 2) the chart way of one
    pixel to the right and of one down, `step` the length of a typical one.
    """

    uv: FloatArray
    across: FloatArray
    down: FloatArray
    step: float

    @classmethod
    def of(cls, uv: FloatArray, choose: Callable[[FloatArray], FloatArray]) -> ChartSpot:
        """Those pixels of a box, whose chart coordinates are `uv` (h, w, 2), that `choose` takes from a picture of it."""
        across, down = _chart_steps(uv)
        step = max(float(np.median(np.linalg.norm(across, axis=-1))), float(np.median(np.linalg.norm(down, axis=-1))), 1e-5)
        return cls(choose(uv), choose(across), choose(down), step)


def sparkle(spot: ChartSpot, normals: FloatArray, half: FloatArray, flakes: Flakes, seed: int) -> Mask:
    """Brightness (1, N) of flakes on a fully lit surface, in units of the photo's white.

    normals (1, N, 3), half (3,) unit vector between light and view. Every cell of the chart has a flake at a random place, of
    random size and tilt; it shines by how well its tilt mirrors the light. Cells grow until one is two pixels wide: finer
    flakes would be noise that flickers. Flakes are round in the picture, not on the chart.
    """
    across, down = spot.across, spot.down
    cells = min(float(flakes.cells), 0.5 / spot.step)
    at = spot.uv * np.float32(cells)
    cell = np.floor(at).astype(np.int64)
    place, tilt = _hash(cell, seed), _hash(cell, seed + 101)
    offset = (0.3 + 0.4 * place[..., :2] - (at - cell)) / np.float32(cells)
    turned = across[..., 0] * down[..., 1] - across[..., 1] * down[..., 0]
    turned = np.where(np.abs(turned) < 1e-12, 1e-12, turned)
    right = (offset[..., 0] * down[..., 1] - offset[..., 1] * down[..., 0]) / turned
    below = (offset[..., 1] * across[..., 0] - offset[..., 0] * across[..., 1]) / turned
    radius = np.maximum((0.12 + 0.16 * tilt[..., 2]) / np.float32(spot.step * cells), 0.4)
    shape = np.clip(radius - np.hypot(right, below) + 0.5, 0, 1)
    facing = normals + np.concatenate([(tilt[..., :2] - 0.5) * _TILT, np.zeros_like(tilt[..., :1])], -1)
    glint = np.clip(cv2.transform(facing, half[None]) / np.linalg.norm(facing, axis=-1), 0, 1) ** _POLISH
    return np.asarray(flakes.brightness * shape * (place[..., 2] < flakes.share) * glint, np.float32)


def _chart_steps(uv: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Chart way (h, w, 2) of one pixel to the right, and of one down."""
    if min(uv.shape[:2]) < 2:
        still = np.full(uv.shape, 1e-3, np.float32)
        return still * np.array([1, 0], np.float32), still * np.array([0, 1], np.float32)
    return np.gradient(uv, axis=1), np.gradient(uv, axis=0)


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
