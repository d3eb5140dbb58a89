"""Foundation and concealer: even the skin, keep its pores."""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Mask
from kohl.looks.layers import Concealer, Finish, Foundation
from kohl.looks.pigment import Pigment
from kohl.rendering.canvas import Canvas, box_of
from kohl.rendering.film import Film
from kohl.rendering.finishes import apply_finish
from kohl.rendering.zones.face import face_zone

_BAND = (0.006, 0.035)
"""Blotches are between these sizes (standard deviations in window widths); pores are finer, the face's form is coarser."""
_COARSE_SIDE = 256
"""Longer side of the grid on which blotches are found."""
_OWN_TONE_SHARE = 0.35
"""Coverage of a film in the person's own tone: it evens colour, and shows least."""


def paint_foundation(canvas: Canvas, layer: Foundation, seed: int) -> None:
    """Even mid-sized blotches in colour and lightness, then a film in the product's tone."""
    skin = canvas.face.masks.skin * np.float32(layer.intensity)
    even_out(canvas, skin * np.float32(min(1.15 * layer.coverage, 0.9)))
    canvas.paint(skin * np.float32(layer.coverage * _tone_share(layer.pigment)), _tone(canvas, layer.pigment).over)
    if layer.finish is not Finish.SATIN:
        apply_finish(canvas, skin * np.float32(0.6), canvas.shading.skin_albedo, layer.finish, seed)


def paint_concealer(canvas: Canvas, layer: Concealer, seed: int) -> None:
    """Lift the shadow under the eyes towards the cheek below it, and cover its colour."""
    zone = canvas.on_skin(canvas.face.field.sample(face_zone("concealer")))
    strength = layer.coverage * layer.intensity
    deficit = np.clip(1 / np.maximum(canvas.shading.illumination, 0.35), 1, 1.3)
    canvas.scale_albedo(zone * np.float32(strength), np.asarray(deficit * 1.03, np.float32))
    even_out(canvas, zone * np.float32(min(1.3 * strength, 0.95)))
    canvas.paint(zone * np.float32(strength * _tone_share(layer.pigment)), _tone(canvas, layer.pigment).over)


def even_out(canvas: Canvas, mask: Mask) -> None:
    """Take blotches out under `mask` (h, w): the band of `_BAND`, of albedo colour and of shading, and nothing finer."""
    box = _with_surroundings(mask)
    if box is None:
        return
    shading, scale = canvas.shading, min(1.0, _COARSE_SIDE / max(mask.shape))
    detail = np.log(np.maximum(shading.shade[box] / np.maximum(shading.illumination[box], 1e-3), 1e-2))
    tone = np.concatenate([np.log(np.maximum(canvas.albedo[box], 1e-3)), detail[..., None]], -1)
    size = (detail.shape[1], detail.shape[0])
    small = (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
    coarse, skin = (np.asarray(cv2.resize(array, small, interpolation=cv2.INTER_AREA), np.float32) for array in (tone, canvas.face.masks.skin[box]))
    fine, broad = (_skin_blur(coarse, skin + 1e-4, sigma * scale * max(mask.shape)) for sigma in _BAND)
    # Deep folds, nostrils and hair are form, not blotches: what is far from the skin around it stays.
    blotch = (fine - broad) * np.clip(1.5 - np.abs(fine - broad).max(-1, keepdims=True) / 0.25, 0, 1)
    blotch = np.exp(-(blotch[..., :3] + 0.8 * blotch[..., 3:]))
    factor = np.ones((*mask.shape, 3), np.float32)
    factor[box] = cv2.resize(blotch, size, interpolation=cv2.INTER_LINEAR)
    canvas.scale_albedo(mask, factor)


def _with_surroundings(mask: Mask) -> tuple[slice, slice] | None:
    """The box of a mask and as much around it as its blotches are compared with."""
    box = box_of(mask)
    if box is None:
        return None
    around = round(2.5 * _BAND[1] * max(mask.shape))
    rows, columns = (slice(max(part.start - around, 0), part.stop + around) for part in box)
    return rows, columns


def _skin_blur(values: FloatArray, skin: Mask, sigma: float) -> FloatArray:
    """Blur (h, w, C) over the skin alone."""
    sigma = max(sigma, 0.4)
    weight = cv2.GaussianBlur(skin, (0, 0), sigma)
    return np.asarray(cv2.GaussianBlur(values * skin[..., None], (0, 0), sigma) / weight[..., None], np.float32)


def _tone(canvas: Canvas, pigment: Pigment | None) -> Film:
    return Film.of(pigment) if pigment is not None else Film.from_reflectance(canvas.shading.skin_albedo)


def _tone_share(pigment: Pigment | None) -> float:
    return 0.9 if pigment is not None else _OWN_TONE_SHARE
