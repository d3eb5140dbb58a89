"""What tests of rendering share: drawn faces of several tones, analysed once, and looks of one layer."""

from __future__ import annotations

import functools

import numpy as np

from drawn import FRONT, SKINS, FixedDetector, draw, mirror
from drawn import Light as DrawnLight
from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import FloatArray, Image, Mask
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.looks.layers import AnyLayer
from kohl.looks.look import Look
from kohl.rendering.canvas import Canvas
from kohl.rendering.renderer import render

SIDE = 320


@functools.cache
def drawn(
    tone: str = "medium",
    *,
    eyes_open: float = 1.0,
    yaw: float = 0.0,
    mouth_open: float = 0.0,
    light: DrawnLight = FRONT,
    side: int = SIDE,
) -> tuple[Image, Face]:
    """A drawn face and its analysis; the same arguments give the same objects."""
    drawing = draw((side, side), skin=SKINS[tone], eyes_open=eyes_open, yaw=yaw, mouth_open=mouth_open, light=light)
    drawing.image.setflags(write=False)
    return drawing.image, Analyzer(detector=FixedDetector(drawing.points)).analyze(drawing.image)[0]


@functools.cache
def drawn_mirrored(tone: str = "medium") -> tuple[Image, Face]:
    """The exact mirror image of `drawn(tone)` and its analysis."""
    drawing = draw((SIDE, SIDE), skin=SKINS[tone])
    image, points = mirror(drawing.image, drawing.points)
    return image, Analyzer(detector=FixedDetector(points)).analyze(image)[0]


def fresh_canvas(tone: str = "medium", **pose: float) -> Canvas:
    return Canvas.of(*drawn(tone, **pose))


def look_of(*layers: AnyLayer) -> Look:
    return Look(name="test", layers=layers)


@functools.cache
def painted(*layers: AnyLayer, tone: str = "medium", seed: int = 0, **pose: float) -> Image:
    image, face = drawn(tone, **pose)
    result = render(image, face, look_of(*layers), seed=seed)
    result.setflags(write=False)
    return result


def normals_of(face: Face) -> FloatArray:
    """(h, w, 3) normals of all of a face's window."""
    rows, columns = np.indices(face.field.facing.shape)
    return face.field.normals(rows.ravel(), columns.ravel()).reshape(*rows.shape, 3)


def whole(mask: Mask, face: Face) -> Mask:
    """A window mask (h, w) in the frame of the picture."""
    result = np.zeros(face.size, np.float32)
    result[face.window_slices] = mask
    return result


def difference(first: Image, second: Image) -> FloatArray:
    """(H, W) ΔE2000 per pixel."""
    return delta_e2000(lab_from_srgb(first), lab_from_srgb(second))


def mean_lab(image: Image, mask: Mask) -> FloatArray:
    """(3,) mean Lab of an (H, W, 3) picture where the (H, W) mask is above one half."""
    return lab_from_srgb(image)[mask > 0.5].mean(0)


def hue_degrees(lab: FloatArray) -> float:
    return float(np.degrees(np.arctan2(lab[2], lab[1])))
