"""Image ↔ UV chart: the chart coordinates of every photo pixel, and a photo unrolled onto the chart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from kohl.core.arrays import AnyArray, Box, FloatArray, Mask, Points3
from kohl.faces.landmarks import NUM_SURFACE
from kohl.faces.topology import load_topology
from kohl.geometry.lookup import look_up
from kohl.geometry.triangles import affine_of, interpolate, rasterise, signed_area

Window = tuple[int, int, int, int]
"""y0, y1, x0, x1 in image pixels, half-open."""
_STRIDE = 8
"""Pixels between those at which a texture's reach is found; every zone is wider than that, or too small to see."""

_FIELD_SIDE = 224
"""Longer side of the grid that is rasterised. The field is piecewise linear, so enlarging it loses nothing but the kinks."""
_GRAZING = (0.06, 0.30)
"""Cosines between surface and view at which makeup fades out and is fully there."""
_RING_FADE = 0.35
"""Share of the ring, from its outer edge, over which makeup fades: foreheads without a hairline and necks show no seam."""


@dataclass(frozen=True, eq=False)
class ChartField:
    """`uv` (h, w, 2): chart coordinates in [0, 1] of each pixel in the face's window. `facing` (h, w) mask: 1 where the
    mesh is seen, fading to 0 where it turns away and beyond its edge. `coarse_normals` (gh, gw, 3): see `normals`.
    """

    uv: FloatArray
    facing: Mask
    coarse_normals: FloatArray

    def normals(self, rows: AnyArray, columns: AnyArray) -> FloatArray:
        """(N, 3) unit normals of the mesh at the pixels in `rows` and `columns` (N,) of the window; x right, y down, z towards the viewer."""
        steps = [coarse / fine for coarse, fine in zip(self.coarse_normals.shape[1::-1], self.facing.shape[::-1], strict=True)]
        places = np.stack([(columns + 0.5) * steps[0], (rows + 0.5) * steps[1]], -1)
        normals = look_up(self.coarse_normals, np.asarray(places, np.float32))
        length = np.sqrt(np.einsum("nc,nc->n", normals, normals))
        return np.asarray(normals / np.maximum(length, 1e-6)[:, None], np.float32)

    def sample(self, texture: FloatArray, box: Box | None = None) -> FloatArray:
        """Look up a chart texture (S, S) or (S, S, C) at every pixel, or at those of `box` alone; 0 outside the chart.

        Returns (h, w) or (h, w, C). Where the texture is 0 far and wide nothing is looked up: most zones are small.
        """
        if box is not None:
            return _look_up(texture, self.uv[box])
        result = np.zeros((*self.facing.shape, *texture.shape[2:]), np.float32)
        box = self.reach(texture)
        if box is not None:
            result[box] = _look_up(texture, self.uv[box])
        return result

    def sample_small(self, texture: FloatArray, size: tuple[int, int]) -> FloatArray:
        """As `sample`, for a smaller copy of the window, (h, w) `size`: one look-up a pixel, so for smooth textures alone."""
        return _look_up(texture, np.asarray(cv2.resize(self.uv, size[::-1], interpolation=cv2.INTER_NEAREST), np.float32))

    def reach(self, texture: FloatArray) -> Box | None:
        """A box around all pixels where `texture`, (S, S) or (S, S, C), may not be 0; None where it is 0 everywhere.

        It is found on every eighth pixel.
        """
        low, high = _extent(texture)
        within = ((self._coarse_uv >= low) & (self._coarse_uv <= high)).all(-1)
        rows, columns = np.flatnonzero(within.any(1)), np.flatnonzero(within.any(0))
        if not rows.size:
            return None
        ends = zip((rows, columns), self.facing.shape, strict=True)
        down, across = (slice(max(0, (int(hit[0]) - 1) * _STRIDE), min((int(hit[-1]) + 2) * _STRIDE, side)) for hit, side in ends)
        return down, across

    @cached_property
    def _coarse_uv(self) -> FloatArray:
        return np.ascontiguousarray(self.uv[::_STRIDE, ::_STRIDE])


def _extent(texture: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The corners (2,), lowest and highest chart coordinates, of where a texture is not 0; without such, a box that holds nothing."""
    flat = np.abs(texture).max(-1) if texture.ndim == 3 else texture
    *low, width, height = cv2.boundingRect((flat != 0).view(np.uint8))
    if not width:
        return np.ones(2, np.float32), np.zeros(2, np.float32)
    start = np.array(low, np.float32)
    return (start - 1) / len(texture), (start + np.array([width, height], np.float32) + 1) / len(texture)


def _look_up(texture: FloatArray, uv: FloatArray) -> FloatArray:
    at = uv * np.float32(texture.shape[0]) - np.float32(0.5)
    return np.asarray(cv2.remap(texture, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT), np.float32)


def build_field(points: Points3, window: Window) -> ChartField:
    """Chart coordinates for the pixels of `window` under the mesh `points` (478, 3) in image pixels."""
    topology = load_topology()
    vertices = topology.extend(points)
    height, width = window[1] - window[0], window[3] - window[2]
    scale = min(1.0, _FIELD_SIDE / max(height, width))
    grid = (max(1, round(height * scale)), max(1, round(width * scale)))
    stretch = np.array([grid[1] / width, grid[0] / height, scale], np.float32)
    vertices = (vertices - np.array([window[2], window[0], 0], np.float32)) * stretch
    corners = vertices[topology.triangles]
    nearest_last = np.argsort(-corners[..., 2].mean(1)).astype(np.int32)
    covered = rasterise(corners[..., :2], grid, nearest_last)
    within = (np.arange(len(vertices)) < NUM_SURFACE).astype(np.float32)[:, None]
    carried = np.concatenate([topology.chart, vertex_normals(vertices), within], -1)[topology.triangles]
    values = _spread(interpolate(covered, affine_of(corners[..., :2], carried)), covered >= 0)
    facing = fade_grazing(values[..., 4]) * np.clip(values[..., 5] / _RING_FADE, 0, 1) * (covered >= 0)
    facing = cv2.erode(facing, np.ones((3, 3)), borderType=cv2.BORDER_REPLICATE)
    facing = cv2.blur(facing, (3, 3), borderType=cv2.BORDER_REPLICATE)
    size = (width, height)
    uv = cv2.resize(np.ascontiguousarray(values[..., :2]), size, interpolation=cv2.INTER_LINEAR)
    facing = np.clip(cv2.resize(facing, size, interpolation=cv2.INTER_LINEAR), 0, 1)
    return ChartField(uv, facing, np.ascontiguousarray(values[..., 2:5]))


def fade_grazing(cosine: FloatArray) -> Mask:
    """1 where the surface faces the viewer, 0 where it turns away; `cosine` of the angle between the two."""
    return np.asarray(np.clip((cosine - _GRAZING[0]) / (_GRAZING[1] - _GRAZING[0]), 0, 1), np.float32)


def vertex_normals(vertices: Points3) -> Points3:
    """(V, 3) unit normals of mesh vertices with their ring; x right, y down, z towards the viewer."""
    topology = load_topology()
    corners = vertices[topology.triangles].astype(np.float64)
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    owner = topology.triangles.ravel()
    total = np.stack([np.bincount(owner, np.repeat(normal[:, axis], 3), len(vertices)) for axis in range(3)], 1)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    outwards = np.sign(signed_area(topology.chart[topology.triangles]).sum())
    towards_viewer = outwards * total / np.where(length > 0, length, 1) * np.array([-1, -1, 1])
    return np.asarray(towards_viewer, np.float32)


def _spread(values: FloatArray, inside: npt.NDArray[np.bool_]) -> FloatArray:
    """Continue `values` (h, w, C) beyond `inside` by their nearest pixel, so that enlarging never mixes in zeros."""
    if inside.all() or not inside.any():
        return values
    _, labels = cv2.distanceTransformWithLabels((~inside).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL)
    table = np.zeros(labels.max() + 1, np.int64)
    table[labels[inside]] = np.flatnonzero(inside)
    return np.asarray(values.reshape(-1, values.shape[-1])[table[labels]], np.float32)
