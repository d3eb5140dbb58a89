"""A part of the face's window at a working scale of its own, and edges that are found there and drawn at the photo's scale.

An edge is the zero level of a smooth function (positive inside, in working pixels): whatever moves it, it stays smooth,
and enlarged to the photo it is as sharp there as a contour drawn at that size.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kohl.core.arrays import Box, FloatArray, Image, Mask, Points
from kohl.faces.contours import fill

SOFTNESS = 1.3
"""Pixels of the photo over which an edge goes from 0 to 1."""


@dataclass(frozen=True, eq=False)
class Patch:
    """`pixels` (h, w, 3): the part `box` (y0, y1, x0, x1) of the window, scaled by `stretch` (x, y)."""

    pixels: Image
    box: tuple[int, int, int, int]
    stretch: FloatArray

    @property
    def size(self) -> tuple[int, int]:
        """(h, w) of the working pixels."""
        return self.pixels.shape[0], self.pixels.shape[1]

    @property
    def slices(self) -> Box:
        """Index of the patch in the window."""
        y0, y1, x0, x1 = self.box
        return slice(y0, y1), slice(x0, x1)

    def place(self, points: Points) -> Points:
        """(N, 2) window points in working pixels."""
        corner = np.array([self.box[2], self.box[0]], np.float32)
        return ((points[:, :2] - corner) * self.stretch).astype(np.float32)

    def enlarge(self, values: FloatArray) -> FloatArray:
        """(h, w) or (h, w, C) working values at the window's own resolution."""
        size = (self.box[3] - self.box[2], self.box[1] - self.box[0])
        return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_LINEAR), np.float32)

    def draw_edge(self, inside: FloatArray) -> Mask:
        """The mask of `inside` > 0 at the window's resolution, its edge `SOFTNESS` pixels wide; `inside` in working pixels."""
        steps = np.hypot(cv2.Sobel(inside, cv2.CV_32F, 1, 0, scale=1 / 8), cv2.Sobel(inside, cv2.CV_32F, 0, 1, scale=1 / 8))
        # Where the function is flat its level says nothing about the distance to the edge.
        distance = inside / np.maximum(steps, 0.5) / np.float32(self.stretch.mean())
        return np.clip(0.5 + self.enlarge(distance) / SOFTNESS, 0, 1)


def cut_patch(pixels: Image, points: Points, margin: float, scale: float) -> Patch | None:
    """Cut the box around `points` (N, 2) with `margin` window pixels of air, scaled by `scale`; None where that is empty."""
    height, width = pixels.shape[:2]
    low, high = points[:, :2].min(0) - margin, points[:, :2].max(0) + margin
    x0, y0 = np.clip(np.floor(low), 0, (width, height)).astype(int)
    x1, y1 = np.clip(np.ceil(high), 0, (width, height)).astype(int)
    if x1 - x0 < 2 or y1 - y0 < 2:
        return None
    size = (max(2, round((x1 - x0) * scale)), max(2, round((y1 - y0) * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(pixels[y0:y1, x0:x1], size, interpolation=method)
    stretch = np.array([size[0] / (x1 - x0), size[1] / (y1 - y0)], np.float32)
    return Patch(small, (int(y0), int(y1), int(x0), int(x1)), stretch)


def signed_distance(outline: Points, size: tuple[int, int]) -> FloatArray:
    """(h, w) distance in pixels to the closed `outline` (N, 2), positive inside."""
    inside = fill(outline, size)
    solid = (inside > 0.5).astype(np.uint8)
    # Outlines thinner than a pixel have no solid inside, but an outside all the same.
    far = np.float32(max(size))
    within = cv2.distanceTransform(solid, cv2.DIST_L2, 5) if solid.any() else np.zeros(size, np.float32)
    beyond = cv2.distanceTransform(1 - solid, cv2.DIST_L2, 5) if solid.any() else np.full(size, far, np.float32)
    return np.asarray(np.where(solid > 0, within - 0.5, 0.5 - beyond), np.float32)
