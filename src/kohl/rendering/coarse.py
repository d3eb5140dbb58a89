"""A face's window, small: enough for light, shade and all else that is smooth."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, LinearImage, Mask
from kohl.faces.face import Face
from kohl.geometry.shrinking import shrink_to
from kohl.rendering.light import Light, estimate_light


@dataclass(frozen=True, eq=False)
class Coarse:
    """Small copies (h, w, ...) of a window in linear light, of its masks, and of the mesh's normals."""

    linear: LinearImage
    skin: Mask
    eyes: Mask
    normals: FloatArray

    @classmethod
    def of(cls, linear: LinearImage, face: Face, side: int) -> Coarse:
        """Copies of the window `linear` (H, W, 3) of `face` whose longer side is at most `side`."""
        height, width = linear.shape[:2]
        scale = min(1.0, side / max(height, width))
        size = (max(1, round(height * scale)), max(1, round(width * scale)))
        skin, eyes = (shrink_to(mask, size) for mask in (face.masks.skin, face.masks.eyes))
        normals = np.asarray(cv2.resize(face.field.coarse_normals, size[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
        return cls(shrink_to(linear, size), skin, eyes, normals)

    @property
    def size(self) -> tuple[int, int]:
        """(h, w)."""
        return self.skin.shape[0], self.skin.shape[1]

    @functools.cached_property
    def light(self) -> Light:
        """The light on the face."""
        return estimate_light(self.linear, self.skin, self.eyes, self.normals)
