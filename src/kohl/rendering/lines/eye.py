"""One eye as lines need it: its lids as smooth curves, its width, which way is up, how open it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kohl.core.arrays import FloatArray, IntArray, Points
from kohl.faces import landmarks
from kohl.faces.contours import smooth_curve
from kohl.faces.face import Face

_CLOSED, _OPENED = 0.06, 0.14
"""Gaps between the lids, in eye widths: up to the first what lies along the lower one is under the upper lashes, from the second on all shows."""


@dataclass(frozen=True, eq=False)
class EyeLines:
    """Curves run from the outer corner to the inner one, (N, 2) in pixels of the window. `up` and `out` are unit vectors.
    `openness` is the gap between the lids in eye widths: about 0.3 for an open eye, under 0.08 for a closed one.
    `size` is the eye's width as seen from its own front, in pixels: a turned head narrows an eye, and leaves its lashes as long as they are.
    `arch` is how high the upper lid stands over the line between the corners, in `size`s: 0.2 for an open eye, below 0 for one that looks down.
    """

    upper: Points
    lower: Points
    width: float
    up: FloatArray
    out: FloatArray
    openness: float
    size: float
    arch: float

    @property
    def opening(self) -> float:
        """The gap between the lids in `size`s: the same for both eyes of a turned head."""
        return self.openness * self.width / self.size

    @property
    def lower_shown(self) -> float:
        """The share in [0, 1] by which a line or lashes along the lower lid show."""
        return float(np.clip((self.opening - _CLOSED) / (_OPENED - _CLOSED), 0, 1))


def eye_lines(face: Face) -> tuple[EyeLines, EyeLines]:
    """The subject's right and left eye."""
    right = _lines(face, landmarks.RIGHT_LID_UPPER, landmarks.RIGHT_LID_LOWER, landmarks.RIGHT_CREASE)
    left = _lines(face, landmarks.LEFT_LID_UPPER, landmarks.LEFT_LID_LOWER, landmarks.LEFT_CREASE)
    return right, left


def _lines(face: Face, upper: IntArray, lower: IntArray, crease: IntArray) -> EyeLines:
    points = face.local_points[:, :2]
    outer, inner = points[upper[0]], points[upper[-1]]
    width = max(float(np.linalg.norm(outer - inner)), 1.0)
    out = (outer - inner) / width
    up = np.array([-out[1], out[0]], np.float32)
    if up @ (points[crease].mean(0) - (outer + inner) / 2) < 0:
        up = -up
    gap = float(np.linalg.norm(points[upper[4]] - points[lower[4]])) / width
    size = max(float(np.linalg.norm(face.local_points[upper[0]] - face.local_points[upper[-1]])), width)
    arch = float((points[upper[3:6]].mean(0) - (outer + inner) / 2) @ up) / size
    lids = smooth_curve(points[upper]), smooth_curve(points[lower])
    return EyeLines(*lids, width, up.astype(np.float32), out.astype(np.float32), gap, size, arch)
