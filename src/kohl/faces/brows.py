"""Brow hair: how much of each pixel is hair, within a generous zone around the mesh's brow."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import FloatArray, Image, IntArray, Mask, Points, Points3
from kohl.faces import landmarks as at
from kohl.faces.contours import smooth_curve
from kohl.faces.patch import Patch, cut_patch, signed_distance
from kohl.faces.tones import local_mean, ramp, tones_of

_WORKING_WIDTH = 200.0
"""Pixels along a brow at the working scale."""
_ZONE = 0.085
"""Shares of the brow length beyond the mesh's brow where its hairs are looked for."""
_VISIBLE = (0.6, 1.6)
"""Distance between hair and skin, in standard deviations of the skin, at which hair begins to be seen, and is seen clearly."""


def find_brows(pixels: Image, points: Points3) -> Mask:
    """Return the (h, w) mask of the hair of both brows of the mesh `points` (478, 3) in pixels of the window `pixels`."""
    mask = np.zeros(pixels.shape[:2], np.float32)
    _add_brow(mask, pixels, points, at.RIGHT_BROW_UPPER, at.RIGHT_BROW_LOWER)
    _add_brow(mask, pixels, points, at.LEFT_BROW_UPPER, at.LEFT_BROW_LOWER)
    return mask


def _add_brow(mask: Mask, pixels: Image, points: Points3, upper: IntArray, lower: IntArray) -> None:
    length = float(np.linalg.norm(points[upper[0]] - points[upper[-1]]))
    patch = cut_patch(pixels, points[np.concatenate([upper, lower])], 0.3 * length, _WORKING_WIDTH / max(length, 1.0))
    if patch is None:
        return
    distance = _brow_distance(patch, points, upper, lower)
    hair = _hair_share(tones_of(patch.pixels), distance)
    mask[patch.slices] = np.maximum(mask[patch.slices], patch.enlarge(hair))


def _brow_distance(patch: Patch, points: Points3, upper: IntArray, lower: IntArray) -> FloatArray:
    flat = patch.place(points)
    outline: Points = np.concatenate([smooth_curve(flat[upper]), smooth_curve(flat[lower])[::-1]])
    return signed_distance(outline, patch.size)


def _hair_share(tones: FloatArray, distance: FloatArray) -> Mask:
    """Matting with two known colours (hair: the darker part of the brow's core; skin: around the zone), along the line between them."""
    zone = _ZONE * _WORKING_WIDTH
    near = ramp(distance, -zone, -0.3 * zone)
    skin_zone = ramp(distance, -0.8 * zone, -1.2 * zone) * ramp(distance, -3.2 * zone, -2.6 * zone)
    skin = local_mean(tones, skin_zone, 1.1 * zone)
    skin = local_mean(tones, skin_zone * ramp(np.abs(tones[..., 0] - skin[..., 0]), 0.35, 0.2) + 1e-3 * skin_zone, 1.1 * zone)
    away = tones - skin
    core = distance > 0
    if core.sum() < 20 or skin_zone.sum() < 20:
        return np.zeros(distance.shape, np.float32)
    spread = np.sqrt(np.average(away[skin_zone > 0.5] ** 2, axis=0) if (skin_zone > 0.5).any() else np.ones(3))
    hair = np.quantile(away[core][:, 0], 0.2)
    depth = float(-hair / (spread[0] + 0.05))
    visible = float(ramp(np.float32(depth), *_VISIBLE))
    share = ramp(-away[..., 0], 0.15 * -hair, 0.9 * -hair) if hair < -0.02 else np.zeros(distance.shape, np.float32)
    return np.asarray(share * near * visible, np.float32)
