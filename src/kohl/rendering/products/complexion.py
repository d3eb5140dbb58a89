"""Foundation and concealer: even the skin, keep its pores."""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Mask
from kohl.looks.layers import Concealer, Finish, Foundation
from kohl.looks.pigment import Pigment
from kohl.rendering.canvas import Canvas
from kohl.rendering.film import Film
from kohl.rendering.finishes import apply_finish
from kohl.rendering.zones.face import face_zone

_BAND = (0.006, 0.035)
"""Blotches are between these sizes (standard deviations in window widths); pores are finer, the face's form is coarser."""
_COARSE_SIDE = 400
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
    size = mask.shape
    scale = min(1.0, _COARSE_SIDE / max(size))
    small = (max(1, round(size[1] * scale)), max(1, round(size[0] * scale)))
    skin = np.asarray(cv2.resize(canvas.face.masks.skin, small, interpolation=cv2.INTER_AREA), np.float32) + 1e-4
    detail = np.log(np.maximum(canvas.shading.shade / np.maximum(canvas.shading.illumination, 1e-3), 1e-2))
    tone = np.concatenate([np.log(np.maximum(canvas.albedo, 1e-3)), detail[..., None]], -1)
    coarse = np.asarray(cv2.resize(tone, small, interpolation=cv2.INTER_AREA), np.float32)
    fine, broad = (_skin_blur(coarse, skin, sigma * max(small)) for sigma in _BAND)
    # Deep folds, nostrils and hair are form, not blotches: what is far from the skin around it stays.
    blotch = (fine - broad) * np.clip(1.5 - np.abs(fine - broad).max(-1, keepdims=True) / 0.25, 0, 1)
    blotch = np.asarray(cv2.resize(blotch, size[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
    canvas.scale_albedo(mask, np.exp(-(blotch[..., :3] + 0.8 * blotch[..., 3:])).astype(np.float32))


def _skin_blur(values: FloatArray, skin: Mask, sigma: float) -> FloatArray:
    """Blur (h, w, C) over the skin alone."""
    sigma = max(sigma, 0.4)
    weight = cv2.GaussianBlur(skin, (0, 0), sigma)
    return np.asarray(cv2.GaussianBlur(values * skin[..., None], (0, 0), sigma) / weight[..., None], np.float32)


def _tone(canvas: Canvas, pigment: Pigment | None) -> Film:
    return Film.of(pigment) if pigment is not None else Film.from_reflectance(canvas.shading.skin_albedo)


def _tone_share(pigment: Pigment | None) -> float:
    return 0.9 if pigment is not None else _OWN_TONE_SHARE
