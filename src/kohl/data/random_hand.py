"""A painter without a style of its own: random colours by random arithmetic in random places. Food for the amplifier's prior, beside random looks.

One renderer's looks alone would teach the prior that renderer's habits. This hand has an easel, but no mask and no colour, in common with the
painters that the prior is measured on (`kohl.data.painters`): its places are zones of the chart, its colours curves that are drawn at random.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Image, Mask
from kohl.data.painters.easel import Blend, Easel
from kohl.faces.face import Face
from kohl.rendering.zones.eyes import ZONES, eyeshadow_zone
from kohl.rendering.zones.face import face_zone

_CHART_SIDE = 384
_CHEEKS = (("blush", "apples"), ("blush", "draped"), ("bronzer", "frame"), ("contour", "cheekbones"), ("contour", "jaw"), ("highlighter", "full"))
_MOST_COVER = (0.3, 0.95)
_LUMA = np.array([0.3, 0.59, 0.11], np.float32)
_WHOLE = 0.5
"""Cover above which a pixel counts for the middle colour of its place."""

Curve = Callable[[FloatArray, FloatArray], FloatArray]
"""(pixels (N, 3) sRGB, their middle colour (3,)) → painted at full cover, (N, 3)."""


@dataclass(frozen=True, eq=False)
class _Stroke:
    """One layer: where it lies, as a texture of the chart or on the lips of the picture (None), how soft there, how much and what it does."""

    texture: Mask | None
    softness: float
    cover: float
    curve: Curve


class RandomHand:
    """One to five layers, the same on every face. A `kohl.data.painters.Painter`."""

    name = "random-hand"

    def __init__(self, random: np.random.Generator) -> None:
        self._strokes = tuple(_draw_stroke(random) for _ in range(int(random.integers(1, 6))))

    def paint(self, image: Image, face: Face, seed: int = 0) -> Image:
        """See `Painter.paint`; `seed` changes nothing."""
        easel = Easel.of(image, face)
        for stroke in self._strokes:
            easel.lay(stroke.cover * _place(stroke, face) * face.masks.clear * (1 - face.masks.eyes), _blend(stroke.curve))
        return easel.finish(image, face)


def _blend(curve: Curve) -> Blend:
    def blend(pixels: FloatArray, cover: FloatArray) -> FloatArray:
        if not len(pixels):
            return pixels
        counted = pixels[cover[:, 0] > _WHOLE * cover.max()]
        return pixels + cover * (np.clip(curve(pixels, np.median(counted, axis=0)), 0, 1) - pixels)

    return blend


def _place(stroke: _Stroke, face: Face) -> Mask:
    if stroke.texture is not None:
        return np.asarray(face.field.sample(stroke.texture) * face.field.facing * (1 - face.masks.lips), np.float32)
    return np.asarray(cv2.GaussianBlur(face.masks.lips, None, max(stroke.softness * face.eye_distance, 0.3)), np.float32)


def _draw_stroke(random: np.random.Generator) -> _Stroke:
    softness = float(random.uniform(0, 0.05))
    return _Stroke(_draw_texture(random), softness, float(random.uniform(*_MOST_COVER)), _draw_curve(random))


def _draw_texture(random: np.random.Generator) -> Mask | None:
    """Lips (None), a zone of eyeshadow or of the cheeks, or a blot anywhere, on both sides or on one."""
    kind = random.choice(["lips", "lids", "cheeks", "blot"], p=[0.3, 0.35, 0.2, 0.15])
    if kind == "lips":
        return None
    if kind == "blot":
        return _blot(random)
    if kind == "lids":
        pattern = str(random.choice(["classic", "smoky", "cut_crease"]))
        chosen = random.choice(ZONES, size=int(random.integers(1, 4)), replace=False)
        zone = np.max([eyeshadow_zone(str(name), pattern) for name in chosen], axis=0)
    else:
        zone = face_zone(*_CHEEKS[int(random.integers(len(_CHEEKS)))])
    # A power moves the edge in or out.
    return np.ascontiguousarray(zone ** np.float32(random.uniform(0.5, 3.0)), np.float32)


def _blot(random: np.random.Generator) -> Mask:
    x, y = np.meshgrid(*[(np.arange(_CHART_SIDE) + 0.5).astype(np.float32) / _CHART_SIDE] * 2)
    middle, radii = random.uniform(0.2, 0.8, 2), random.uniform(0.02, 0.12, 2)
    away = np.sqrt(((x - middle[0]) / radii[0]) ** 2 + ((y - middle[1]) / radii[1]) ** 2)
    # From a soft cloud to a disc with an edge.
    one = np.clip(1.5 - away, 0, 1) ** np.float32(random.uniform(0.3, 2.0))
    return np.asarray(np.maximum(one, one[:, ::-1]) if random.random() < 0.75 else one, np.float32)


def _draw_curve(random: np.random.Generator) -> Curve:
    """A power and a gain per channel, mixed with the luma and with a fixed colour; or the same around the place's own middle colour."""
    power = random.uniform(0.6, 1.8, 3).astype(np.float32)
    colour = random.uniform(0.02, 0.95, 3).astype(np.float32)
    to_luma, to_colour = np.float32(random.uniform(0, 0.8)), np.float32(random.uniform(0.2, 1.0))
    contrast, is_relative = np.float32(random.uniform(0.3, 1.3)), random.random() < 0.3

    def curve(pixels: FloatArray, middle: FloatArray) -> FloatArray:
        if is_relative:
            return np.asarray(colour * (0.4 + 0.6 * middle @ _LUMA) + contrast * (pixels - middle), np.float32)
        grey = pixels @ _LUMA[:, None]
        own = pixels**power
        shaded = colour * (grey / max(float(middle @ _LUMA), 0.05)) ** contrast
        return np.asarray((1 - to_colour) * (own + to_luma * (grey - own)) + to_colour * shaded, np.float32)

    return curve
