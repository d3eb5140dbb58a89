"""Whether two pictures are the same photo, and how far one lies from the other.

Both are judged by what makeup and grading leave alone: fine structure (edges, hair, pores) outside the regions that makeup goes to, its
contrast evened out. Pixels are compared with pixels; nothing is computed that could tell one person from another.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Image, Mask, Matrix
from kohl.data.crops import carry_mesh, loose_crop_from_image
from kohl.data.structure import block_likeness, correlation, inside_face, kept_by_makeup, structure_of
from kohl.faces.face import Face
from kohl.geometry.affine import apply, compose, identity, invert, scale_of, translation
from kohl.geometry.warp import warp_image

SIDE = 448
"""Pixels: side of the square around the face in which pictures are compared."""
_LOOSE = 1.25
"""That square, in the network's: what lies farther out is background, which may have been left where it was when the face moved."""
_SURE = 0.85
"""Likeness from which on nothing better is looked for."""
_FEATURES = 800
_LEAST_MATCHES = 10
"""Fewer features that agree on one motion say nothing."""
_STEPS, _PRECISION = 60, 1e-5
"""When `cv2.findTransformECC` stops (Evangelidis & Psarakis 2008)."""


@dataclass(frozen=True)
class Shift:
    """How far the after lies from its before. `x` right and `y` down: pixels of the photo, in the middle of the face; `degrees`
    counter-clockwise as seen; `scale` of the after against the before; `largest`: pixels by which the farthest corner of the face's box moved.
    """

    x: float
    y: float
    degrees: float
    scale: float
    largest: float

    def __str__(self) -> str:
        """As people read it."""
        grown = f", {self.scale - 1:+.1%} in size" if abs(self.scale - 1) >= 0.002 else ""
        return f"{self.x:+.1f} px right, {self.y:+.1f} px down, {self.degrees:+.1f}°{grown}"


@dataclass(frozen=True, eq=False)
class Registration:
    """`before_from_after` (2, 3) in pixels of the photo. `likeness` in [-1, 1]: how much structure around the makeup agrees once the two are aligned,
    hair, clothes and background included; `face_likeness`: how much it agrees in the middling part of the face, cheeks included and lips and lids
    left out. Another person has little of the first; another moment of the same sitting has much of it, and less of the second.
    """

    before_from_after: Matrix
    shift: Shift
    likeness: float
    face_likeness: float


def register(before: Image, after: Image, face: Face) -> Registration:
    """Find the motion that lays `after` on `before`, and how alike the two then are.

    Parameters
    ----------
    before, after
        (H, W, 3) float32 sRGB in [0, 1], of one size.
    face
        The face of `before`.
    """
    crop_from_image = loose_crop_from_image(face, side=SIDE, loose=_LOOSE)
    first, second = (structure_of(warp_image(picture, crop_from_image, (SIDE, SIDE))) for picture in (before, after))
    points = np.ascontiguousarray(carry_mesh(face.points, crop_from_image)[:, :2])
    crop_motion, likeness = _best_motion(first, second, kept_by_makeup(points, (SIDE, SIDE)))
    aligned = warp_image(second, crop_motion, (SIDE, SIDE))
    image_from_crop = invert(crop_from_image)
    before_from_after = compose(image_from_crop, crop_motion, crop_from_image)
    return Registration(
        before_from_after, _shift_of(before_from_after, face.box), likeness, block_likeness(first, aligned, inside_face(points, (SIDE, SIDE)))
    )


def _best_motion(first: FloatArray, second: FloatArray, kept: Mask) -> tuple[Matrix, float]:
    """Try from where the pictures lie; where that fails, from where their features say that they lie."""
    best = _refine(first, second, kept, identity())
    if best[1] < _SURE:
        start = _motion_of_features(first, second, kept)
        if start is not None:
            best = max(best, _refine(first, second, kept, start), key=lambda motion: motion[1])
    return best


def _refine(first: FloatArray, second: FloatArray, kept: Mask, start: Matrix) -> tuple[Matrix, float]:
    """Refine `first_from_second` by the enhanced correlation coefficient; `start` itself where that finds nothing better."""
    whole = compose(translation(-0.5, -0.5), start, translation(0.5, 0.5))
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _STEPS, _PRECISION)
    try:
        # ECC carries the template's points into the input, and its mask belongs to the input.
        _, whole = cv2.findTransformECC(second, first, whole.copy(), cv2.MOTION_AFFINE, criteria, (kept > 0.5).astype(np.uint8), 5)
    except cv2.error:
        return start, _likeness(first, second, kept, start)
    found = compose(translation(0.5, 0.5), np.asarray(whole, np.float32), translation(-0.5, -0.5))
    if not 0.5 < scale_of(found) < 2:
        return start, _likeness(first, second, kept, start)
    return max(((motion, _likeness(first, second, kept, motion)) for motion in (start, found)), key=lambda motion: motion[1])


def _motion_of_features(first: FloatArray, second: FloatArray, kept: Mask) -> Matrix | None:
    """Turn, scale and move on which most SIFT features (Lowe 2004) agree, or None."""
    finder = cv2.SIFT.create(nfeatures=_FEATURES)
    mask = (kept > 0.5).astype(np.uint8) * 255
    pictures = [np.clip(picture * 40 + 128, 0, 255).astype(np.uint8) for picture in (first, second)]
    (points_first, names_first), (points_second, names_second) = (
        finder.detectAndCompute(pictures[0], mask),
        finder.detectAndCompute(pictures[1], None),
    )
    if names_first is None or names_second is None or min(len(names_first), len(names_second)) < _LEAST_MATCHES:
        return None
    matches = cv2.BFMatcher().knnMatch(names_second, names_first, k=2)
    good = [pair[0] for pair in matches if len(pair) == 2 and pair[0].distance < 0.75 * pair[1].distance]
    if len(good) < _LEAST_MATCHES:
        return None
    source = np.array([points_second[match.queryIdx].pt for match in good], np.float32)
    target = np.array([points_first[match.trainIdx].pt for match in good], np.float32)
    cv2.setRNGSeed(0)
    motion, agreeing = cv2.estimateAffinePartial2D(source, target, ransacReprojThreshold=2.0)
    if motion is None or int(agreeing.sum()) < _LEAST_MATCHES:
        return None
    return compose(translation(0.5, 0.5), np.asarray(motion, np.float32), translation(-0.5, -0.5))


def _likeness(first: FloatArray, second: FloatArray, kept: Mask, first_from_second: Matrix) -> float:
    """Normalised correlation of two structures where both are seen and makeup does not go."""
    size = first.shape[0], first.shape[1]
    moved = warp_image(second, first_from_second, size)
    seen = warp_image(np.ones(size, np.float32), first_from_second, size) * kept
    return correlation(first, moved, seen)


def _shift_of(before_from_after: Matrix, box: tuple[float, float, float, float]) -> Shift:
    after_from_before = invert(before_from_after)
    x0, y0, x1, y1 = box
    corners = np.array([[x0, y0], [x1, y0], [x0, y1], [x1, y1]], np.float32)
    middle = np.array([[(x0 + x1) / 2, (y0 + y1) / 2]], np.float32)
    moved = apply(after_from_before, middle)[0] - middle[0]
    largest = float(np.linalg.norm(apply(after_from_before, corners) - corners, axis=1).max())
    turn = after_from_before[:, 0] + after_from_before[::-1, 1] * np.array([1, -1], np.float32)
    degrees = math.degrees(math.atan2(-float(turn[1]), float(turn[0])))
    return Shift(float(moved[0]), float(moved[1]), degrees, scale_of(after_from_before), largest)
