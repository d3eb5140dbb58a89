"""Where the faces of a folder are: found by the detector, or, in a folder that `pack_for_reading.py` made, known beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np

from kohl.core.arrays import Image, Points3
from kohl.faces.analyzer import Analyzer, describe_face
from kohl.faces.face import Face
from kohl.faces.landmarks import eye_distance
from kohl.faces.mesh import Mesh
from kohl.faces.mirroring import mirrored_points

MESHES = "meshes.npz"
"""Of a packed folder: "files", their "meshes" (N, 478, 3) in pixels, and "moves" (M, 478, 3), see `Knowing`."""


class Finder(Protocol):
    """Finds the face of a picture. Both raise FaceError where there is none."""

    def first(self, picture: Path, image: Image, scale: float, *, is_mirrored: bool) -> Face:
        """The face of `image`, which is the `picture`, shrunk to `scale` and perhaps mirrored."""

    def again(self, image: Image, points: Points3, seed: int) -> Face:
        """The face of a changed picture: `points` (478, 3) is where its mesh was put."""


class Detecting:
    """By the detector, as kohl does."""

    def __init__(self) -> None:
        self._analyzer = Analyzer(max_faces=1)

    def first(self, picture: Path, image: Image, scale: float, *, is_mirrored: bool) -> Face:
        """See `Finder.first`."""
        return self._analyzer.analyze(image)[0]

    def again(self, image: Image, points: Points3, seed: int) -> Face:
        """See `Finder.again`."""
        return self._analyzer.analyze(image)[0]


class Knowing:
    """By meshes found beforehand. Found again, one lies a little elsewhere: as it moved on somebody whom the detector did look at once more."""

    def __init__(self, folder: Path) -> None:
        with np.load(folder / MESHES) as kept:
            self._meshes = dict(zip(kept["files"].tolist(), kept["meshes"], strict=True))
            self._moves = kept["moves"]

    def first(self, picture: Path, image: Image, scale: float, *, is_mirrored: bool) -> Face:
        """See `Finder.first`."""
        points = np.asarray(self._meshes[name_of(picture)] * np.float32(scale), np.float32)
        return describe_face(image, Mesh(mirrored_points(points, image.shape[1]) if is_mirrored else points, 1.0))

    def again(self, image: Image, points: Points3, seed: int) -> Face:
        """See `Finder.again`."""
        move = self._moves[np.random.default_rng(seed).integers(len(self._moves))]
        return describe_face(image, Mesh(np.asarray(points + move * np.float32(eye_distance(points)), np.float32), 1.0))


def finder_for(folder: Path) -> Finder:
    """Who finds the faces of a folder."""
    return Knowing(folder) if (folder / MESHES).is_file() else Detecting()


def name_of(picture: Path) -> str:
    """A picture's name in the index."""
    return "/".join(picture.parts[-2:])
