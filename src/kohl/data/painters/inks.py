"""A graphic artist: flat colours with crisp edges, a winged line, dots under the eyes, and light that is screened on."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import FloatArray, Image, Mask, Points
from kohl.data.painters.easel import Blend, Easel
from kohl.data.painters.guides import EyeGuide, Guides, keep_off
from kohl.data.painters.spraying import spray, union
from kohl.faces.contours import fill_all, ribbon, smooth_curve
from kohl.faces.face import Face

Ink = tuple[float, float, float]
"""A colour, sRGB."""
_ULTRAMARINE: Ink = (0.09, 0.13, 0.52)
_TURQUOISE: Ink = (0.14, 0.52, 0.60)
_CORAL: Ink = (0.76, 0.15, 0.20)
_CHAMPAGNE: Ink = (0.36, 0.30, 0.22)
_BRIGHT = 0.5
"""Luma below an ink from which on it shines with all its colour; in less light it is darker itself."""
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""Weights of Rec. 601, on encoded values."""
_DOTS = (8, 16, 24)
"""Where the dots hang: samples along the lower lid, from the outer corner."""


class Inks:
    """Turquoise lids under an ultramarine wing, three dots below each eye, opaque coral lips, champagne light."""

    name = "inks"

    def paint(self, image: Image, face: Face, seed: int = 0) -> Image:
        """See `Painter.paint`; ink is drawn with a ruler's hand, so `seed` changes nothing."""
        easel, guides = Easel.of(image, face), Guides.of(face)
        free = keep_off(face)
        easel.lay(_light(guides) * free * guides.face() * (1 - guides.lips()), _screen(_CHAMPAGNE))
        easel.lay(0.6 * _lids(guides) * free, _ink(_TURQUOISE))
        easel.lay(0.9 * _lines(guides) * free, _ink(_ULTRAMARINE))
        easel.lay(0.85 * guides.lips(overline=0.008) * free, _ink(_CORAL))
        return easel.finish(image, face)


def _ink(color: Ink) -> Blend:
    """A flat colour that keeps some of the light and shade below: its luma follows the pixel's, against the usual one of its place."""

    def blend(pixels: FloatArray, cover: FloatArray) -> FloatArray:
        light = pixels @ _LUMA[:, None]
        usual = max(float(np.median(light)) if len(light) else 1.0, 0.05)
        shade = np.clip(light / usual, 0.4, 2.0) ** 0.6
        dim = min(usual / _BRIGHT, 1.0) ** 0.4
        paint = (shade * dim).astype(np.float32) * np.array(color, np.float32)
        return np.asarray(pixels + cover * (paint - pixels), np.float32)

    return blend


def _screen(color: Ink) -> Blend:
    """Screen: the complements multiply, so it only ever brightens."""

    def blend(pixels: FloatArray, cover: FloatArray) -> FloatArray:
        return np.asarray(1 - (1 - pixels) * (1 - cover * np.array(color, np.float32)), np.float32)

    return blend


def _light(guides: Guides) -> Mask:
    unit, points = guides.unit, guides.points
    bones = [ribbon(curve, np.full(len(curve), 0.11 * unit, np.float32)) for curve in guides.both([50, 117, 111, 143])]
    nose = ribbon(smooth_curve(points[[168, 197, 5, 4]]), np.full(25, 0.06 * unit, np.float32))
    bow = ribbon(points[[39, 0, 269]] - [0, 0.03 * unit], np.full(3, 0.04 * unit, np.float32))
    corners = [eye.above(-0.3, 0.6)[30:50] for eye in guides.eyes]
    return union(0.9 * spray(bones, 0.035 * unit, guides.size), 0.7 * spray([nose, bow, *corners], 0.016 * unit, guides.size))


def _lids(guides: Guides) -> Mask:
    """One block of colour from the lashes over the crease, its edges cut clean."""
    return fill_all([eye.above(-0.02, 1.22, reach=0.12) for eye in guides.eyes], guides.size)


def _lines(guides: Guides) -> Mask:
    outlines = [outline for eye in guides.eyes for outline in (_wing(eye), *_dots(eye))]
    return fill_all(outlines, guides.size)


def _wing(eye: EyeGuide) -> Points:
    """The closed outline of the line on the lashes, thicker outwards, and of its wing."""
    outwards = np.linspace(1, 0, len(eye.upper), dtype=np.float32)[:, None]
    top = eye.upper + eye.up * (eye.width * (0.022 + 0.10 * outwards**1.3))
    tip = eye.upper[0] + eye.width * (0.36 * eye.out + 0.20 * eye.up)
    neck = eye.upper[0] + eye.width * (0.10 * eye.out + 0.012 * eye.up)
    lashes = eye.upper - eye.up * (0.012 * eye.width)
    return np.asarray(np.concatenate([[tip], top[4:], lashes[:1:-1], [neck]]), np.float32)


def _dots(eye: EyeGuide) -> list[Points]:
    turn = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    circle = np.stack([np.cos(turn), np.sin(turn)], 1)
    spots = [eye.lower[place] - eye.up * (0.17 * eye.width) for place in _DOTS]
    return [np.asarray(spot + 0.042 * eye.width * circle, np.float32) for spot in spots]
