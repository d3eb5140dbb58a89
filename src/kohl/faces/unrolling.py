"""A photo unrolled onto the UV chart: where each chart point lies in the photo, found once per face and used for every layer."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import cv2
import numpy as np

from kohl.core.arrays import AnyArray, FloatArray, IntArray, Mask, Points3
from kohl.faces.chart import Window, fade_grazing, vertex_normals
from kohl.faces.topology import load_topology
from kohl.geometry.shrinking import shrink_by
from kohl.geometry.triangles import affine_of, interpolate, rasterise

_SPARE = 0.3
"""A photo is averaged over whole pixels: those that are looked up lie 0.6 to 1.2 points of the chart apart, or further where it has no more."""


@dataclass(frozen=True, eq=False)
class ChartView:
    """How one face lies under the chart. `at` (S, S, 2): x, y in pixels of the window. `seen` (S, S) mask: 1 where the mesh
    faces the viewer, fading to 0 where it turns away or leaves the window.
    """

    at: FloatArray
    seen: Mask
    size: tuple[int, int]
    _known: dict[tuple[float, float], tuple[AnyArray, AnyArray]] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, points: Points3, window: Window, side: int) -> ChartView:
        """The view of the mesh `points` (478, 3), in image pixels, inside `window` on a chart of (side, side) pixels."""
        vertices = load_topology().extend(points) - np.array([window[2], window[0], 0], np.float32)
        carried = np.concatenate([vertices[:, :2], vertex_normals(vertices)[:, 2:]], 1)
        planes = np.zeros((3, side * side), np.float32)
        pixels, corners, weights = _chart_weights(side)
        for plane, values in zip(planes, carried.T, strict=True):
            plane[pixels] = sum(weight * values.take(corner) for weight, corner in zip(weights, corners, strict=True))
        x, y, facing = planes.reshape(3, side, side)
        height, width = window[1] - window[0], window[3] - window[2]
        within = (x > 0) & (x < width) & (y > 0) & (y < height)
        return cls(np.asarray(cv2.merge([x, y]), np.float32), np.asarray(fade_grazing(facing) * within, np.float32), (height, width))

    def thinned(self, factor: int) -> ChartView:
        """The view of every `factor`-th point alone."""
        every = slice(factor // 2, None, factor), slice(factor // 2, None, factor)
        return ChartView(np.ascontiguousarray(self.at[every]), np.ascontiguousarray(self.seen[every]), self.size)

    @functools.cached_property
    def areas(self) -> FloatArray:
        """(S, S): how many pixels of the window each chart point fills; 0 for the outermost ones, whose neighbours lie beyond the mesh."""
        return self.areas_at(np.arange(self.seen.size)).reshape(self.seen.shape)

    def areas_at(self, places: IntArray) -> FloatArray:
        """The same (N,) at some points of the chart, `places` (N,), numbered row by row."""
        side, flat = len(self.at), self.at.reshape(-1, 2)
        right, left, below, above = (flat.take(places + step, axis=0, mode="clip") for step in (1, -1, side, -side))
        along, down = (right - left) / 2, (below - above) / 2
        return np.asarray(np.abs(along[:, 0] * down[:, 1] - along[:, 1] * down[:, 0]) * self._inner.take(places), np.float32)

    @functools.cached_property
    def _inner(self) -> IntArray:
        """(S, S): 1 where a chart point and all eight around it lie on the mesh."""
        return np.asarray(cv2.erode((self.at != 0).any(-1).astype(np.uint8), np.ones((3, 3))))

    def unroll(self, pixels: FloatArray) -> FloatArray:
        """Look up `pixels` of the window, (h, w) or (h, w, C) or a smaller copy of it, at every chart point."""
        # Where the photo is finer than the chart, looking up single pixels would alias.
        factor = int(max(pixels.shape[:2]) / len(self.at) + _SPARE)
        places, weights = self._look_up(pixels.shape[1] / self.size[1] / max(1, factor), pixels.shape[0] / self.size[0] / max(1, factor))
        pixels = shrink_by(pixels, factor) if factor > 1 else pixels
        return np.asarray(cv2.remap(pixels, places, weights, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)

    def _look_up(self, across: float, down: float) -> tuple[AnyArray, AnyArray]:
        """Where each chart point lies in a copy of the window that is so many times as large, as OpenCV's remap wants it; worked out once."""
        if (across, down) not in self._known:
            small_from_window = np.array([[across, 0, -0.5], [0, down, -0.5]], np.float32)
            self._known[across, down] = cv2.convertMaps(cv2.transform(self.at, small_from_window), None, cv2.CV_16SC2)
        return self._known[across, down]


@functools.lru_cache(maxsize=4)
def _chart_weights(side: int) -> tuple[IntArray, IntArray, FloatArray]:
    """For each chart pixel under the mesh: its number, the (3, N) vertices around it and their (3, N) weights. The same for all faces."""
    topology = load_topology()
    corners = topology.chart[topology.triangles] * np.float32(side)
    covered = rasterise(corners, (side, side))
    shares = np.broadcast_to(np.eye(3, dtype=np.float32), (len(corners), 3, 3))
    weights = interpolate(covered, affine_of(corners, shares)).reshape(-1, 3)
    pixels = np.flatnonzero(covered.ravel() >= 0)
    result = pixels, np.ascontiguousarray(topology.triangles[covered.ravel()[pixels]].T, np.intp), np.ascontiguousarray(weights[pixels].T)
    for array in result:
        array.flags.writeable = False
    return result
