"""Image → faces: detection, mesh, pose, chart field and masks, in one call."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import Image, Points3
from kohl.core.checks import check_image
from kohl.core.errors import FaceError, FaceOutOfReachError, FaceTooSmallError, NoFaceError
from kohl.faces.chart import Window, build_field
from kohl.faces.face import Face
from kohl.faces.masks import build_masks
from kohl.faces.mesh import MediapipeMeshDetector, Mesh, MeshDetector
from kohl.faces.pose import estimate_pose
from kohl.faces.topology import load_topology

MIN_FACE = 64
"""Pixels: below this a lip is a handful of pixels, and whatever is painted there is a smear."""
MAX_YAW = 60.0
"""Degrees: beyond this the mesh guesses the hidden half."""
_MIN_INSIDE = 0.6
"""Share of the mesh that must lie inside the picture."""
_WINDOW_MARGIN = 0.06
"""Air around the mesh and its ring, in shares of their size: lashes and wings reach beyond the mesh."""


class Analyzer:
    """Finds faces and describes them. Safe to call from several threads; every thread gets networks of its own."""

    def __init__(self, max_faces: int = 16, detector: MeshDetector | None = None) -> None:
        self._detector = detector if detector is not None else MediapipeMeshDetector(max_faces)

    def analyze(self, image: Image) -> tuple[Face, ...]:
        """Return the usable faces of `image`, (H, W, 3) sRGB [0, 1], largest first. Raises as `find`."""
        return tuple(describe_face(image, mesh) for mesh in self.find(image))

    def find(self, image: Image) -> tuple[Mesh, ...]:
        """Return the meshes alone of the usable faces of `image`, (H, W, 3) sRGB [0, 1], largest first.

        Raises UsageError when it is no such array or holds NaN; NoFaceError when there is no face at all; FaceTooSmallError or
        FaceOutOfReachError when none is usable.
        """
        check_image(image)
        meshes = self._detector.detect(image)
        if not meshes:
            raise NoFaceError(
                f"expected a picture with a face, found none in {image.shape[1]}×{image.shape[0]} px; "
                "use a photo where the face is upright, lit and at least 64 px wide"
            )
        reasons = [_unusable(mesh.points, image.shape) for mesh in meshes]
        usable = [mesh for mesh, reason in zip(meshes, reasons, strict=True) if reason is None]
        if not usable:
            raise next(reason for reason in reasons if reason is not None)
        return tuple(sorted(usable, key=lambda mesh: -float(np.prod(np.ptp(mesh.points[:, :2], axis=0)))))


def describe_face(image: Image, mesh: Mesh) -> Face:
    """Build the whole `Face` of a mesh that is already known."""
    points = mesh.points
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    window = _window_of(points, image.shape)
    field = build_field(points, window)
    pixels = image[window[0] : window[1], window[2] : window[3]]
    masks = build_masks(pixels, points - np.array([window[2], window[0], 0], np.float32), field)
    box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return Face((image.shape[0], image.shape[1]), box, points, estimate_pose(points), mesh.score, window, field, masks, mesh.doubt)


def _window_of(points: Points3, shape: tuple[int, ...]) -> Window:
    vertices = load_topology().extend(points)[:, :2]
    low, high = vertices.min(0), vertices.max(0)
    margin = (high - low).max() * _WINDOW_MARGIN + 2
    x0, y0 = np.maximum(np.floor(low - margin), 0).astype(int)
    x1, y1 = np.minimum(np.ceil(high + margin), (shape[1], shape[0])).astype(int)
    return int(y0), int(y1), int(x0), int(x1)


def _unusable(points: Points3, shape: tuple[int, ...]) -> FaceError | None:
    """Return why makeup cannot be put on this mesh, or None."""
    width, height = np.ptp(points[:, 0]), np.ptp(points[:, 1])
    if max(width, height) < MIN_FACE:
        return FaceTooSmallError(
            f"expected a face of at least {MIN_FACE} px, found one of {width:.0f}×{height:.0f} px; use a larger picture or cut closer"
        )
    inside = ((points[:, :2] >= 0) & (points[:, :2] < (shape[1], shape[0]))).all(1).mean()
    if inside < _MIN_INSIDE:
        return FaceOutOfReachError(f"expected a face inside the picture, found one with only {inside:.0%} of it inside; use a wider cut")
    yaw = estimate_pose(points).yaw
    if abs(yaw) > MAX_YAW:
        return FaceOutOfReachError(f"expected a face turned by at most {MAX_YAW:.0f}°, found one turned by {yaw:.0f}°; use a more frontal photo")
    return None
