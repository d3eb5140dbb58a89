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

from kohl.core.arrays import FloatArray, Mask, Matrix, Points3
from kohl.core.ramps import share_between
from kohl.faces.landmarks import NUM_SURFACE
from kohl.video.one_euro import smoothing
from kohl.video.painter import Change
from kohl.video.yuv import Box, Picture, Samples

CUTOFF = 1.0
"""Hz: how fast a resting face's makeup follows a change of what is estimated."""
_SAME, _OTHER = 0.025, 0.08
"""Changes of (blurred) luma, [0, 1]: the picture is the same up to the first, another one from the second."""
_LUMA_SHRINK = 4
_STILL, _MOVING = 0.02, 0.10
"""Motion of the face between two frames, in shares of its width: up to the first makeup is steadied fully, from the second not at all."""


@dataclass(frozen=True, eq=False)
class Shown:
    """What one face was shown with: `added` at full weight to the part `box` of the frame; `luma` (h / 4, w / 4), that part without it."""

    added: Samples
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
        shown = {change.face.number: self._steady(change, _luma(picture, change.box), seconds) for change in changes}
        for change in changes:
            (luma, chroma), weight = shown[change.face.number].added, np.float32(change.face.weight)
            picture.add(change.box, (luma, chroma) if weight == 1 else (luma * weight, chroma * weight))
        self._last = shown

    def _steady(self, change: Change, luma: Mask, seconds: float) -> Shown:
        points, added = change.face.points, change.added
        last = self._last.get(change.face.number)
        if last is not None:
            hold = float(1 - smoothing(self._cutoff, max(seconds - last.seconds, 1e-6))) * _stillness(last.points, points)
            if hold > 0:
                added = _follow(last, change, luma, hold)
        return Shown(added, luma, change.box, points, seconds)


def _follow(last: Shown, change: Change, luma: Mask, hold: float) -> Samples:
    """The change, mixed with the last one: at most `hold` of that, less where the picture is another one by now."""
    before_from_now = _affine(change.face.points, change.box, last.points, last.box)
    trust = _trust(last.luma, luma, before_from_now) * np.float32(hold)
    brightness, colour = (_mix(before, now, before_from_now, trust, change.box) for before, now in zip(last.added, change.added, strict=True))
    return brightness, colour


def _mix(before: FloatArray, now: FloatArray, before_from_now: Matrix, trust: Mask, box: Box) -> FloatArray:
    """Samples `before`, carried along, at the weight `trust`, and samples `now` for the rest; at their own scale, which may be that of chroma."""
    shrink = np.array([(box[3] - box[2]) / now.shape[1], (box[1] - box[0]) / now.shape[0]], np.float32).round()
    carried = _warp(before, _at_scale(before_from_now, shrink), now.shape)
    weight = cv2.resize(trust, now.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    carried -= now
    carried *= weight if now.ndim == 2 else weight[..., None]
    carried += now
    return carried


def _luma(picture: Picture, box: Box) -> Mask:
    """The frame in `box`, a quarter as large, a little blurred."""
    size = (max(1, (box[1] - box[0]) // _LUMA_SHRINK), max(1, (box[3] - box[2]) // _LUMA_SHRINK))
    return np.asarray(cv2.GaussianBlur(picture.small_luma(size, box), (0, 0), 1.0), np.float32)


def _stillness(before: Points3, now: Points3) -> float:
    """1 for a face that rests, 0 for one that moves so fast that nobody sees makeup tremble."""
    width = max(float(np.ptp(now[:, 0])), float(np.ptp(now[:, 1])))
    motion = float(np.linalg.norm((now - before)[:NUM_SURFACE, :2], axis=1).mean()) / max(width, 1e-6)
    return share_between(motion, (_MOVING, _STILL))


def _affine(now: Points3, now_box: Box, before: Points3, before_box: Box) -> Matrix:
    """before_from_now: the affine map (2, 3) that carries one mesh onto the other best, in pixels of the two boxes."""
    source = now[:NUM_SURFACE, :2].astype(np.float64) - [now_box[2], now_box[0]]
    target = before[:NUM_SURFACE, :2].astype(np.float64) - [before_box[2], before_box[0]]
    design = np.column_stack([source, np.ones(len(source))])
    solution = np.linalg.lstsq(design, target, rcond=None)[0]
    return np.asarray(solution.T, np.float32)


def _at_scale(matrix: Matrix, shrink: FloatArray) -> Matrix:
    """A matrix between pixels as one between larger ones, `shrink` (2,) pixels across and down each."""
    scaled = matrix * np.append(shrink, 1)
    return np.asarray(scaled / shrink[:, None], np.float32)


def _warp(array: FloatArray, source_from_target: Matrix, size: tuple[int, ...]) -> FloatArray:
    """Look `array` up at `source_from_target` for every pixel of (h, w) `size`; 0 beyond it."""
    matrix = source_from_target.astype(np.float64)
    matrix[:, 2] += matrix[:, :2] @ [0.5, 0.5] - 0.5  # cv2 counts from pixel centres
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(array, matrix, (size[1], size[0]), flags=flags), np.float32)


def _trust(before: Mask, now: Mask, before_from_now: Matrix) -> Mask:
    """1 where the picture is the same as before, 0 where it is another one, at the scale of `now`."""
    small = _at_scale(before_from_now, np.full(2, _LUMA_SHRINK))
    difference = np.abs(_warp(before, small, now.shape) - now)
    return np.asarray(np.clip((_OTHER - difference) / (_OTHER - _SAME), 0, 1), np.float32)
