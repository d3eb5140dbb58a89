"""Networks that find faces in video: everywhere, as in photos; and a known face again, which takes the mesh network alone.

mediapipe's graph for photos looks for a face before it lays a mesh. Here it is known where to look, and a graph of our own asks only the part of
mediapipe 0.10.21 (Apache-2.0) that lays meshes. It looks where mediapipe's own graph for video would: half as far again around the last mesh,
turned so that the eyes are level. Unlike that graph this one remembers nothing, so that all videos and faces can share it.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Points3
from kohl.core.silence import without_native_output
from kohl.faces.landmarks import NUM_POINTS
from kohl.faces.mesh import MediapipeMeshDetector, Mesh
from kohl.video.yuv import Box, Picture, square_box

_GRAPH = """
input_stream: "image"
input_stream: "place"
input_side_packet: "with_attention"
output_stream: "landmarks"
node {
  calculator: "FaceLandmarkCpu"
  input_stream: "IMAGE:image"
  input_stream: "ROI:place"
  input_side_packet: "WITH_ATTENTION:with_attention"
  output_stream: "LANDMARKS:landmarks"
}
"""
_SURE = 0.5
"""How sure the network must be that it sees a face, [0, 1]: mediapipe's own default."""
_AROUND = 1.5
"""Side of the square that the network sees, in the longer sides of the mesh's box."""
_RIGHT_EYE, _LEFT_EYE = 33, 263
"""Outer corners, between which the square's upper side is laid."""
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
        height, width = picture.size
        image, stretch = picture.shrunk_rgb(_SEARCH_SIDE)
        return [Mesh(_out_of(mesh.points, (0, height, 0, width), stretch), mesh.score) for mesh in self._detector.detect(image)]

    def follow(self, picture: Picture, mesh: Mesh) -> Mesh | None:
        """Find the face of `mesh` again in a frame, where it can have moved by a part of its own size; None where it is gone."""
        square = _square_around(mesh.points)
        box = picture.align(square.box(picture.size))
        if box[1] - box[0] < _LEAST or box[3] - box[2] < _LEAST:
            return None
        scale = min(1.0, _SQUARE_SIDE / square.side)
        image, stretch = picture.shrunk_rgb(math.ceil(scale * max(box[1] - box[0], box[3] - box[2])), box)
        found = self._graph().process({"image": cv2.convertScaleAbs(image, alpha=255), "place": square.place_in(box)}).landmarks
        if found is None or len(found.landmark) != NUM_POINTS:
            return None
        relative = np.array([(point.x, point.y, point.z) for point in found.landmark], np.float32)
        points = _out_of(relative * [image.shape[1], image.shape[0], image.shape[1]], box, stretch)
        return Mesh(points, mesh.score) if _moved(mesh.points, points) < _FARTHEST else None

    def _graph(self) -> Any:
        if not hasattr(self._local, "graph"):
            self._local.graph = _open_graph()
        return self._local.graph


def _open_graph() -> Any:
    from mediapipe.python.solution_base import SolutionBase  # noqa: PLC0415  slow to import

    blank = {"image": np.zeros((64, 64, 3), np.uint8), "place": _place(0.5, 0.5, 1.0, 1.0, 0.0)}
    with without_native_output():
        sure = {"facelandmarkcpu__ThresholdingCalculator.threshold": _SURE}
        graph = SolutionBase(graph_config=_GRAPH, side_inputs={"with_attention": True}, calculator_params=sure)
        graph.process(blank)  # the networks load, and speak, at the first picture
    return graph


@dataclass(frozen=True, slots=True)
class _Square:
    """Where the network looks: middle and side in pixels of the frame, turned by `turn` radians, clockwise as seen."""

    x: float
    y: float
    side: float
    turn: float

    def box(self, size: tuple[int, int]) -> Box:
        """The part of a frame of (h, w) `size` in which it lies."""
        half = self.side / 2 * (abs(math.cos(self.turn)) + abs(math.sin(self.turn)))
        return square_box((self.x, self.y), half, size)

    def place_in(self, box: Box) -> Any:
        """It in mediapipe's words: in shares of the sides of a part of the frame."""
        height, width = box[1] - box[0], box[3] - box[2]
        return _place((self.x - box[2]) / width, (self.y - box[0]) / height, self.side / width, self.side / height, self.turn)


def _square_around(points: Points3) -> _Square:
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    across = points[_LEFT_EYE] - points[_RIGHT_EYE]
    x, y = (low + high) / 2
    return _Square(float(x), float(y), _AROUND * float((high - low).max()), math.atan2(across[1], across[0]))


def _place(x: float, y: float, width: float, height: float, turn: float) -> Any:
    from mediapipe.framework.formats.rect_pb2 import NormalizedRect  # noqa: PLC0415  slow to import

    return NormalizedRect(x_center=x, y_center=y, width=width, height=height, rotation=turn)


def _out_of(points: FloatArray, box: Box, stretch: FloatArray) -> Points3:
    """Points in pixels of a part of the frame that was stretched, in pixels of the frame."""
    return np.asarray(points / [*stretch, stretch.mean()] + [box[2], box[0], 0], np.float32)


def _moved(before: Points3, now: Points3) -> float:
    """How far a face's middle moved between two meshes, in its widths."""
    step = now[:, :2].mean(0) - before[:, :2].mean(0)
    return float(np.linalg.norm(step)) / max(float(np.ptp(before[:, 0])), 1e-6)
