"""Where a painter's hand goes: curves and places between landmarks, in pixels of the face's window.

Nothing here knows the UV chart: a painter sees a face from where the camera stood, as an artist sees a photo.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kohl.core.arrays import FloatArray, IntArray, Mask, Points, Points3
from kohl.data.painters.spraying import spray
from kohl.faces import landmarks as at
from kohl.faces.contours import between, fill, smooth_curve
from kohl.faces.face import Face
from kohl.faces.topology import load_topology

_SAMPLES = 40
"""Points on every curve of an eye."""


@dataclass(frozen=True, eq=False)
class EyeGuide:
    """One eye. Curves are (40, 2), evenly spaced, from the outer corner to the inner one; `out` and `up` are unit vectors of the picture."""

    upper: Points
    lower: Points
    crease: Points
    brow: Points
    """The lower edge of the brow, from its tail to its head."""
    width: float
    """Pixels from corner to corner."""
    out: FloatArray
    up: FloatArray

    def level(self, height: float, *, reach: float = 0.0) -> Points:
        """The curve at `height` above the eye: 0 lash line, 1 crease, 2 brow; its outer end drawn outwards by `reach` eye widths."""
        first, second = (self.upper, self.crease) if height <= 1 else (self.crease, self.brow)
        share = height if height <= 1 else height - 1
        curve = first + np.float32(share) * (second - first)
        outwards = np.linspace(1, 0, len(curve), dtype=np.float32)[:, None] ** 2
        return np.asarray(curve + outwards * self.out * np.float32(reach * self.width), np.float32)

    def above(self, bottom: float, top: float, *, reach: float = 0.0) -> Points:
        """The closed outline between two levels."""
        return np.concatenate([self.level(bottom, reach=reach * 0.6), self.level(top, reach=reach)[::-1]])

    def below(self, depth: float) -> Points:
        """The closed outline between the lower lashes and `depth` eye widths under them."""
        deepest = np.sin(np.linspace(0.25, np.pi - 0.25, len(self.lower), dtype=np.float32))[:, None]
        return np.concatenate([self.lower, (self.lower - self.up * (deepest * np.float32(depth * self.width)))[::-1]])


@dataclass(frozen=True, eq=False)
class Guides:
    """A face as a painter sees it. `points` (478, 2) in window pixels, `size` (h, w) of the window, `unit`: pixels between the eyes, as if seen
    from the front; `right` and `left` are the subject's own eyes.
    """

    points: Points
    size: tuple[int, int]
    unit: float
    right: EyeGuide
    left: EyeGuide

    @classmethod
    def of(cls, face: Face) -> Guides:
        """The guides of an analysed face."""
        points = face.local_points
        right = _eye(points, at.RIGHT_LID_UPPER, at.RIGHT_LID_LOWER, at.RIGHT_CREASE, at.RIGHT_BROW_LOWER)
        left = _eye(points, at.LEFT_LID_UPPER, at.LEFT_LID_LOWER, at.LEFT_CREASE, at.LEFT_BROW_LOWER)
        apart = points[[33, 133]].mean(0) - points[[263, 362]].mean(0)
        size = face.masks.clear.shape[0], face.masks.clear.shape[1]
        return cls(np.ascontiguousarray(points[:, :2]), size, max(float(np.linalg.norm(apart)), 1.0), right, left)

    @property
    def eyes(self) -> tuple[EyeGuide, EyeGuide]:
        """The subject's right eye, then the left one."""
        return self.right, self.left

    def curve(self, numbers: list[int], steps: int = 8) -> Points:
        """A smooth curve through landmarks of the subject's right half."""
        return smooth_curve(self.points[numbers], steps)

    def both(self, numbers: list[int], steps: int = 8) -> tuple[Points, Points]:
        """The same curve on the subject's right and left half."""
        return self.curve(numbers, steps), self.curve([mirrored(number) for number in numbers], steps)

    def face(self) -> Mask:
        """(h, w): 1 on the face, fading out towards its outline."""
        outline = self.points[at.FACE_OVAL]
        middle = outline.mean(0)
        return spray([np.asarray(middle + (outline - middle) * 0.94, np.float32)], 0.09 * self.unit, self.size)

    def lips(self, *, overline: float = 0.0) -> Mask:
        """(h, w): the lips between their contours, with a crisp edge; moved outwards by `overline` of the distance between the eyes."""
        upper, lower = smooth_curve(self.points[at.LIPS_UPPER_OUTER]), smooth_curve(self.points[at.LIPS_LOWER_OUTER])
        down = (self.points[17] - self.points[0]) / max(float(np.linalg.norm(self.points[17] - self.points[0])), 1e-3)
        swell = np.sin(np.linspace(0, np.pi, len(upper), dtype=np.float32))[:, None] * np.float32(overline * self.unit) * down
        inside = between(smooth_curve(self.points[at.LIPS_UPPER_INNER]), smooth_curve(self.points[at.LIPS_LOWER_INNER]))
        return np.clip(fill(between(upper - swell, lower + swell), self.size) - fill(inside, self.size), 0, 1)


def mirrored(number: int) -> int:
    """The landmark's partner on the face's other half."""
    return int(load_topology().mirror[number])


def keep_off(face: Face, *, brows: float = 1.0) -> Mask:
    """(h, w): 0 on eyeballs, in the open mouth, under hair and glasses, and (by `brows`) on brow hair; 1 where a painter may paint."""
    masks = face.masks
    return np.asarray(masks.clear * (1 - masks.eyes) * (1 - masks.mouth) * (1 - np.float32(brows) * masks.brows), np.float32)


def _eye(points: Points3, upper: IntArray, lower: IntArray, crease: IntArray, brow: IntArray) -> EyeGuide:
    flat = points[:, :2]
    outer, inner = flat[upper[0]], flat[upper[-1]]
    width = max(float(np.linalg.norm(outer - inner)), 1.0)
    out = (outer - inner) / width
    up = np.array([-out[1], out[0]], np.float32)
    if up @ (flat[brow].mean(0) - (outer + inner) / 2) < 0:
        up = -up
    lids, fold, edge = [_evenly(smooth_curve(flat[numbers])) for numbers in (upper, lower)], smooth_curve(flat[crease]), smooth_curve(flat[brow])
    return EyeGuide(lids[0], lids[1], _evenly(fold), _evenly(edge), width, out.astype(np.float32), up.astype(np.float32))


def _evenly(curve: Points) -> Points:
    """`_SAMPLES` points at equal steps along a curve (N, 2)."""
    travelled = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])
    places = np.linspace(0, travelled[-1], _SAMPLES)
    return np.stack([np.interp(places, travelled, curve[:, axis]) for axis in (0, 1)], 1).astype(np.float32)
