"""Brow hair: how much of each pixel is hair, within a generous zone around the mesh's brow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kohl.core.arrays import AnyArray, FloatArray, Image, IntArray, Mask, Points, Points3
from kohl.core.medians import median
from kohl.core.ramps import ramp
from kohl.faces import landmarks as at
from kohl.faces.contours import smooth_curve
from kohl.faces.patch import Patch, cut_patch, signed_distance
from kohl.faces.tones import light_of, local_mean, tones_of

_WORKING_WIDTH = 110.0
"""Pixels along a brow at the working scale, on which the skin around it is learnt."""
_ZONE = 0.085
"""Shares of the brow length beyond the mesh's brow where its hairs are looked for."""
_VISIBLE = (1.0, 2.2)
"""Distance between hair and skin, in deviations of the skin, at which hair begins to be seen, and is seen clearly."""
_GRAIN = 0.05
"""Log lightness that skin varies by at the very least."""
_HAIR_SHARE = (0.2, 0.95)
"""Shares of the way from skin to hair at which a pixel begins to be hair, and is nothing but hair."""


@dataclass(frozen=True, eq=False)
class _Brow:
    """One brow on its patch: log lightness of bare skin there and what hair adds to it, distance to the brow's edge, and how surely hair is seen."""

    patch: Patch
    skin: FloatArray
    hair: float
    distance: FloatArray
    visible: float


def find_brows(pixels: Image, points: Points3) -> Mask:
    """Return the (h, w) mask of the hair of both brows of the mesh `points` (478, 3) in pixels of the window `pixels`."""
    mask = np.zeros(pixels.shape[:2], np.float32)
    sides = ((at.RIGHT_BROW_UPPER, at.RIGHT_BROW_LOWER), (at.LEFT_BROW_UPPER, at.LEFT_BROW_LOWER))
    brows = [brow for upper, lower in sides if (brow := _look_at(pixels, points, upper, lower)) is not None]
    # Both brows are one person's: where one is hardly seen, the other says that there is hair, or one side alone would be painted.
    visible = max((brow.visible for brow in brows), default=0.0)
    for brow in brows if visible > 0 else ():
        _add(mask, pixels, brow, visible)
    return mask


def _look_at(pixels: Image, points: Points3, upper: IntArray, lower: IntArray) -> _Brow | None:
    length = float(np.linalg.norm(points[upper[0]] - points[upper[-1]]))
    patch = cut_patch(pixels, points[np.concatenate([upper, lower])], 0.3 * length, _WORKING_WIDTH / max(length, 1.0))
    if patch is None:
        return None
    distance = _brow_distance(patch, points, upper, lower)
    return _learn(patch, tones_of(patch.pixels)[..., 0], distance)


def _add(mask: Mask, pixels: Image, brow: _Brow, visible: float) -> None:
    """Add the hair of `brow` to `mask` (h, w), `visible` in (0, 1] telling how surely hair is seen at all."""
    patch, hair = brow.patch, np.float32(brow.hair / max(visible, 0.3))
    near = patch.enlarge(ramp(brow.distance, -_ZONE * _WORKING_WIDTH, -0.3 * _ZONE * _WORKING_WIDTH))
    # The learnt colours are smooth; the hairs are told from them pixel by pixel of the photo itself.
    share = ramp((light_of(pixels[patch.slices]) - patch.enlarge(brow.skin)) / hair, *_HAIR_SHARE)
    mask[patch.slices] = np.maximum(mask[patch.slices], share * near)


def _brow_distance(patch: Patch, points: Points3, upper: IntArray, lower: IntArray) -> FloatArray:
    flat = patch.place(points)
    outline: Points = np.concatenate([smooth_curve(flat[upper]), smooth_curve(flat[lower])[::-1]])
    return signed_distance(outline, patch.size)


def _learn(patch: Patch, light: FloatArray, distance: FloatArray) -> _Brow | None:
    """Tell bare skin from hair by the log lightness `light` (h, w) of the patch; None where too little of either is in it."""
    zone = _ZONE * _WORKING_WIDTH
    around = ramp(distance, -0.9 * zone, -1.2 * zone) * ramp(distance, -3.4 * zone, -2.8 * zone)
    core = distance > 0
    if core.sum() < 20 or around.sum() < 20:
        return None
    skin = local_mean(light[..., None], around, 1.2 * zone)[..., 0]
    # Lashes, creases, fringes and frames lie in the ring as well: what is far from its mean is left out of it.
    for reach in (0.5, 0.3):
        bare = around * ramp(np.abs(light - skin), reach, 0.5 * reach)
        skin = local_mean(light[..., None], bare + np.float32(1e-3) * around, 1.2 * zone)[..., 0]
    away = light - skin
    deviation = float(median(np.abs(away[bare > 0.3]))) * 1.48 + _GRAIN if (bare > 0.3).any() else 1.0
    hair = _typical_hair(away[core])
    return _Brow(patch, skin, hair, distance, float(ramp(np.float32(abs(hair) / deviation), *_VISIBLE)))


def _typical_hair(away: AnyArray) -> float:
    """The darker fifth of the brow's core; the lighter one where that stands out far more, as white brows on tanned skin do."""
    dark, pale = np.quantile(away, (0.2, 0.8))
    return float(pale) if pale > 0.2 and pale > 2 * abs(dark) else float(min(dark, -1e-3))
