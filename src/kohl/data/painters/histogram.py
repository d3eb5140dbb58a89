"""A colourist: makes the colours of lips, lids and cheeks follow a palette's own distribution, region by region.

Each channel of Lab is carried, rank by rank, to the quantiles that the palette asks for (histogram matching: Gonzalez & Woods, "Digital Image
Processing", section 3.3). So what a pixel becomes depends on all pixels of its region, as in no other painter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kohl.color.lab import lab_from_srgb, srgb_from_lab
from kohl.core.arrays import FloatArray, Image, Mask
from kohl.data.painters.easel import Blend, Easel
from kohl.data.painters.guides import Guides, keep_off
from kohl.data.painters.spraying import spray, union
from kohl.faces.contours import ribbon
from kohl.faces.face import Face

_RANKS = np.array([0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98])
"""At which shares of a region's pixels a palette's quantiles stand."""
_STEEPEST = 2.5
"""How far a region's contrast may be stretched: beyond it, noise and the steps of 8 bits would show."""
_WHOLE = 0.5
"""Mask above which a pixel counts in its region's distribution."""

Quantiles = tuple[float, float, float, float, float, float, float]


@dataclass(frozen=True)
class Palette:
    """What a region's colours shall be: quantiles of L*, a*, b* at `_RANKS`, and how much of the way there a full mask goes.

    `lightness` is relative to the median L* of the region as it was, because a cheek stays a cheek on fair and on deep skin; with
    `is_opaque` it is the L* itself.
    """

    lightness: Quantiles
    a: Quantiles
    b: Quantiles
    strength: float
    is_opaque: bool = False


_BRICK = Palette(
    lightness=(17.0, 23.0, 28.0, 33.0, 38.0, 45.0, 58.0),
    a=(26.0, 34.0, 39.0, 43.0, 46.0, 49.0, 53.0),
    b=(8.0, 14.0, 18.0, 22.0, 25.0, 28.0, 32.0),
    strength=0.85,
    is_opaque=True,
)
_COPPER = Palette(
    lightness=(-32.0, -25.0, -19.0, -12.0, -6.0, 0.0, 8.0),
    a=(13.0, 18.0, 22.0, 25.0, 28.0, 31.0, 35.0),
    b=(18.0, 24.0, 29.0, 33.0, 36.0, 39.0, 44.0),
    strength=0.9,
)
_APRICOT = Palette(
    lightness=(-20.0, -14.0, -9.0, -4.5, 0.0, 5.0, 11.0),
    a=(22.0, 26.0, 30.0, 33.0, 36.0, 38.0, 42.0),
    b=(17.0, 20.0, 23.0, 25.0, 27.0, 29.0, 33.0),
    strength=0.85,
)


class Histogram:
    """Brick lips, copper lids, apricot cheeks."""

    name = "histogram"

    def paint(self, image: Image, face: Face, seed: int = 0) -> Image:
        """See `Painter.paint`; nothing in it is random, so `seed` changes nothing."""
        easel, guides = Easel.of(image, face), Guides.of(face)
        free = keep_off(face)
        easel.lay(_cheeks(guides) * free * guides.face() * (1 - guides.lips()), _match(_APRICOT))
        easel.lay(_lids(guides) * free, _match(_COPPER))
        easel.lay(guides.lips() * free, _match(_BRICK))
        return easel.finish(image, face)


def _match(palette: Palette) -> Blend:
    def blend(pixels: FloatArray, cover: FloatArray) -> FloatArray:
        lab = lab_from_srgb(pixels)
        counted = lab[cover[:, 0] > _WHOLE]
        if len(counted) < 2 * len(_RANKS):
            return pixels
        middle = 0.0 if palette.is_opaque else float(np.median(counted[:, 0]))
        targets = (np.array(palette.lightness) + middle, np.array(palette.a), np.array(palette.b))
        matched = np.stack([_carry(lab[:, i], counted[:, i], target) for i, target in enumerate(targets)], 1)
        return srgb_from_lab(lab + np.float32(palette.strength) * cover * (matched - lab))

    return blend


def _carry(values: FloatArray, counted: FloatArray, target: FloatArray) -> FloatArray:
    """Carry `values` (N,) by the map that brings the quantiles of `counted` (M,) to `target` (7,), straight in between and beyond."""
    own = np.quantile(counted, _RANKS).astype(np.float64)
    middle = len(_RANKS) // 2
    slopes = np.minimum(np.diff(target) / np.maximum(np.diff(own), 1e-3), _STEEPEST)
    rises = np.concatenate([[0.0], np.cumsum(slopes * np.diff(own))])
    carried = target[middle] + rises - rises[middle]
    result = np.interp(values, own, carried)
    result += np.minimum(values - own[0], 0) * slopes[0] + np.maximum(values - own[-1], 0) * slopes[-1]
    return np.asarray(result, np.float32)


def _lids(guides: Guides) -> Mask:
    unit = guides.unit
    upper = spray([eye.above(-0.05, 1.3, reach=0.16) for eye in guides.eyes], 0.03 * unit, guides.size)
    return union(upper, 0.6 * spray([eye.below(0.12) for eye in guides.eyes], 0.02 * unit, guides.size))


def _cheeks(guides: Guides) -> Mask:
    unit, bands = guides.unit, []
    for curve in guides.both([36, 50, 117, 227]):
        across = np.linspace(0.40, 0.24, len(curve), dtype=np.float32)
        bands.append(ribbon(curve, across * np.float32(unit)))
    return spray(bands, 0.11 * unit, guides.size)
