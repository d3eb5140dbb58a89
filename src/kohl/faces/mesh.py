"""Pixels → meshes of 478 points, through mediapipe behind our own protocol.

Two steps: a detector finds boxes in the whole picture, then the mesh network looks at a square cut of each, so that
a small face in a large picture gets as many pixels as a large one. It looks twice, the second time around its own mesh and in the mirror: the
mean of both wanders less.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import numpy as np

from kohl.core.arrays import AnyArray, Image, Points3
from kohl.core.silence import without_native_output
from kohl.faces.face import OF_ONE_MIND
from kohl.faces.landmarks import eye_distance
from kohl.faces.mesh_network import AROUND, MeshNetwork, Square
from kohl.faces.mirroring import mirrored_points
from kohl.geometry.shrinking import shrink_by

_DETECTION_SIDE = 640
"""Longer side of what the detector sees; its network works at 192 px, so more adds nothing."""
_CUT_SIDE = 300
"""The least side of the cut of a head, in pixels: the mesh network works at 192 on a part of it."""
_AIR = (2.2, 1.6, 3.0)
"""Sides of the cut in those of the head's box: enough air for the near detector; the next is tried where one goes wrong."""
_SPOTS = ([33, 133], [263, 362], [1], [13, 14])
"""Mesh points whose middles are the detector's four spots."""
_MISPLACED = (0.25, 2.0)
"""Eye distances between the mesh's spots and the detector's: a good fit, and one that is no fit at all."""
_UPRIGHT = np.radians(40)
"""Roll up to which the near detector needs no help."""
_SECOND = 2 / 3
"""How much of their mean the second look is, which knows better where the face is."""
_DOUBTFUL, _BETTER = 0.75, 0.2
"""Score under which a face may be one that stands on its head, and how much better it must score when turned."""
_SMALL = 0.12
"""Shares of the picture's longer side: if no face is larger, the picture is searched again in parts."""
_TILE = 640
"""Pixels: the least side of such a part; a face of 64 px is well seen in it."""
_MAX_TILES_ACROSS = 4

Tile = tuple[int, int, int, int]
"""y0, y1, x0, x1 in image pixels, half-open."""


@dataclass(frozen=True, eq=False)
class Mesh:
    """One face as found: `points` (478, 3) in image pixels, `score` in [0, 1] from the detector, `doubt` as in `kohl.faces.face.Face`."""

    points: Points3
    score: float
    doubt: float = 0.0


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
        networks, (view, whole) = self._networks(), _view(image, (0, image.shape[0], 0, image.shape[1]))
        meshes = self._place(image, self._upright_or_not(view, whole))
        if not meshes or _look_small(meshes, image.shape):
            heads = [head for tile in _tiles(image.shape) for head in networks.find_heads(*_view(image, tile))]
            meshes = self._place(image, heads, meshes)
        for quarters in () if meshes else (1, 3, 2):
            meshes = meshes or self._place(image, networks.find_heads(view, whole, quarters))
        return meshes

    def _upright_or_not(self, view: Any, whole: Tile) -> list[_Head]:
        """The heads in the whole picture, upright or on their heads: the detector takes some of these for upright ones, with little trust."""
        heads = self._networks().find_heads(view, whole)
        best = max((head.score for head in heads), default=1.0)
        if best > _DOUBTFUL:
            return heads
        turned = self._networks().find_heads(view, whole, 2)
        return turned if any(head.score > best + _BETTER for head in turned) else heads

    def _place(self, image: Image, heads: list[_Head], known: list[Mesh] | None = None) -> list[Mesh]:
        """Add the meshes of `heads`, best first, to the `known` ones; one face gets one mesh."""
        meshes = list(known or [])
        for head in sorted(heads, key=lambda head: -head.score):
            if len(meshes) < self._max_faces and not any(_covers(mesh.points, head.spots.mean(0)) for mesh in meshes):
                found = self._networks().find_mesh(image, head)
                if found is not None and not any(_same_face(found.points, mesh.points) for mesh in meshes):
                    meshes.append(found)
        return meshes

    def _networks(self) -> _Networks:
        if not hasattr(self._local, "networks"):
            self._local.networks = _Networks(self._confidence)
        networks: _Networks = self._local.networks
        return networks


@dataclass(frozen=True, eq=False)
class _Head:
    """What the detector sees, in image pixels: `box` (2, 2) corners, `spots` (4, 2), `score` in [0, 1]."""

    box: AnyArray
    spots: AnyArray
    """Right eye, left eye, tip of the nose, middle of the mouth."""
    score: float

    @property
    def width(self) -> float:
        """The longer side of its box."""
        return float(np.ptp(self.box, axis=0).max())

    @property
    def roll(self) -> float:
        """Radians, clockwise as seen."""
        across = self.spots[1] - self.spots[0]
        return float(np.arctan2(across[1], across[0]))

    @property
    def square(self) -> Square:
        """Where the mesh network looks first."""
        x, y = self.box.mean(0)
        return Square(float(x), float(y), self.width * AROUND, self.roll)


class _Networks:
    """The mediapipe graphs of one thread."""

    def __init__(self, confidence: float) -> None:
        with without_native_output():
            from mediapipe.python.solutions.face_detection import FaceDetection  # noqa: PLC0415  slow to import

            self._far = FaceDetection(model_selection=1, min_detection_confidence=confidence)
            self._near = FaceDetection(model_selection=0, min_detection_confidence=confidence)
            for graph in (self._far, self._near):
                graph.process(np.zeros((64, 64, 3), np.uint8))  # the networks load, and speak, at the first picture
        self._mesh = MeshNetwork()

    def find_heads(self, view: Any, tile: Tile, quarters: int = 0) -> list[_Head]:
        """Return the heads in `view`, the uint8 picture of the part `tile` of the image, in image pixels; it is turned by `quarters` first."""
        turned = np.ascontiguousarray(np.rot90(view, quarters))
        return _heads_in(self._far, turned, tile, quarters) or _heads_in(self._near, turned, tile, quarters)

    def find_mesh(self, image: Image, head: _Head) -> Mesh | None:
        """Return the mesh of a head, or None. Cuts are tried until eyes, nose and mouth lie where they were seen."""
        best, least = None, _MISPLACED[1]
        for air in _AIR:
            mesh = self._find_mesh_in(*_cut(image, head, air), head)
            if mesh is not None and (misplaced := _misplacement(mesh.points, head)) < least:
                best, least = mesh, misplaced
            if least < _MISPLACED[0]:
                break
        return best

    def _find_mesh_in(self, cut: Any, tile: Tile, head: _Head) -> Mesh | None:
        """The mesh of a head, or None; `cut` shows the image's `tile`, which is empty where the head is outside."""
        near = self._seen_from_near(cut, tile, head) if cut.size else None
        first = None if near is None else self._mesh.find(cut, near.square, tile)
        if near is None or first is None:
            return None
        second = self._mesh.find(cv2.flip(cut, 1), Square.around(first).mirrored(tile), tile)
        if second is None:
            return Mesh(first, head.score, doubt=1.0)
        return _agreed(first, mirrored_points(second, tile[2] + tile[3]), near, head.score)

    def _seen_from_near(self, cut: Any, tile: Tile, head: _Head) -> _Head | None:
        """The head as the near detector has it, which knows better where it is; None where it sees none. It is not asked about one that lies."""
        if abs(head.roll) > _UPRIGHT:
            return head
        found = _heads_in(self._near, cut, tile)
        return min(found, key=lambda other: float(np.linalg.norm(other.box.mean(0) - head.box.mean(0))), default=None)


def _heads_in(detector: Any, picture: Any, tile: Tile, quarters: int = 0) -> list[_Head]:
    """What a detector sees in the uint8 picture of the part `tile` of the image, turned by `quarters`; in image pixels."""
    y0, y1, x0, x1 = tile
    heads = []
    for detection in detector.process(picture).detections or []:
        box, spots = detection.location_data.relative_bounding_box, detection.location_data.relative_keypoints
        relative = [(box.xmin, box.ymin), (box.xmin + box.width, box.ymin + box.height)] + [(spot.x, spot.y) for spot in spots[:4]]
        in_image = _turn_back(np.array(relative), quarters) * [x1 - x0, y1 - y0] + [x0, y0]
        heads.append(_Head(np.sort(in_image[:2], axis=0), in_image[2:], float(detection.score[0])))
    return heads


def _view(image: Image, tile: Tile) -> tuple[Any, Tile]:
    """What the detector sees of a tile: a copy whose longer side is at most `_DETECTION_SIDE`, as `_shrunk` gives it."""
    return _shrunk(image, tile, -(-max(tile[1] - tile[0], tile[3] - tile[2]) // _DETECTION_SIDE))


def _shrunk(image: Image, tile: Tile, times: int) -> tuple[Any, Tile]:
    """A uint8 copy of a tile, as many `times` smaller as it can be, and the part of the tile that it shows."""
    y0, y1, x0, x1 = tile
    times = max(min(times, y1 - y0, x1 - x0), 1)
    shown = shrink_by(image[y0:y1, x0:x1], times)
    return _in_bytes(shown), (y0, y0 + shown.shape[0] * times, x0, x0 + shown.shape[1] * times)


def _cut(image: Image, head: _Head, air: float) -> tuple[Any, Tile]:
    """A head in a square of `air` times its box: a copy of at least `_CUT_SIDE` pixels, if there are so many, and what it shows of the image."""
    low, high = head.box.mean(0) - head.width * air / 2, head.box.mean(0) + head.width * air / 2
    inside = np.clip([np.floor(low), np.ceil(high)], 0, image.shape[1::-1]).astype(int)
    (x0, y0), (x1, y1) = inside.tolist()
    return _shrunk(image, (y0, y1, x0, x1), max(y1 - y0, x1 - x0) // _CUT_SIDE)


def _in_bytes(picture: Image) -> Any:
    """(h, w, 3) in [0, 1] → uint8, rounded; one pass instead of three."""
    return cv2.convertScaleAbs(picture, alpha=255)


def _agreed(first: Points3, second: Points3, head: _Head, score: float) -> Mesh:
    """What two looks at one face, whose errors are not the same ones, agree on; the one that fits the head where they do not mean the same."""
    apart = float(np.linalg.norm((first - second)[:, :2], axis=1).mean()) / eye_distance(first)
    if apart > OF_ONE_MIND:
        return Mesh(min(first, second, key=lambda points: _misplacement(points, head)), score, apart)
    return Mesh(np.asarray(first + _SECOND * (second - first), np.float32), score, apart)


def _misplacement(points: Points3, head: _Head) -> float:
    """How far eyes, nose and mouth of the mesh lie from where the detector saw them, in eye distances; the worst of the four."""
    spots = np.stack([points[vertices, :2].mean(0) for vertices in _SPOTS])
    distance = max(float(np.linalg.norm(head.spots[1] - head.spots[0])), 0.2 * head.width)
    return float(np.linalg.norm(spots - head.spots, axis=1).max()) / distance


def _look_small(meshes: list[Mesh], shape: tuple[int, ...]) -> bool:
    """Whether all faces found are so small that the detector, which sees the picture at 192 px, may have missed others."""
    return max(float(np.ptp(mesh.points[:, 0])) for mesh in meshes) < _SMALL * max(shape[:2])


def _tiles(shape: tuple[int, ...]) -> list[Tile]:
    """Overlapping parts of a large picture; none for a small one."""
    longer = max(shape[:2])
    if longer <= _TILE:
        return []
    side = max(_TILE, int(longer / _MAX_TILES_ACROSS))
    starts = [range(0, max(length - side // 3, 1), side * 3 // 4) for length in shape[:2]]
    return [(y, min(y + side, shape[0]), x, min(x + side, shape[1])) for y in starts[0] for x in starts[1]]


def _turn_back(points: AnyArray, quarters: int) -> AnyArray:
    """Undo np.rot90(picture, quarters) on (N, 2) points that are given in shares of the picture's sides."""
    x, y = points.T
    return np.stack([(x, y), (1 - y, x), (1 - x, 1 - y), (y, 1 - x)][quarters], 1)


def _covers(points: Points3, spot: Any) -> bool:
    """Whether a mesh's own box holds `spot` (x, y)."""
    return bool(((spot > points[:, :2].min(0)) & (spot < points[:, :2].max(0))).all())


def _same_face(points: Points3, other: Points3) -> bool:
    """Whether two meshes sit on one face: their centres are closer than half a face width."""
    width = np.ptp(other[:, 0])
    return bool(np.linalg.norm(points[:, :2].mean(0) - other[:, :2].mean(0)) < width / 2)
