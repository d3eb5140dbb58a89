"""Pixels → meshes of 478 points, through mediapipe behind our own protocol.

Two steps: a detector finds boxes in the whole picture, then the mesh network looks at a square crop of each, so that
a small face in a large picture gets as many pixels as a large one.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import numpy as np

from kohl.core.arrays import Image, Points3
from kohl.faces.landmarks import NUM_POINTS

_DETECTION_SIDE = 640
"""Longer side of what the detector sees; its network works at 192 px, so more adds nothing."""
_CROP_SIDE = 448
"""Side of the crop that the mesh network sees; it works at 192 px on a tighter cut of it."""
_CROP_MARGIN = 2.2
"""Side of the crop in face boxes: enough air for the mesh's own detector."""


@dataclass(frozen=True, eq=False)
class Mesh:
    """One face as found: `points` (478, 3) in image pixels, `score` in [0, 1] from the detector."""

    points: Points3
    score: float


class MeshDetector(Protocol):
    """Finds faces. An instance may be called from several threads."""

    def detect(self, image: Image) -> list[Mesh]:
        """Return the faces in `image`, (H, W, 3) sRGB [0, 1], in no particular order; none gives an empty list."""
        ...


class MediapipeMeshDetector:
    """The detector and mesh of mediapipe 0.10.21 (Apache-2.0), whose wheel carries their weights.

    Every thread gets networks of its own, made at its first call and reused.
    """

    def __init__(self, max_faces: int = 16, confidence: float = 0.4) -> None:
        self._max_faces = max_faces
        self._confidence = confidence
        self._local = threading.local()

    def detect(self, image: Image) -> list[Mesh]:
        """See `MeshDetector.detect`."""
        networks = self._networks()
        boxes = networks.find_boxes(_shrink(image, _DETECTION_SIDE), image.shape[:2])[: self._max_faces]
        meshes: list[Mesh] = []
        for box, score in boxes:
            points = networks.find_points(image, box)
            if points is not None and not any(_same_face(points, mesh.points) for mesh in meshes):
                meshes.append(Mesh(points, score))
        return meshes

    def _networks(self) -> _Networks:
        if not hasattr(self._local, "networks"):
            self._local.networks = _Networks(self._confidence)
        networks: _Networks = self._local.networks
        return networks


class _Networks:
    """The three mediapipe graphs of one thread."""

    def __init__(self, confidence: float) -> None:
        with _quiet():
            from mediapipe.python.solutions.face_detection import FaceDetection  # noqa: PLC0415  slow to import
            from mediapipe.python.solutions.face_mesh import FaceMesh  # noqa: PLC0415

            self._far = FaceDetection(model_selection=1, min_detection_confidence=confidence)
            self._near = FaceDetection(model_selection=0, min_detection_confidence=confidence)
            self._mesh = FaceMesh(static_image_mode=True, max_num_faces=1, refine_landmarks=True, min_detection_confidence=0.3)
            blank = np.zeros((64, 64, 3), np.uint8)
            for graph in (self._far, self._near, self._mesh):
                graph.process(blank)  # the networks load, and speak, at the first picture
        self._spoken = False

    def find_boxes(self, small: Any, size: tuple[int, ...]) -> list[tuple[Any, float]]:
        """Return ((x0, y0, x1, y1) in pixels of `size`, score) per face, best first."""
        with self._first_time_quiet():
            found = self._far.process(small).detections or self._near.process(small).detections or []
        height, width = size
        boxes = []
        for detection in found:
            box = detection.location_data.relative_bounding_box
            corners = np.array([box.xmin, box.ymin, box.xmin + box.width, box.ymin + box.height])
            boxes.append((corners * [width, height, width, height], float(detection.score[0])))
        return sorted(boxes, key=lambda item: -item[1])

    def find_points(self, image: Image, box: Any) -> Points3 | None:
        """Return the (478, 3) mesh of the face in `box`, in image pixels, or None."""
        side = max(box[2] - box[0], box[3] - box[1]) * _CROP_MARGIN
        if side < 4:
            return None
        corner = np.array([box[0] + box[2] - side, box[1] + box[3] - side]) / 2
        crop = _cut_square(image, corner, side)
        with self._first_time_quiet():
            found = self._mesh.process(crop).multi_face_landmarks
        if not found:
            return None
        self._spoken = True
        points = np.array([(point.x, point.y, point.z) for point in found[0].landmark], np.float32)
        if points.shape != (NUM_POINTS, 3):
            return None
        return np.asarray(points * side + np.append(corner, 0), np.float32)

    def _first_time_quiet(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext() if self._spoken else _quiet()


def _shrink(image: Image, side: int) -> Any:
    """Return a uint8 copy whose longer side is at most `side`."""
    scale = min(1.0, side / max(image.shape[:2]))
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    small = image if scale == 1.0 else cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return np.rint(small * 255).astype(np.uint8)


def _cut_square(image: Image, corner: Any, side: float) -> Any:
    """Return the uint8 (_CROP_SIDE)² picture of the square at `corner`; beyond the image the border is repeated."""
    scale = _CROP_SIDE / side
    if scale < 0.5:
        # INTER_AREA first: a bilinear warp that skips pixels would alias.
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        corner, scale = corner * scale, 1.0
    matrix = np.array([[scale, 0, -corner[0] * scale + (scale - 1) / 2], [0, scale, -corner[1] * scale + (scale - 1) / 2]])
    crop = cv2.warpAffine(image, matrix, (_CROP_SIDE, _CROP_SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.rint(crop * 255).astype(np.uint8)


def _same_face(points: Points3, other: Points3) -> bool:
    """Whether two meshes sit on one face: their centres are closer than half a face width."""
    width = np.ptp(other[:, 0])
    return bool(np.linalg.norm(points[:, :2].mean(0) - other[:, :2].mean(0)) < width / 2)


_stderr_lock = threading.Lock()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Send what native code writes to stderr nowhere: mediapipe's start-up messages cannot be switched off."""
    with _stderr_lock:
        try:
            saved = os.dup(2)
        except OSError:  # stderr is closed: nothing to silence
            yield
            return
        sink = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(sink, 2)
            yield
        finally:
            os.dup2(saved, 2)
            os.close(sink)
            os.close(saved)
