"""What the picture says, pixel by pixel, about skin and what lies over it: the evidence that `cover` weighs.

All of it is relative: to the colour of this face's own cheeks and nose, to the neighbourhood, to the same spot a little
further in or out. So one set of weights serves every skin and every light.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import cv2
import numpy as np

from kohl.core.arrays import AnyArray, FloatArray, Image, IntArray, Mask
from kohl.core.channels import plus, times
from kohl.core.medians import median
from kohl.faces import landmarks as at
from kohl.faces.chart import ChartField
from kohl.faces.contours import between, fill, smooth_curve
from kohl.faces.tones import tones_of
from kohl.faces.topology import load_topology
from kohl.geometry.shrinking import shrink_to
from kohl.geometry.smoothing import blur_far

GRID = 192
"""Longer side of the grid that evidence is gathered on."""
_ZONE_SIDE = 128
_CLIP = 4.0
SEEN = 0.01
"""Facing below which a pixel is not asked about."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """`values` (N, 40) of the N pixels that are True in `inside` (h, w), the coarse grid; there too: `small` (h, w, 3) pixels,
    `facing` (h, w), `outwards` and `inwards` (h, w, 2), places for `shift`.
    """

    values: FloatArray
    inside: AnyArray
    small: Image
    facing: Mask
    outwards: FloatArray
    inwards: FloatArray


def gather_evidence(pixels: Image, field: ChartField) -> Evidence:
    """Gather what speaks for skin and for cover in the window `pixels` (H, W, 3); see `Evidence`."""
    grid = grid_of(pixels.shape[:2])
    small = shrink_to(pixels, grid)
    chart = cv2.resize(field.uv, (grid[1], grid[0]), interpolation=cv2.INTER_NEAREST)
    facing = cv2.resize(field.facing, (grid[1], grid[0]), interpolation=cv2.INTER_LINEAR)
    depth = cv2.resize(field.coarse_normals[..., 2], (grid[1], grid[0]), interpolation=cv2.INTER_LINEAR)
    return evidence_of(small, chart, facing, depth)


def grid_of(size: tuple[int, ...]) -> tuple[int, int]:
    """(h, w) of the coarse grid for a window of `size`; small windows are enlarged, so that it always has one scale."""
    scale = GRID / max(size[0], size[1])
    return max(2, round(size[0] * scale)), max(2, round(size[1] * scale))


def evidence_of(small: Image, chart: FloatArray, facing: Mask, depth: Mask) -> Evidence:
    """The evidence on a grid: `small` (h, w, 3) pixels, `chart` (h, w, 2) coordinates, `facing` and normals' `depth` (h, w)."""
    tones = times(tones_of(small), np.array([1, 8, 8], np.float32))
    zones = _sample(_zones(), chart)
    core = (zones[..., 3] > 0.5) & (facing > 0.3)
    reference = median(tones[core]) if core.sum() > 30 else np.zeros(3, np.float32)
    outwards, far_out, inwards = _radial_places(facing, (0.09, 0.2, -0.09))
    blurred = cv2.GaussianBlur(tones, (0, 0), 1.8), blur_far(tones, 5.0), blur_far(tones, 12.0)
    inside = facing > SEEN
    chosen = np.flatnonzero(inside)

    def at_chosen(plane: FloatArray) -> FloatArray:
        return plane.reshape(inside.size, -1).take(chosen, axis=0)

    own, fine, mid, wide = (at_chosen(plane) for plane in (tones, *blurred))
    around = [at_chosen(shift(blurred[1], place)) - fine for place in (outwards, far_out, inwards)]
    light = np.hstack([plane[:, :1] for plane in (own, fine, mid, wide)])
    texture, grain = (at_chosen(planes) for planes in (_texture(tones[..., 0], core), _grain(tones[..., 0], chart[..., 0])))
    position = _position(*(at_chosen(plane) for plane in (chart, facing, depth)))
    parts = [*(plus(plane, -reference) for plane in (own, fine, mid)), *around, (light[:, :3] - light[:, 1:]) * 3, texture, grain]
    parts += [np.broadcast_to(reference, own.shape), position, at_chosen(zones)[:, :3]]
    # As channels of one column: a third of numpy's time.
    rows = cv2.merge([np.ascontiguousarray(part)[:, None] for part in parts])[:, 0]
    return Evidence(np.clip(rows, -_CLIP, _CLIP, out=rows), inside, small, facing, outwards, inwards)


def _position(chart: FloatArray, facing: FloatArray, depth: FloatArray) -> FloatArray:
    """(N, 7): where on the face a pixel lies, alike on both halves, and how it is turned; of (N, 2), (N, 1) and (N, 1)."""
    side, height = np.abs(chart[:, :1] - 0.5) * 2, chart[:, 1:]
    return np.asarray(np.hstack([side, height, side * side, height * height, side * height, facing, depth]) * 2, np.float32)


def shift(values: FloatArray, place: FloatArray) -> FloatArray:
    """Look `values` (h, w[, C]) up at `place` (h, w, 2)."""
    return np.asarray(cv2.remap(values, place, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _radial_places(facing: Mask, shares: tuple[float, ...]) -> list[FloatArray]:
    """(h, w, 2) places further out from the middle of the face by shares of the grid; further in where a share is negative."""
    height, width = facing.shape
    columns, rows = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    weight = max(float(facing.sum()), 1e-3)
    right = np.broadcast_to(columns - float(facing.sum(0) @ columns) / weight, facing.shape)
    down = np.broadcast_to((rows - float(facing.sum(1) @ rows) / weight)[:, None], facing.shape)
    distance = cv2.magnitude(np.ascontiguousarray(right), np.ascontiguousarray(down))
    places = []
    for share in shares:
        step = np.float32(max(height, width) * share)
        by = step / np.maximum(distance, abs(step))
        places.append(cv2.merge([columns + right * by, rows[:, None] + down * by]))
    return places


def _texture(light: FloatArray, core: AnyArray) -> FloatArray:
    """(h, w, 3): log energy of the finest detail and of the next coarser one, against the cheeks', and the cheeks' own."""
    first, second = cv2.GaussianBlur(light, (0, 0), 1.0), cv2.GaussianBlur(light, (0, 0), 2.5)
    fine = np.log(cv2.GaussianBlur(np.abs(light - first), (0, 0), 2.0) + 0.004)
    coarse = np.log(cv2.GaussianBlur(np.abs(first - second), (0, 0), 3.0) + 0.008)
    if core.sum() <= 30:
        return np.stack([fine * 0, coarse * 0, fine * 0], -1)
    usual = [median(fine[core]), median(coarse[core])]
    return np.stack([fine - usual[0], coarse - usual[1], np.full_like(fine, usual[0] + 4)], -1)


def _grain(light: FloatArray, across: FloatArray) -> FloatArray:
    """(h, w, 3): how much the detail runs along one direction (structure tensor coherence; Bigün & Granlund 1987), and which."""
    right, down = cv2.Sobel(light, cv2.CV_32F, 1, 0), cv2.Sobel(light, cv2.CV_32F, 0, 1)
    tensor = cv2.GaussianBlur(np.dstack([right * right - down * down, 2 * right * down, right * right + down * down]), (0, 0), 2.5)
    total = tensor[..., 2] + 0.02
    # The sign makes both halves of the face alike.
    level, slanted = tensor[..., 0] / total, tensor[..., 1] / total * np.sign(across - 0.5)
    return np.stack([np.hypot(level, slanted), level, slanted], -1)


@functools.cache
def _zones() -> FloatArray:
    """(S, S, 4) on the chart: around the eyes, the brows, the mouth; and the cheeks with the nose, bare in nearly every photo."""
    chart = load_topology().chart * _ZONE_SIDE

    def closed(first: IntArray, second: IntArray) -> Mask:
        return fill(between(smooth_curve(chart[first]), smooth_curve(chart[second])), (_ZONE_SIDE, _ZONE_SIDE))

    def brow(upper: IntArray, lower: IntArray) -> Mask:
        return fill(np.concatenate([chart[upper], chart[lower][::-1]]), (_ZONE_SIDE, _ZONE_SIDE))

    eyes = closed(at.RIGHT_LID_UPPER, at.RIGHT_LID_LOWER) + closed(at.LEFT_LID_UPPER, at.LEFT_LID_LOWER)
    brows = brow(at.RIGHT_BROW_UPPER, at.RIGHT_BROW_LOWER) + brow(at.LEFT_BROW_UPPER, at.LEFT_BROW_LOWER)
    mouth = closed(at.LIPS_UPPER_OUTER, at.LIPS_LOWER_OUTER)
    soft = [np.clip(1.5 * cv2.GaussianBlur(part, (0, 0), 2.0), 0, 1) for part in (eyes, brows, mouth)]
    zones: FloatArray = np.stack([*soft, fill(chart[_CORE], (_ZONE_SIDE, _ZONE_SIDE))], -1)
    zones.flags.writeable = False
    return zones


_CORE = np.array([6, 351, 349, 347, 345, 352, 411, 427, 426, 327, 2, 98, 206, 207, 187, 123, 116, 118, 120, 122], np.int32)
"""Outline of cheeks and nose: below the eyes, above the mouth, within the sideburns."""


def _sample(texture: FloatArray, chart: FloatArray) -> FloatArray:
    place = chart * np.float32(texture.shape[0]) - np.float32(0.5)
    return np.asarray(cv2.remap(texture, place, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)
