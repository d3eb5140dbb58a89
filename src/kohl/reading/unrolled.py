"""A face unrolled onto the UV chart as colour relative to its own skin: light and skin tone are gone, makeup is left."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kohl.color.srgb import linear_from_srgb
from kohl.core.arrays import FloatArray, Image, Mask
from kohl.core.medians import median
from kohl.faces.face import Face
from kohl.faces.unrolling import ChartView
from kohl.geometry.shrinking import shrink_to
from kohl.reading.illumination import fit_illumination
from kohl.reading.zones import BARE, zone_mask
from kohl.rendering.light import Light, estimate_light, luminance

SIDE = 320
"""Pixels along the chart."""
_COARSE_SIDE = 160


@dataclass(frozen=True, eq=False)
class Unrolled:
    """`ratio` (S, S, 3): natural log of reflectance over the person's own skin, light taken out. `skin_seen`, `lips_seen` (S, S)
    masks: where skin and lips are seen. `skin` (3,) reflectance of the person's typical skin, `photo_skin` (3,) the same as it
    shows in the photo; `light` of the photo; `even` (S, S): the illumination that was taken out, 1 where the skin shows as
    `photo_skin`; `view`: where the chart lies in the photo.
    """

    ratio: FloatArray
    skin_seen: Mask
    lips_seen: Mask
    skin: FloatArray
    photo_skin: FloatArray
    light: Light
    even: Mask
    view: ChartView


def unroll_face(image: Image, face: Face) -> Unrolled:
    """Unroll `face` of `image`, (H, W, 3) sRGB [0, 1]."""
    return unroll_window(window_light(image, face), face)


def unroll_window(linear: FloatArray, face: Face) -> Unrolled:
    """Unroll `face`, whose window is `linear` (h, w, 3), linear light."""
    masks = face.masks
    even, photo_skin, light = _estimate_light(linear, face)
    view = ChartView.of(face.points, face.window, SIDE)
    texture, even = view.unroll(linear), view.unroll(even)
    ratio = np.log(np.maximum(texture / even[..., None], 2e-3)) - np.log(np.maximum(photo_skin, 2e-3))
    return Unrolled(
        ratio=np.asarray(ratio, np.float32),
        skin_seen=view.unroll(masks.skin) * view.seen,
        lips_seen=view.unroll(masks.lips) * view.seen,
        skin=np.asarray(photo_skin / light.color, np.float32),
        photo_skin=photo_skin,
        light=light,
        even=even,
        view=view,
    )


def window_light(image: Image, face: Face) -> FloatArray:
    """The face's window (h, w, 3) of `image`, sRGB [0, 1], in linear light."""
    return linear_from_srgb(np.ascontiguousarray(image[face.window_slices]))


def _estimate_light(linear: FloatArray, face: Face) -> tuple[Mask, FloatArray, Light]:
    """Return the illumination, on a coarse grid, 1 where the typical skin (3,) shows as it is, that skin, and the light."""
    height, width = linear.shape[:2]
    scale = min(1.0, _COARSE_SIDE / max(height, width))
    size = (max(1, round(height * scale)), max(1, round(width * scale)))
    normals = np.asarray(cv2.resize(face.field.coarse_normals, size[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
    coarse, skin, eyes = (shrink_to(picture, size) for picture in (linear, face.masks.skin, face.masks.eyes))
    trusted = skin * face.field.sample_small(zone_mask(BARE), size)
    bright = luminance(coarse)
    light = estimate_light(coarse, skin, eyes, normals)
    illumination = fit_illumination(bright, trusted, normals)
    typical = _typical_skin(coarse, trusted if (trusted > 0.5).sum() > 30 else skin, illumination)
    even = np.clip(illumination / float(luminance(typical)), 0.08, 3.0)
    return np.asarray(even, np.float32), typical, light


def _typical_skin(coarse: FloatArray, trusted: Mask, illumination: Mask) -> FloatArray:
    """Typical colour of the trusted skin, at its median luminance."""
    inside = trusted > 0.5
    if inside.sum() < 16:
        return np.array([0.45, 0.3, 0.22], np.float32)
    colors = coarse[inside] / np.maximum(illumination[inside][:, None], 1e-3)
    level = float(median(luminance(coarse[inside])))
    typical = median(colors)
    return np.asarray(typical * (level / max(float(luminance(typical)), 1e-4)), np.float32)
