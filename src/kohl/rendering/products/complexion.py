"""Foundation and concealer: even the skin, keep its pores."""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import Box, FloatArray, Mask
from kohl.core.channels import to_channels
from kohl.geometry.smoothing import blur_far
from kohl.looks.layers import Concealer, Finish, Foundation
from kohl.looks.pigment import Pigment
from kohl.rendering.canvas import Canvas
from kohl.rendering.film import Film
from kohl.rendering.finishes import apply_finish
from kohl.rendering.light import luminance
from kohl.rendering.stencil import Stencil
from kohl.rendering.zones.face import face_zone

_BAND = (0.006, 0.035)
"""Blotches are between these sizes (standard deviations in window widths); pores are finer, the face's form is coarser."""
_COARSE_SIDE = 256
"""Longer side of the grid on which blotches are found."""
_FINISHED = 0.6
"""Coverage of a foundation's finish."""
_GLOW_FROM, _LEAST_GLOW = 0.35, 0.3
"""Luminance that skin reflects from which on a dewy foundation shines fully, and the least of it on deeper skin: what adds a glow to fair skin
is a grey veil over deep skin, and lightens it.
"""
_OWN_TONE_SHARE = 0.35
"""Coverage of a film in the person's own tone: it evens colour, and shows least."""


def paint_foundation(canvas: Canvas, layer: Foundation, seed: int) -> None:
    """Even mid-sized blotches in colour and lightness, then a film in the product's tone."""
    skin = Stencil.of(canvas.face.masks.skin).scaled(layer.intensity)
    even_out(canvas, skin.scaled(min(1.15 * layer.coverage, 0.9)))
    canvas.paint(skin.scaled(layer.coverage * _tone_share(layer.pigment)), _tone(canvas, layer.pigment).over)
    if layer.finish is not Finish.SATIN:
        glow = _glow(canvas) if layer.finish is Finish.DEWY else 1.0
        apply_finish(canvas, skin.scaled(_FINISHED * glow), canvas.shading.skin_albedo, layer.finish, seed)


def _glow(canvas: Canvas) -> float:
    """Share of a dewy finish that this skin bears."""
    return float(np.clip(float(luminance(canvas.shading.skin_albedo)) / _GLOW_FROM, _LEAST_GLOW, 1.0))


def paint_concealer(canvas: Canvas, layer: Concealer, seed: int) -> None:
    """Lift the shadow under the eyes towards the cheek below it, and cover its colour."""
    zone = canvas.zone(face_zone("concealer"))
    strength = layer.coverage * layer.intensity
    shadowed = zone.scaled(strength)
    deficit = np.clip(1 / np.maximum(shadowed.take(canvas.shading.illumination), 0.35), 1, 1.3)
    canvas.multiply_albedo(shadowed, deficit * np.float32(1.03))
    even_out(canvas, zone.scaled(min(1.3 * strength, 0.95)))
    canvas.paint(zone.scaled(strength * _tone_share(layer.pigment)), _tone(canvas, layer.pigment).over)


def even_out(canvas: Canvas, stencil: Stencil) -> None:
    """Take blotches out under a stencil: the band of `_BAND`, of albedo colour and of shading, and nothing finer."""
    if stencil.is_empty:
        return
    longer = max(canvas.size)
    box = _with_surroundings(stencil, round(2.5 * _BAND[1] * longer))
    scale = min(1.0, _COARSE_SIDE / longer)
    height, width = (part.stop - part.start for part in box)
    small = (max(1, round(width * scale)), max(1, round(height * scale)))
    albedo, shade, illumination, skin = (
        cv2.resize(picture[box], small, interpolation=cv2.INTER_AREA)
        for picture in (canvas.albedo, canvas.shading.shade, canvas.shading.illumination, canvas.face.masks.skin)
    )
    detail = np.maximum(shade / np.maximum(illumination, 1e-3), 1e-2)
    tone = np.log(cv2.merge([*cv2.split(np.maximum(albedo, 1e-3)), detail]))
    fine, broad = (_skin_blur(tone, skin + 1e-4, sigma * scale * longer) for sigma in _BAND)
    # Deep folds, nostrils and hair are form, not blotches: what is far from the skin around it stays.
    blotch = (fine - broad) * np.clip(1.5 - np.abs(fine - broad).max(-1, keepdims=True) / 0.25, 0, 1)
    blotch = np.exp(-(blotch[..., :3] + 0.8 * blotch[..., 3:]))
    canvas.multiply_albedo(stencil, stencil.take_within(box, cv2.resize(blotch, (width, height), interpolation=cv2.INTER_LINEAR)))


def _with_surroundings(stencil: Stencil, around: int) -> Box:
    """The box of a stencil and as much around it as its blotches are compared with."""
    rows, columns = (slice(max(part.start - around, 0), min(part.stop + around, side)) for part, side in zip(stencil.box, stencil.size, strict=True))
    return rows, columns


def _skin_blur(values: FloatArray, skin: Mask, sigma: float) -> FloatArray:
    """Blur (h, w, C) over the skin alone."""
    sums, weight = (blur_far(part, max(sigma, 0.4)) for part in (values * to_channels(skin, values.shape[-1]), skin))
    return np.asarray(sums / to_channels(weight, values.shape[-1]), np.float32)


def _tone(canvas: Canvas, pigment: Pigment | None) -> Film:
    return Film.of(pigment) if pigment is not None else Film.from_reflectance(canvas.shading.skin_albedo)


def _tone_share(pigment: Pigment | None) -> float:
    return 0.9 if pigment is not None else _OWN_TONE_SHARE
