"""The reference laid over the source, piece by piece, so that the same part of the face lies at the same pixel."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Mask
from kohl.evaluation.case import Portrait
from kohl.faces.face import Face
from kohl.faces.unrolling import ChartView

SIDE = 512
"""Chart points along a side at which positions are carried over; between them they are interpolated."""


@dataclass(frozen=True, eq=False)
class Alignment:
    """`at` (h, w, 2): for every pixel of the source's window, where in the reference's window the same point of the face lies,
    x, y in pixels. `seen` (h, w) mask: where both faces show it.
    """

    at: FloatArray
    seen: Mask
    scale: float
    """How many pixels of the source one pixel of the reference is long."""

    @classmethod
    def of(cls, source: Face, reference: Face) -> Alignment:
        """Piecewise affine over the 478 points of both meshes."""
        view = ChartView.of(reference.points, reference.window, SIDE)
        carried = source.field.sample(np.dstack([view.at, view.seen * view.unroll(reference.masks.clear)]))
        seen = np.asarray(np.clip(carried[..., 2], 0, 1) * source.field.facing, np.float32)
        return cls(np.ascontiguousarray(carried[..., :2]), seen, source.eye_distance / reference.eye_distance)

    def carry(self, pixels: FloatArray) -> FloatArray:
        """Look up `pixels` of the reference's window, (H, W) or (H, W, C), at every pixel of the source's window."""
        height, width = pixels.shape[:2]
        if self.scale < 0.7:
            # The source is the smaller face: single pixels of the reference would alias.
            pixels = cv2.resize(pixels, None, fx=self.scale, fy=self.scale, interpolation=cv2.INTER_AREA)
        ratio = np.array([pixels.shape[1] / width, pixels.shape[0] / height], np.float32)
        at = self.at * ratio - np.float32(0.5)
        return np.asarray(cv2.remap(pixels, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def window_of(portrait: Portrait) -> FloatArray:
    """The face's window of a portrait, (h, w, 3) sRGB in [0, 1]."""
    return np.ascontiguousarray(portrait.image[portrait.face.window_slices])
