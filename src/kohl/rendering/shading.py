"""Shading: a face's window split into albedo, shading and highlights, I = A · D · L + S.

The luminance detail of skin and lips (pores, lines, grain) counts as shading, so that it passes through every film
untouched; only colour and the region's typical lightness are albedo. In brow hair it is the other way round: hair is dark
because of what it is. Method: intrinsic layers as in Li, Zhou & Lin (CVPR 2015), with the decomposition solved by
smoothing over the skin instead of optimisation, which is what a CPU has time for.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from kohl.core.arrays import Box, FloatArray, LinearImage, Mask
from kohl.core.medians import median
from kohl.core.side_by_side import side_by_side
from kohl.faces.face import Face
from kohl.geometry.shrinking import shrink_to
from kohl.geometry.smoothing import blur_far
from kohl.geometry.strips import around, strips, whole
from kohl.rendering.coarse import Coarse
from kohl.rendering.light import Light, luminance
from kohl.rendering.lip_rim import LipRim, raise_on_rim
from kohl.rendering.stencil import box_of

_COARSE_SIDE = 224
"""Longer side of the grid on which smooth quantities are found."""
_SHADE_WIDTH = 0.045
"""Standard deviation of the illumination map, in shares of the window: sockets count as shade, pores do not."""
_HIGHLIGHT_FROM = 1.12
"""Times the region's typical lightness from which on a pixel's light counts as mirrored …"""
_HIGHLIGHT_SHARE = 0.8
"""… and how much of what goes beyond does."""
_LIP_HEIGHT, _LIPS_RANGE, _LIPS_OWN = 0.012, (0.25, 4.0), 0.5
"""Standard deviation, in shares of the window, over which a lip's lightness is taken, so that glints do not count; how far it may lie from that of
both; and the power of it that is the lip's own colour. The rest is light: a lower lip catches more of it, and shines.
"""
_AIR = 0.03
"""Shares of the window around the face that are split as well."""
_WHITEST = 0.96
"""What a surface reflects at most. Kubelka–Munk has a pole where the ground outshines an opaque white film."""
_SHEEN = 0.07
"""Share of the light that oily skin mirrors over broad areas (a few per cent: Marschner et al. 1999)."""
_GLINT = 0.008
"""Standard deviation, in shares of the window, of what is smooth in the photo's highlights; the rest are glints on pores and lines."""


@dataclass(frozen=True, eq=False)
class Shading:
    """`albedo` (h, w, 3) in (0, 0.96]; `shade` (h, w) D, about 1 where the face is lit as usual; `highlight` (h, w) S in
    units of luminance; `light`; `skin_albedo` (3,) the person's own typical skin; all in linear light.
    """

    albedo: LinearImage
    shade: Mask
    highlight: Mask
    light: Light
    skin_albedo: FloatArray
    illumination: Mask

    @functools.cached_property
    def sheen(self) -> Mask:
        """(h, w) the smooth part of the highlight: what powder takes away. What stands out of it shows pores and lines, which powder leaves."""
        return np.minimum(self.highlight, blur_far(self.highlight, _GLINT * max(self.highlight.shape)))

    @functools.cached_property
    def grain(self) -> Mask:
        """(h, w) the shade over its neighbourhood's, about 1: pores, lines and the creases of lips."""
        return np.asarray(self.shade / np.maximum(blur_far(self.shade, _GLINT * max(self.shade.shape)), 1e-3), np.float32)


def estimate_shading(linear: LinearImage, face: Face) -> Shading:
    """Split the face's window `linear` (h, w, 3), linear light."""
    coarse = Coarse.of(linear, face, _COARSE_SIDE)
    light = coarse.light
    typical = _typical_color(coarse.linear, coarse.skin)
    level = float(luminance(typical))
    illumination = _without_sheen(_illumination(coarse, level), level / float(luminance(light.color)))
    lips = shrink_to(face.masks.lips, coarse.size)
    lip_level = _lip_level(coarse, illumination, lips, level)
    rim = LipRim.of(luminance(coarse.linear) / (illumination * lip_level), lips)
    maps = (illumination, lip_level, rim.share, rim.behind)
    full, of_lips, share, behind = (cv2.resize(values, linear.shape[1::-1], interpolation=cv2.INTER_LINEAR) for values in maps)
    albedo, shade, highlight = np.empty_like(linear), np.ones_like(full), np.zeros_like(full)
    reach = _reach(face)

    def split(part: Box) -> None:
        lips = face.masks.lips[part]
        expected = full[part] * (level + (of_lips[part] - level) * lips)
        expected = raise_on_rim(expected, luminance(linear[part]), lips, share[part], behind[part])
        albedo[part], shade[part], highlight[part] = _split(linear[part], expected, full[part], face.masks.brows[part], light)

    def leave(part: Box) -> None:
        # Beyond the face nothing is painted but a lash's tip: all that is seen there counts as surface.
        albedo[part], shade[part] = _below_white(_diffuse_albedo(cv2.split(linear[part]), highlight[part], shade[part], light), shade[part])

    beyond = [functools.partial(leave, part) for box in around(reach, full.shape) for part in strips(box)]
    side_by_side([functools.partial(split, part) for part in strips(reach)] + beyond)
    return Shading(albedo, shade, highlight, light, (typical / light.color).astype(np.float32), full)


def _reach(face: Face) -> Box:
    """The box of the window around all of the face that is turned to the viewer, and as far as smooth maps reach beyond."""
    shape = face.field.facing.shape
    box = box_of(face.field.facing)
    if box is None:
        return whole(shape)
    air = round(_AIR * max(shape))
    rows, columns = (slice(max(0, part.start - air), min(side, part.stop + air)) for part, side in zip(box, shape, strict=True))
    return rows, columns


def _split(linear: LinearImage, expected: Mask, illumination: Mask, brows: Mask, light: Light) -> tuple[LinearImage, Mask, Mask]:
    """Albedo, shade and highlight of some rows, whose surfaces' luminance is `expected` to be so much under `illumination`."""
    planes = cv2.split(linear)
    bright = luminance(linear)
    highlight = _highlight(planes, bright, expected, light)
    detail = np.clip((bright - highlight) / np.maximum(expected, 1e-4), 0.05, 4.0)
    shade = np.maximum(illumination * (detail * (1 - brows) + brows), 0.02)
    albedo, shade = _below_white(_diffuse_albedo(planes, highlight, shade, light), shade)
    return albedo, shade, highlight


def _highlight(planes: Sequence[Mask], bright: Mask, expected: Mask, light: Light) -> Mask:
    """Luminance that a dull surface of the region's lightness would not have; never all of a pixel's light.

    On deep skin most of what is bright is mirrored light: it adds to the colour and must not multiply a film's.
    """
    excess = np.maximum(bright - _HIGHLIGHT_FROM * expected, 0) * _HIGHLIGHT_SHARE
    red, green, blue = (plane * (0.9 / level) for plane, level in zip(planes, light.white, strict=True))
    return np.asarray(np.minimum(excess, np.minimum(np.minimum(red, green), blue)), np.float32)


def _diffuse_albedo(planes: Sequence[Mask], highlight: Mask, shade: Mask, light: Light) -> list[Mask]:
    """Reflectance per channel, (h, w) each: what is left of a pixel without its highlight, over the light that falls on it."""
    inverse = 1 / shade
    levels = zip(planes, light.white, light.color, strict=True)
    return [np.maximum((plane - highlight * white) * (inverse / color), 1e-3) for plane, white, color in levels]


def _below_white(planes: Sequence[Mask], shade: Mask) -> tuple[LinearImage, Mask]:
    """Hand what no surface can reflect over to the shade; their product stays. Shaded skin, lit by skin, is redder than any skin."""
    red, green, blue = planes
    factor = np.minimum(_WHITEST / np.maximum(np.maximum(red, green), blue), 1)
    albedo = cv2.merge([plane * factor for plane in planes])
    return np.asarray(albedo, np.float32), np.asarray(shade / factor, np.float32)


def _without_sheen(illumination: Mask, albedo: float) -> Mask:
    """Take the mirrored part out of broad bright areas: the darker the skin, the more of their light is mirrored."""
    diffuse_share = albedo / (albedo + _SHEEN)
    return np.asarray(np.where(illumination > 1, 1 + (illumination - 1) * diffuse_share, illumination), np.float32)


def _illumination(coarse: Coarse, typical: float) -> Mask:
    """Luminance of the skin around each point over the typical one; continued over lips, eyes and hair."""
    bright = luminance(coarse.linear)
    sigma = _SHADE_WIDTH * max(bright.shape)
    # A pixel of hair or nostril that slipped into the mask must not darken its surroundings.
    trusted = coarse.skin * np.clip((bright / max(typical, 1e-4) - 0.12) / 0.15, 0, 1) + 1e-5
    parts = cv2.merge([bright * trusted, trusted, coarse.skin])
    (near, near_weight, around), (far, far_weight, _) = (cv2.split(blur_far(parts, width)) for width in (sigma, 4 * sigma))
    near, far = near / np.maximum(near_weight, 1e-9), far / np.maximum(far_weight, 1e-9)
    share = np.clip(around * 4, 0, 1)
    smooth = near * share + far * (1 - share)
    return np.asarray(np.clip(smooth / max(typical, 1e-4), 0.12, 2.2), np.float32)


def _lip_level(coarse: Coarse, illumination: Mask, lips: Mask, fallback: float) -> Mask:
    """(h, w) luminance of the lips under even light. Part of what one lip is lighter than the other is its own colour and no mirrored light: a lower
    lip that is paler by nature would shine through every lipstick as a grey veil.
    """
    typical = _typical_level(coarse, illumination, lips, fallback)
    bright = np.log(np.clip(luminance(coarse.linear) / (illumination * max(typical, 1e-4)), *_LIPS_RANGE))
    core, sigma = lips * lips, _LIP_HEIGHT * max(lips.shape)
    own = blur(bright * core, sigma) / (blur(core, sigma) + 0.01)
    return np.asarray(typical * np.exp(_LIPS_OWN * own), np.float32)


def _typical_level(coarse: Coarse, illumination: Mask, mask: Mask, fallback: float) -> float:
    """Median luminance of a region with the illumination taken out."""
    inside = mask > 0.6
    if inside.sum() < 8:
        return fallback * 0.7
    return float(median(luminance(coarse.linear)[inside] / illumination[inside]))


def _typical_color(linear: LinearImage, mask: Mask) -> FloatArray:
    inside = mask > 0.6
    if inside.sum() < 16:
        return np.array([0.45, 0.3, 0.22], np.float32)
    return np.asarray(_typical_of(linear[inside]), np.float32)


def _typical_of(colors: LinearImage) -> FloatArray:
    """Mean colour of the well-lit middle: between the 50th and the 80th percentile of luminance."""
    bright = luminance(colors)
    low, high = np.percentile(bright, (50, 80))
    return np.asarray(colors[(bright >= low) & (bright <= high)].mean(0), np.float32)


def blur(array: FloatArray, sigma: float) -> FloatArray:
    """Gaussian blur of (h, w) or (h, w, C), `sigma` in pixels; the border is repeated."""
    return np.asarray(cv2.GaussianBlur(array, (0, 0), max(sigma, 0.3), borderType=cv2.BORDER_REPLICATE), np.float32)
