"""Mediapipe's mesh network alone, shown where to look.

The graph for photos that mediapipe 0.10.21 (Apache-2.0) comes with looks for a face before it lays a mesh. Where it is known where to look, a graph
of our own asks only the part that lays meshes. Unlike mediapipe's graph for video it remembers nothing: photos, videos and faces can share it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from kohl.core.arrays import Points3
from kohl.core.silence import without_native_output
from kohl.faces.chart import Window
from kohl.faces.landmarks import NUM_POINTS

AROUND = 1.5
"""Side of the square that the network sees, in the longer sides of a face's box: as mediapipe's own graphs have it."""
_SURE = 0.5
"""How sure the network must be that it sees a face, [0, 1]: mediapipe's own default."""
_RIGHT_EYE, _LEFT_EYE = 33, 263
"""Outer corners, between which the square's upper side is laid."""
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


@dataclass(frozen=True, slots=True)
class Square:
    """Where the network looks: middle and side in pixels of a picture, turned by `turn` radians, clockwise as seen."""

    x: float
    y: float
    side: float
    turn: float

    @classmethod
    def around(cls, points: Points3) -> Square:
        """Half as large again as a mesh (478, 3), turned so that the eyes are level."""
        low, high = points[:, :2].min(0), points[:, :2].max(0)
        across = points[_LEFT_EYE] - points[_RIGHT_EYE]
        x, y = (low + high) / 2
        return cls(float(x), float(y), AROUND * float((high - low).max()), math.atan2(across[1], across[0]))

    def mirrored(self, window: Window) -> Square:
        """It where the mirror image of a window shows it."""
        return Square(window[2] + window[3] - self.x, self.y, self.side, -self.turn)


class MeshNetwork:
    """The network of one thread. Its start-up messages are swallowed."""

    def __init__(self) -> None:
        from mediapipe.python.solution_base import SolutionBase  # noqa: PLC0415  slow to import

        with without_native_output():
            sure = {"facelandmarkcpu__ThresholdingCalculator.threshold": _SURE}
            self._graph = SolutionBase(graph_config=_GRAPH, side_inputs={"with_attention": True}, calculator_params=sure)
            self.find(np.zeros((64, 64, 3), np.uint8), Square(32, 32, 64, 0), (0, 64, 0, 64))  # the network loads, and speaks, at the first picture

    def find(self, picture: Any, square: Square, window: Window) -> Points3 | None:
        """Return the mesh (478, 3) in `square`, or None, both in pixels of an image of which `picture`, (h, w, 3) uint8, shows the `window`,
        whatever its size.
        """
        found = self._graph.process({"image": picture, "place": _place(square, window)}).landmarks
        if found is None or len(found.landmark) != NUM_POINTS:
            return None
        y0, y1, x0, x1 = window
        relative = np.array([(point.x, point.y, point.z) for point in found.landmark], np.float32)
        return np.asarray(relative * [x1 - x0, y1 - y0, x1 - x0] + [x0, y0, 0], np.float32)


def _place(square: Square, window: Window) -> Any:
    """A square in mediapipe's words: in shares of the sides of a window."""
    from mediapipe.framework.formats.rect_pb2 import NormalizedRect  # noqa: PLC0415  slow to import

    top, bottom, left, right = window
    height, width = bottom - top, right - left
    x, y = (square.x - left) / width, (square.y - top) / height
    return NormalizedRect(x_center=x, y_center=y, width=square.side / width, height=square.side / height, rotation=square.turn)
