"""How much makeup trembles in a video, and how well a video agrees with its own motion."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray, Image
from kohl.core.errors import UsageError
from kohl.evaluation.metrics.comparing import check_same_shape

_MAKEUP = 1.5 / 255
"""A channel's change from which on a pixel counts as made up: more than rounding to 8 bits can do."""
_LOST = 0.5
"""Pixels by which flow there and flow back may disagree; beyond that a point came into sight or left it."""


def flicker(before: Sequence[Image], after: Sequence[Image]) -> float:
    """Mean absolute change of the makeup residual from frame to frame, after motion compensation, in 1/255.

    The residual is r = after − before. For each pair of neighbouring frames the earlier residual is carried to the later frame by the optical
    flow of the unpainted video (DIS: Kroeger et al., ECCV 2016), and |r_t − carried r_{t−1}| is averaged over the channels of the pixels that
    wear makeup in either (|r| > 1.5/255) and are seen in both. Then the mean over the pairs. NaN where nobody wears any.

    before, after: frames (H, W, 3) in [0, 1]. Range [0, 255], lower is better; 0 for makeup that moves with the face and changes with nothing.
    On a face that stands still, up to 1 cannot be seen. Raises UsageError for fewer than two frames, or frames of different shapes.
    """
    _check(before, after)
    residuals = [np.asarray(painted - plain, np.float32) for plain, painted in zip(before, after, strict=True)]
    changes = []
    for (first, second), (earlier, later) in zip(_pairs(before), _pairs(residuals), strict=True):
        flow, is_seen = _flow(second, first)
        carried = _carry(earlier, flow)
        inside = is_seen & (np.maximum(np.abs(carried), np.abs(later)).max(-1) > _MAKEUP)
        if inside.any():
            changes.append(float(np.abs(later - carried)[inside].mean()))
    return 255 * float(np.mean(changes)) if changes else float("nan")


def warp_error(frames: Sequence[Image], guide: Sequence[Image] | None = None) -> float:
    """Root of the mean squared difference between a frame and the one before, carried to it by optical flow, in 1/255.

    The mean is that of Lai et al., "Learning Blind Video Temporal Consistency", ECCV 2018, equations 10 and 11, over the points that are seen
    in both frames. `guide`: the video whose flow is used, the unpainted one, so that makeup cannot hide its own trembling;
    `frames` itself by default.

    frames, guide: (H, W, 3) in [0, 1]. Range [0, 255], lower is better; compare it with the unpainted video's own, which noise keeps above 0.
    Raises UsageError for fewer than two frames, or frames of different shapes.
    """
    guide = frames if guide is None else guide
    _check(frames, guide)
    errors = []
    for (first, second), (earlier, later) in zip(_pairs(guide), _pairs(frames), strict=True):
        flow, is_seen = _flow(second, first)
        if is_seen.any():
            errors.append(float(np.square(later - _carry(earlier, flow))[is_seen].mean()))
    return 255 * float(np.sqrt(np.mean(errors))) if errors else float("nan")


def _check(first: Sequence[Image], second: Sequence[Image]) -> None:
    if len(first) != len(second) or len(first) < 2:
        raise UsageError(f"expected two videos of the same number of frames, two or more, got {len(first)} and {len(second)}")
    for one, other in zip(first, second, strict=True):
        check_same_shape(one, other)
        check_same_shape(one, first[0])


def _pairs(frames: Sequence[Image]) -> list[tuple[Image, Image]]:
    return list(itertools.pairwise(frames))


def _flow(now: Image, before: Image) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """(H, W, 2): where in `before` each pixel of `now` lies, as a step in pixels; and (H, W): whether it is seen there."""
    there, back = _dis(now, before), _dis(before, now)
    returned = there + _carry(back, there)
    return there, np.linalg.norm(returned, axis=-1) < _LOST


def _dis(source: Image, target: Image) -> FloatArray:
    first, second = (cv2.cvtColor(np.rint(frame * 255).clip(0, 255).astype(np.uint8), cv2.COLOR_RGB2GRAY) for frame in (source, target))
    return np.asarray(cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(first, second, None), np.float32)


def _carry(array: FloatArray, flow: FloatArray) -> FloatArray:
    """Look `array` (H, W, C) up at every pixel's place plus `flow`."""
    height, width = flow.shape[:2]
    place = flow + np.stack(np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)), -1)
    return np.asarray(cv2.remap(array, place, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)
