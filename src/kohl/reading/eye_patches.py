"""Each eye cut out at its own resolution, upright, outer corner to the left: what lines are read from."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from kohl.core.arrays import Box, FloatArray, LinearImage, Mask, Points
from kohl.core.channels import plus, to_channels
from kohl.faces.face import Face
from kohl.geometry import affine
from kohl.reading.unrolled import Unrolled
from kohl.rendering.lines.eye import EyeLines, eye_lines

SCALE = 64
"""Pixels of a patch per eye width."""
LEFT, RIGHT, TOP, BOTTOM = -0.65, 1.15, 0.7, -0.45
"""What a patch shows, in eye widths: along the line from the outer corner (0) to the inner one (1), and above it."""
SHAPE = (round((TOP - BOTTOM) * SCALE), round((RIGHT - LEFT) * SCALE))
"""(h, w) of a patch."""


@dataclass(frozen=True, eq=False)
class EyePatch:
    """`ratio` (h, w, 3): natural log of the photo over the person's own skin in even light. `eye` and `skin` (h, w) masks: the
    eyeball, and bare skin as `Masks` has it. `uv` (h, w, 2): chart coordinates in [0, 1]. `upper`, `lower` (w,): height of the
    lids' edges in eye widths above the line between the corners, continued beyond them. `openness`: gap between the lids in
    eye widths.
    """

    ratio: FloatArray
    eye: Mask
    skin: Mask
    uv: FloatArray
    upper: npt.NDArray[np.float64]
    lower: npt.NDArray[np.float64]
    openness: float


def along() -> npt.NDArray[np.float64]:
    """(w,) place of each column of a patch: 0 at the outer corner, 1 at the inner one."""
    return (np.arange(SHAPE[1]) + 0.5) / SCALE + LEFT


def height() -> npt.NDArray[np.float64]:
    """(h,) height of each row of a patch above the line between the corners, in eye widths."""
    return TOP - (np.arange(SHAPE[0]) + 0.5) / SCALE


def cut_eyes(linear: LinearImage, face: Face, unrolled: Unrolled) -> tuple[EyePatch, EyePatch]:
    """Cut the subject's right and left eye out of the face's window, `linear` (h, w, 3) in linear light."""
    right, left = (_cut(linear, face, unrolled, eye) for eye in eye_lines(face))
    return right, left


def _cut(linear: LinearImage, face: Face, unrolled: Unrolled, eye: EyeLines) -> EyePatch:
    matrix = _patch_from_window(eye)
    box = _around(matrix, linear.shape)
    # The eye lies elsewhere in its box than in the window.
    matrix[:, 2] += matrix[:, :2] @ np.array([box[1].start, box[0].start], np.float32)
    pixels = linear[box] / to_channels(np.maximum(face.field.sample(unrolled.even, box), 0.05))
    carried = np.dstack([face.masks.eyes[box], face.masks.skin[box], face.field.uv[box]])
    blurred = cv2.GaussianBlur(pixels, (0, 0), max(0.45 * eye.width / SCALE, 1e-3)) if eye.width > 1.4 * SCALE else pixels
    size = SHAPE[::-1]
    texture = cv2.warpAffine(blurred, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    carried = cv2.warpAffine(carried, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    ratio = plus(np.log(np.maximum(texture, 2e-3)), -np.log(np.maximum(unrolled.photo_skin, 2e-3)))
    corner = eye.upper[0]
    return EyePatch(
        ratio,
        np.ascontiguousarray(carried[..., 0]),
        np.ascontiguousarray(carried[..., 1]),
        np.ascontiguousarray(carried[..., 2:]),
        _heights(eye.upper, corner, eye),
        _heights(eye.lower, corner, eye),
        eye.openness,
    )


def _patch_from_window(eye: EyeLines) -> FloatArray:
    """The 2×3 matrix that brings window pixels into the patch (mirrored where the eye's outer corner is on the right)."""
    axes = np.stack([-eye.out, -eye.up]) * np.float32(SCALE / eye.width)
    # OpenCV counts from pixel centres: half a pixel off our continuous points on either side.
    origin = np.array([-LEFT, TOP], np.float32) * SCALE - 0.5
    shift = origin - axes @ (eye.upper[0] - np.float32(0.5))
    return np.asarray(np.concatenate([axes, shift[:, None]], 1), np.float32)


def _around(matrix: FloatArray, shape: tuple[int, ...]) -> Box:
    """The box of the window, (h, w, …), that the patch of `matrix` shows, with room for the blur before it."""
    corners = affine.apply(affine.invert(matrix), np.array([[0, 0], [SHAPE[1], 0], [0, SHAPE[0]], [SHAPE[1], SHAPE[0]]], np.float32))
    margin = 4 / float(np.linalg.norm(matrix[:, 0])) + 2
    low, high = corners.min(0) - margin, corners.max(0) + margin
    columns, rows = (
        slice(int(np.clip(low[axis], 0, size - 1)), int(np.clip(high[axis] + 1, 1, size))) for axis, size in ((0, shape[1]), (1, shape[0]))
    )
    return rows, columns


def _heights(curve: Points, corner: Points, eye: EyeLines) -> npt.NDArray[np.float64]:
    """The curve's height at every column of the patch; beyond the corners it stays as high as there."""
    x = (corner - curve) @ eye.out / eye.width
    y = (curve - corner) @ eye.up / eye.width
    order = np.argsort(x)
    return np.interp(along(), x[order].astype(np.float64), y[order].astype(np.float64))
