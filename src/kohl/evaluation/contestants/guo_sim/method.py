"""Digital face makeup by example.

Guo & Sim: "Digital face makeup by example" (CVPR 2009), over kohl's mesh instead of 83 landmarks set by hand. What differs: the
warp is piecewise affine over 478 points, not a thin-plate spline; structure layers are found on a picture of at most 360 pixels,
details at the photo's own size, both for the face alone; and where the example's face is hidden or turned away, the source stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kohl.color.lab import lab_from_srgb, srgb_from_lab
from kohl.core.arrays import AnyArray, FloatArray, Image, Mask
from kohl.evaluation.case import Case
from kohl.evaluation.contestants.alignment import Alignment, window_of
from kohl.evaluation.contestants.face_regions import lay_back
from kohl.evaluation.contestants.guo_sim.feature_map import smoothing_map
from kohl.evaluation.contestants.guo_sim.highlights import carry_highlights
from kohl.evaluation.contestants.guo_sim.lips import paint_lips
from kohl.evaluation.contestants.guo_sim.smoothing import smooth
from kohl.faces.face import Face, Masks

_WORK_SIDE = 360
_RIM = 9
"""Pixels, of the photo."""


@dataclass(frozen=True, slots=True)
class Blend:
    """The paper's shares, [0, 1]: of the own skin detail (`own_detail`, δ_I), of the example's (`their_detail`, δ_E), of her colour (`color`, γ)."""

    own_detail: float = 0.0
    their_detail: float = 1.0
    color: float = 0.8


class GuoSim:
    """Layers of the example's face laid on the source's: detail, colour, highlight, lips."""

    name = "guo-sim"

    def __init__(self, blend: Blend | None = None) -> None:
        self._blend = blend or Blend()

    def transfer(self, case: Case) -> Image:
        """Warp, split into layers, blend and put together. Raises MissingExtraError without scipy."""
        face, reference = case.source.face, case.reference
        alignment = Alignment.of(face, reference.face)
        own, theirs = lab_from_srgb(window_of(case.source)), lab_from_srgb(alignment.carry(window_of(reference)))
        skin = np.asarray(face.masks.skin * _soft(alignment.carry(reference.face.masks.skin) * alignment.seen, face), np.float32)
        painted = self._paint_skin(own, theirs, skin, face)
        made = paint_lips(painted, face.masks.lips, theirs, alignment.carry(reference.face.masks.lips), face.eye_distance)
        return lay_back(case.source.image, face, np.clip(srgb_from_lab(made), 0, 1), np.maximum(skin, face.masks.lips))

    def _paint_skin(self, own: FloatArray, theirs: FloatArray, skin: Mask, face: Face) -> FloatArray:
        beta, inside = smoothing_map(face.masks), _face_of(face.masks)
        structure, their_structure = _structure(own[..., 0], beta, inside), _structure(theirs[..., 0], beta, inside)
        change = _carried(structure, their_structure, beta, skin)
        detail = self._blend.own_detail * (own[..., 0] - structure) + self._blend.their_detail * (theirs[..., 0] - their_structure)
        color = (1 - self._blend.color) * own[..., 1:] + self._blend.color * theirs[..., 1:]
        return np.asarray(np.dstack([structure + change + detail, color]), np.float32)


def _face_of(masks: Masks) -> Mask:
    """The face (h, w), with a rim around it: what the layers are found for."""
    parts = np.max([masks.skin, masks.lips, masks.mouth, masks.eyes, masks.brows], axis=0)
    return np.asarray(cv2.dilate(parts, np.ones((_RIM, _RIM))), np.float32)


def _structure(lightness: FloatArray, beta: Mask, inside: Mask) -> FloatArray:
    """The large-scale layer s of L* (h, w), [0, 100]: smoothed on the work size, at the photo's own size."""
    small = _shrunk(lightness)
    return _enlarged(100 * smooth(small / np.float32(100), _shrunk(beta), _shrunk(inside) > 0), lightness.shape)


def _carried(own: FloatArray, theirs: FloatArray, beta: Mask, skin: Mask) -> FloatArray:
    """What highlight and contour change in the structure layer (h, w), found on the work size."""
    small, skin = _shrunk(own), _shrunk(skin)
    # Where the example's skin ends, so do its gradients: hair and eyes beside it are edges, but no highlights.
    trusted = cv2.erode((skin > 0.9).astype(np.uint8), np.ones((5, 5))) > 0
    return _enlarged(carry_highlights(small, _shrunk(theirs), _shrunk(beta) * trusted, skin > 0.05) - small, own.shape)


def _shrunk(values: FloatArray) -> FloatArray:
    scale = min(1.0, _WORK_SIDE / max(values.shape[:2]))
    return np.asarray(cv2.resize(values, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.float32)


def _enlarged(values: FloatArray, size: tuple[int, ...]) -> FloatArray:
    return np.asarray(cv2.resize(values, (size[1], size[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def _soft(mask: AnyArray, face: Face) -> Mask:
    """Let the warped example end softly, inside itself: its borders are not the source's."""
    sigma = max(0.02 * face.eye_distance, 0.5)
    return np.asarray(mask * np.clip(2 * cv2.GaussianBlur(np.asarray(mask, np.float32), (0, 0), sigma) - 1, 0, 1), np.float32)
