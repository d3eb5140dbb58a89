"""A face unrolled onto the UV chart as colour relative to its own skin: light and skin tone are gone, makeup is left."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import numpy as np

from kohl.color.srgb import linear_from_srgb
from kohl.core.arrays import FloatArray, Image, Mask
from kohl.core.channels import plus, to_channels
from kohl.core.medians import median
from kohl.faces.face import Face
from kohl.faces.unrolling import ChartView
from kohl.geometry.shrinking import shrink_by
from kohl.reading.illumination import fit_illumination
from kohl.reading.zones import BARE, zone_mask
from kohl.rendering.coarse import Coarse
from kohl.rendering.light import Light, luminance

SIDE = 320
"""Pixels along the chart."""
_COARSE_SIDE = 160


@dataclass(frozen=True, eq=False)
class Unrolled:
    """`ratio` (S, S, 3): natural log of reflectance over the person's own skin, light taken out. `skin_seen`, `lips_seen` (S, S)
    masks: where skin and lips are seen. `photo_skin` (3,): the person's typical skin as it shows in the photo; `even` (S, S): the
    illumination that was taken out, 1 where the skin shows so; `view`: where the chart lies in the photo; `coarse`: its window, small.
    """

    ratio: FloatArray
    skin_seen: Mask
    lips_seen: Mask
    photo_skin: FloatArray
    even: Mask
    view: ChartView
    coarse: Coarse

    @property
    def side(self) -> int:
        """S, points along the chart."""
        return len(self.even)

    @functools.cached_property
    def light(self) -> Light:
        """Of the photo."""
        return self.coarse.light

    @functools.cached_property
    def skin(self) -> FloatArray:
        """(3,) reflectance of the person's typical skin."""
        return np.asarray(self.photo_skin / self.light.color, np.float32)

    def at_side(self, side: int) -> Unrolled:
        """The same on a chart of (side, side) points, a whole part of its own: each the mean of those it stands for."""
        factor = self.side // side
        if factor == 1:
            return self
        ratio, skin_seen, lips_seen, even = (shrink_by(values, factor) for values in (self.ratio, self.skin_seen, self.lips_seen, self.even))
        return replace(self, ratio=ratio, skin_seen=skin_seen, lips_seen=lips_seen, even=even, view=self.view.thinned(factor))


def unroll_face(image: Image, face: Face) -> Unrolled:
    """Unroll `face` of `image`, (H, W, 3) sRGB [0, 1]."""
    return unroll_window(window_light(image, face), face)


def unroll_window(linear: FloatArray, face: Face) -> Unrolled:
    """Unroll `face`, whose window is `linear` (h, w, 3), linear light."""
    masks = face.masks
    coarse = Coarse.of(linear, face, _COARSE_SIDE)
    even, photo_skin = _illumination(coarse, face)
    view = ChartView.of(face.points, face.window, SIDE)
    texture, even = view.unroll(linear), view.unroll(even)
    ratio = plus(np.log(np.maximum(texture / to_channels(even), 2e-3)), -np.log(np.maximum(photo_skin, 2e-3)))
    return Unrolled(
        ratio=ratio,
        skin_seen=view.unroll(masks.skin) * view.seen,
        lips_seen=view.unroll(masks.lips) * view.seen,
        photo_skin=photo_skin,
        even=even,
        view=view,
        coarse=coarse,
    )


def window_light(image: Image, face: Face) -> FloatArray:
    """The face's window (h, w, 3) of `image`, sRGB [0, 1], in linear light."""
    return linear_from_srgb(np.ascontiguousarray(image[face.window_slices]))


def _illumination(coarse: Coarse, face: Face) -> tuple[Mask, FloatArray]:
    """Return the illumination, on a coarse grid, 1 where the typical skin (3,) shows as it is, and that skin."""
    trusted = coarse.skin * face.field.sample_small(zone_mask(BARE), coarse.size)
    illumination = fit_illumination(luminance(coarse.linear), trusted, coarse.normals)
    typical = _typical_skin(coarse.linear, trusted if (trusted > 0.5).sum() > 30 else coarse.skin, illumination)
    even = np.clip(illumination / float(luminance(typical)), 0.08, 3.0)
    return np.asarray(even, np.float32), typical


def _typical_skin(coarse: FloatArray, trusted: Mask, illumination: Mask) -> FloatArray:
    """Typical colour of the trusted skin, at its median luminance."""
    inside = trusted > 0.5
    if inside.sum() < 16:
        return np.array([0.45, 0.3, 0.22], np.float32)
    colors = coarse[inside] / np.maximum(illumination[inside][:, None], 1e-3)
    level = float(median(luminance(coarse[inside])))
    typical = median(colors)
    return np.asarray(typical * (level / max(float(luminance(typical)), 1e-4)), np.float32)
