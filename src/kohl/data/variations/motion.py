"""A picture carried with a mesh: affine on every triangle, and fading out around the head, so that nothing tears."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kohl.core.arrays import AnyArray, FloatArray, Points3
from kohl.faces.chart import vertex_normals
from kohl.faces.topology import load_topology
from kohl.geometry.triangles import affine_of, interpolate, rasterise

_COARSE = 4
"""Pixels of the picture per pixel of the grid that is rasterised: displacements are smooth."""
_FADE = 0.22
"""Sides of the crop over which hair and background stop following the face."""
_TRIES = 10
_LEAST_AREA = 0.25
"""The smallest share of its area to which any part of the picture may shrink (and a negative one is a fold)."""


@dataclass(frozen=True, eq=False)
class MeshMotion:
    """`source` (h, w, 2): where in the picture each pixel of the varied one comes from, in continuous pixels; `normals` (h/4, w/4, 3) of the new
    mesh, continued beyond it; `nearness` (h/4, w/4): 1 on the face, fading to 0 around it.
    """

    source: FloatArray
    normals: FloatArray
    nearness: FloatArray

    @classmethod
    def of(cls, points: Points3, target: Points3, size: tuple[int, int]) -> MeshMotion:
        """The motion that carries the mesh `points` (478, 3) to `target`, in a picture of `size` (h, w); less of it where all of it would fold."""
        grid = -(-size[0] // _COARSE), -(-size[1] // _COARSE)
        vertices, moved = (load_topology().extend(mesh) / np.float32(_COARSE) for mesh in (points, target))
        back, normals, nearness = _fields(vertices, moved, grid)
        back = back * _room(back)
        return cls(_centres(size) + np.float32(_COARSE) * _enlarge(back, size), normals, nearness)

    def carry(self, picture: FloatArray) -> FloatArray:
        """`picture`, (h, w) or (h, w, 3) float32, carried along; beyond its edge it is mirrored."""
        # OpenCV counts from pixel centres.
        carried = cv2.remap(picture, self.source - np.float32(0.5), None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
        return np.asarray(np.clip(carried, 0, 1), np.float32)

    def enlarge(self, field: FloatArray) -> FloatArray:
        """A field of the coarse grid at the picture's own size."""
        return _enlarge(field, (self.source.shape[0], self.source.shape[1]))


def _fields(vertices: Points3, moved: Points3, grid: tuple[int, int]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(displacement back to the source, normals, nearness) on the grid, in its own pixels."""
    triangles = load_topology().triangles
    corners = moved[triangles]
    nearest_last = np.argsort(-corners[..., 2].mean(1)).astype(np.int32)
    covered = rasterise(corners[..., :2], grid, nearest_last)
    carried = np.concatenate([(vertices - moved)[:, :2], vertex_normals(moved)], 1)
    values = interpolate(covered, affine_of(corners[..., :2], carried[triangles]))
    values, distance = _continue(values, covered >= 0)
    nearness = np.exp(-0.5 * (distance / np.float32(_FADE * max(grid) / 2)) ** 2)
    values = cv2.GaussianBlur(values, (0, 0), 0.7)
    back = values[..., :2] * nearness[..., None]
    return np.asarray(back, np.float32), np.asarray(values[..., 2:], np.float32), np.asarray(nearness, np.float32)


def _continue(values: FloatArray, inside: AnyArray) -> tuple[FloatArray, FloatArray]:
    """`values` (h, w, C) continued beyond `inside` by their nearest, ever more blurred; and the distance (h, w) from it in pixels."""
    distance, labels = cv2.distanceTransformWithLabels((~inside).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    table = np.zeros(int(labels.max()) + 1, np.int64)
    table[labels[inside]] = np.flatnonzero(inside)
    nearest = values.reshape(-1, values.shape[-1])[table[labels]]
    smooth = cv2.GaussianBlur(nearest, (0, 0), 0.05 * max(inside.shape))
    share = np.clip(distance / (0.08 * max(inside.shape)), 0, 1)[..., None]
    return np.asarray(nearest + share * (smooth - nearest), np.float32), np.asarray(distance, np.float32)


def _room(back: FloatArray) -> float:
    """The share of a displacement, 1 or less, with which no part of the grid shrinks too far."""
    # One-sided differences: two-sided ones would look past a fold that is a single cell wide.
    across, down = np.diff(back, axis=1)[:-1], np.diff(back, axis=0)[:, :-1]
    share = 1.0
    for _ in range(_TRIES):
        area = (1 + share * across[..., 0]) * (1 + share * down[..., 1]) - share * share * across[..., 1] * down[..., 0]
        if float(area.min()) > _LEAST_AREA:
            return share
        share *= 0.7
    return 0.0


def _enlarge(field: FloatArray, size: tuple[int, int]) -> FloatArray:
    grid = field.shape[:2]
    full = cv2.resize(field, (grid[1] * _COARSE, grid[0] * _COARSE), interpolation=cv2.INTER_LINEAR)
    return np.asarray(full[: size[0], : size[1]], np.float32)


def _centres(size: tuple[int, int]) -> FloatArray:
    x, y = np.meshgrid(np.arange(size[1], dtype=np.float32) + 0.5, np.arange(size[0], dtype=np.float32) + 0.5)
    return np.stack([x, y], -1)
