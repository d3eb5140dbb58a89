"""Makeup that stands still on a face that does: the change that a frame gets is averaged with what the frames before got.

What is estimated anew in every frame (light, skin, masks, a network's answer) trembles with the sensor's noise, and the makeup with it. The
last change is carried over by the face's own motion (an affine map between the two meshes) and followed like a low-pass filter does it;
wherever the picture itself changed meanwhile (a mouth that opens, a hand in front of the face), the new change counts alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Image, Mask, Matrix, Points3
from kohl.faces.landmarks import NUM_SURFACE
from kohl.video.one_euro import smoothing
from kohl.video.painter import Change
from kohl.video.yuv import Box, Picture

CUTOFF = 1.5
"""Hz: how fast a resting face's makeup follows a change of what is estimated."""
_SAME, _OTHER = 0.025, 0.08
"""Changes of (blurred) luma, [0, 1]: the picture is the same up to the first, another one from the second."""
_LUMA_SHRINK = 4
_STILL, _MOVING = 0.02, 0.10
"""Motion of the face between two frames, in shares of its width: up to the first makeup is steadied fully, from the second not at all."""
_LUMA = np.array([[0.299, 0.587, 0.114]], np.float32)


@dataclass(frozen=True, eq=False)
class Shown:
    """What one face was shown with: `added` (h, w, 3) at full weight in the part `box` of the frame; `luma`, a quarter as large, without it."""

    added: Image
    luma: Mask
    box: Box
    points: Points3
    seconds: float


class Steadier:
    """Holds what every face of one video was shown with last; call `put` once a frame, in order."""

    def __init__(self, cutoff: float = CUTOFF) -> None:
        """Take the cut-off in Hz; infinity steadies nothing."""
        self._cutoff = cutoff
        self._last: dict[int, Shown] = {}

    def put(self, picture: Picture, changes: Sequence[Change], seconds: float) -> None:
        """Put the changes of a frame, steadied, into `picture` in place. A face that is not among them is forgotten."""
        shown = {change.face.number: self._steady(change, seconds) for change in changes}
        for change in changes:
            added, weight = shown[change.face.number].added, change.face.weight
            picture.add(change.box, added if weight == 1 else added * np.float32(weight))
        self._last = shown

    def _steady(self, change: Change, seconds: float) -> Shown:
        points, added, luma = change.face.points, change.added, _luma(change.image)
        last = self._last.get(change.face.number)
        if last is not None:
            hold = float(1 - smoothing(self._cutoff, max(seconds - last.seconds, 1e-6))) * _stillness(last.points, points)
            if hold > 0:
                added = _follow(last, change, luma, hold)
        return Shown(added, luma, change.box, points, seconds)


def _follow(last: Shown, change: Change, luma: Mask, hold: float) -> Image:
    """The change, mixed with the last one: at most `hold` of that, less where the picture is another one by now."""
    before_from_now = _affine(change.face.points, change.box, last.points, last.box)
    carried = _warp(last.added, before_from_now, change.added.shape[:2])
    trust = _trust(last.luma, luma, before_from_now) * np.float32(hold)
    weight = cv2.resize(trust, change.added.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.add(change.added, cv2.multiply(cv2.subtract(carried, change.added), cv2.merge([weight] * 3))), np.float32)


def _luma(image: Image) -> Mask:
    size = (max(1, image.shape[1] // _LUMA_SHRINK), max(1, image.shape[0] // _LUMA_SHRINK))
    small = cv2.transform(cv2.resize(image, size, interpolation=cv2.INTER_AREA), _LUMA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 1.0), np.float32)


def _stillness(before: Points3, now: Points3) -> float:
    """1 for a face that rests, 0 for one that moves so fast that nobody sees makeup tremble."""
    width = max(float(np.ptp(now[:, 0])), float(np.ptp(now[:, 1])))
    motion = float(np.linalg.norm((now - before)[:NUM_SURFACE, :2], axis=1).mean()) / max(width, 1e-6)
    return float(np.clip((_MOVING - motion) / (_MOVING - _STILL), 0, 1))


def _affine(now: Points3, now_box: Box, before: Points3, before_box: Box) -> Matrix:
    """before_from_now: the affine map (2, 3) that carries one mesh onto the other best, in pixels of the two boxes."""
    source = now[:NUM_SURFACE, :2].astype(np.float64) - [now_box[2], now_box[0]]
    target = before[:NUM_SURFACE, :2].astype(np.float64) - [before_box[2], before_box[0]]
    design = np.column_stack([source, np.ones(len(source))])
    solution = np.linalg.lstsq(design, target, rcond=None)[0]
    return np.asarray(solution.T, np.float32)


def _warp(array: FloatArray, source_from_target: Matrix, size: tuple[int, ...]) -> FloatArray:
    """Look `array` up at `source_from_target` for every pixel of (h, w) `size`; 0 beyond it."""
    matrix = source_from_target.astype(np.float64)
    matrix[:, 2] += matrix[:, :2] @ [0.5, 0.5] - 0.5  # cv2 counts from pixel centres
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(array, matrix, (size[1], size[0]), flags=flags), np.float32)


def _trust(before: Mask, now: Mask, before_from_now: Matrix) -> Mask:
    """1 where the picture is the same as before, 0 where it is another one, at the scale of `now`."""
    small = before_from_now.copy()
    small[:, 2] /= _LUMA_SHRINK
    difference = np.abs(_warp(before, small, now.shape) - now)
    return np.asarray(np.clip((_OTHER - difference) / (_OTHER - _SAME), 0, 1), np.float32)
