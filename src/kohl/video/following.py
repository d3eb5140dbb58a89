"""Networks that find faces in video: everywhere, as in photos; and a known face again, which takes the mesh network alone.

A known face is looked for where mediapipe's own graph for video would: half as far again around the last mesh, turned so that the eyes are level.
"""

from __future__ import annotations

import math
import threading
from dataclasses import replace

import cv2
import numpy as np

from kohl.core.arrays import Points3
from kohl.faces.mesh import MediapipeMeshDetector, Mesh
from kohl.faces.mesh_network import MeshNetwork, Square
from kohl.video.yuv import Box, Picture, square_box

_SQUARE_SIDE, _SEARCH_SIDE = 216, 960
"""Pixels: what that square's side is shrunk to (the network works at 192), and the longer side of what is searched for faces."""
_LEAST = 8
"""Pixels: of a face that is left with less than this at the edge of the frame nothing is found."""
_FARTHEST = 0.5
"""Widths of a face by which it can have moved: what is found beyond is another one."""


class VideoFinder:
    """The `FaceFinder` of `kohl.video.tracking` on mediapipe's networks. Every thread gets networks of its own, made at its first call."""

    def __init__(self) -> None:
        self._detector = MediapipeMeshDetector()
        self._local = threading.local()

    def detect(self, picture: Picture) -> list[Mesh]:
        """Return the faces in a frame, in its pixels."""
        image, stretch = picture.shrunk_rgb(_SEARCH_SIDE)
        shrunk = np.array([*stretch, stretch.mean()], np.float32)
        return [replace(mesh, points=mesh.points / shrunk) for mesh in self._detector.detect(image)]

    def follow(self, picture: Picture, mesh: Mesh) -> Mesh | None:
        """Find the face of `mesh` again in a frame, where it can have moved by a part of its own size; None where it is gone."""
        square = Square.around(mesh.points)
        box = picture.align(_box_of(square, picture.size))
        if box[1] - box[0] < _LEAST or box[3] - box[2] < _LEAST:
            return None
        scale = min(1.0, _SQUARE_SIDE / square.side)
        image, _ = picture.shrunk_rgb(math.ceil(scale * max(box[1] - box[0], box[3] - box[2])), box)
        points = self._network().find(cv2.convertScaleAbs(image, alpha=255), square, box)
        return replace(mesh, points=points) if points is not None and _moved(mesh.points, points) < _FARTHEST else None

    def _network(self) -> MeshNetwork:
        if not hasattr(self._local, "network"):
            self._local.network = MeshNetwork()
        network: MeshNetwork = self._local.network
        return network


def _box_of(square: Square, size: tuple[int, int]) -> Box:
    """The part of a frame of (h, w) `size` in which a square lies."""
    half = square.side / 2 * (abs(math.cos(square.turn)) + abs(math.sin(square.turn)))
    return square_box((square.x, square.y), half, size)


def _moved(before: Points3, now: Points3) -> float:
    """How far a face's middle moved between two meshes, in its widths."""
    step = now[:, :2].mean(0) - before[:, :2].mean(0)
    return float(np.linalg.norm(step)) / max(float(np.ptp(before[:, 0])), 1e-6)
