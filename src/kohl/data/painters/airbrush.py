"""An airbrush artist: wide soft layers, multiplied or in soft light, on the encoded values as a retoucher's programme blends them."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import FloatArray, Image, Mask
from kohl.data.painters.easel import Blend, Easel
from kohl.data.painters.guides import EyeGuide, Guides, keep_off, mirrored
from kohl.data.painters.spraying import cloud, spray, union
from kohl.faces.contours import fill_all, ribbon
from kohl.faces.face import Face

Filter = tuple[float, float, float]
"""A colour, sRGB: what a multiplied layer lets through, or what a soft light shines with (0.5 changes nothing)."""
_UMBER: Filter = (0.62, 0.50, 0.44)
_PEACH: Filter = (0.82, 0.32, 0.40)
_SMOKE: Filter = (0.25, 0.19, 0.21)
_COAL: Filter = (0.13, 0.10, 0.11)
_WINE: Filter = (0.74, 0.36, 0.42)
_PEARL: Filter = (0.86, 0.83, 0.78)


class Airbrush:
    """Contour, peach blush, smoky lids with a thin line, wine lips, a little light on the nose and the cheekbones."""

    name = "airbrush"

    def paint(self, image: Image, face: Face, seed: int = 0) -> Image:
        """See `Painter.paint`; an airbrush has no hand, so `seed` changes nothing."""
        easel, guides = Easel.of(image, face), Guides.of(face)
        free = keep_off(face)
        skin = free * guides.face() * (1 - guides.lips())
        easel.lay(0.7 * _contour(guides) * skin, _multiply(_UMBER))
        easel.lay(0.7 * _blush(guides) * skin, _soft_light(_PEACH))
        easel.lay(0.75 * _light(guides) * skin, _soft_light(_PEARL))
        easel.lay(0.9 * _smoke(guides) * free, _multiply(_SMOKE))
        easel.lay(0.85 * _line(guides) * free, _multiply(_COAL))
        easel.lay(0.9 * _lips(guides) * free, _multiply(_WINE))
        easel.lay(0.6 * _lips(guides) * free, _soft_light(_PEACH))
        return easel.finish(image, face)


def _multiply(color: Filter) -> Blend:
    """Photoshop's "multiply": the product of both."""

    def blend(pixels: FloatArray, cover: FloatArray) -> FloatArray:
        return pixels * (1 - cover * (1 - np.array(color, np.float32)))

    return blend


def _soft_light(color: Filter) -> Blend:
    """Soft light by Pegtop's formula, (1 - 2 s) b² + 2 s b: the variant without a kink at one half."""

    def blend(pixels: FloatArray, cover: FloatArray) -> FloatArray:
        light = np.array(color, np.float32)
        return pixels + cover * ((1 - 2 * light) * pixels * pixels + (2 * light - 1) * pixels)

    return blend


def _contour(guides: Guides) -> Mask:
    unit, bands = guides.unit, []
    for numbers, width in (([93, 137, 147, 187], 0.20), ([172, 136, 150, 149], 0.16), ([21, 54, 103, 67], 0.22), ([188, 174, 198], 0.07)):
        for curve in guides.both(numbers):
            bands.append(ribbon(curve, np.full(len(curve), width * unit, np.float32)))
    return union(spray(bands[:6], 0.13 * unit, guides.size), 0.6 * spray(bands[6:], 0.045 * unit, guides.size))


def _blush(guides: Guides) -> Mask:
    """A cloud on each cheek that drifts towards the temple."""
    return union(*(_cheek(guides, flip) for flip in (False, True)))


def _cheek(guides: Guides, flip: bool) -> Mask:
    points = guides.points
    near, far, top, low = (points[mirrored(number) if flip else number] for number in (36, 227, 118, 207))
    apple = points[mirrored(50) if flip else 50]
    return cloud(apple + 0.18 * (far - near), 0.27 * (far - near), 0.20 * (top - low), guides.size)


def _light(guides: Guides) -> Mask:
    unit, points = guides.unit, guides.points
    nose = ribbon(points[[6, 197, 195, 5]], np.full(4, 0.05 * unit, np.float32))
    bones = [ribbon(curve, np.full(len(curve), 0.07 * unit, np.float32)) for curve in guides.both([118, 117, 111, 143])]
    return union(spray([nose], 0.03 * unit, guides.size), spray(bones, 0.05 * unit, guides.size))


def _smoke(guides: Guides) -> Mask:
    unit = guides.unit
    wide = spray([eye.above(-0.05, 1.35, reach=0.14) for eye in guides.eyes], 0.055 * unit, guides.size)
    near = spray([eye.above(-0.05, 0.75, reach=0.10) for eye in guides.eyes], 0.03 * unit, guides.size)
    under = spray([eye.below(0.16) for eye in guides.eyes], 0.03 * unit, guides.size)
    return union(0.7 * wide, 0.75 * near, 0.8 * under)


def _line(guides: Guides) -> Mask:
    return fill_all([_lash_line(eye) for eye in guides.eyes], guides.size)


def _lash_line(eye: EyeGuide) -> FloatArray:
    """Thickest over the outer third."""
    inwards = np.linspace(0, 1, len(eye.upper), dtype=np.float32)
    widths = eye.width * (0.018 + 0.06 * np.exp(-(((inwards - 0.3) / 0.25) ** 2)))
    return ribbon(eye.upper + eye.up * (widths[:, None] / 3), widths.astype(np.float32))


def _lips(guides: Guides) -> Mask:
    """The lips, softer at their outer edge and deeper towards the corners."""
    left, right = guides.points[291], guides.points[61]
    middle = (left + right) / 2
    pale = cloud(middle, 0.28 * (left - right), 0.6 * (guides.points[17] - guides.points[0]), guides.size)
    return guides.lips() * (1 - 0.35 * pale)
