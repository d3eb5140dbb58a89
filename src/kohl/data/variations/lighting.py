"""Another light: a soft lamp from some side, on the mesh's own normals, the same on before and after."""

from __future__ import annotations

import cv2
import numpy as np

from kohl.core.arrays import FloatArray
from kohl.data.variations.amounts import Amounts
from kohl.data.variations.motion import MeshMotion

_TINT = 0.12
"""How far the lamp's colour may be from white, in powers of e."""


def light_of(motion: MeshMotion, rng: np.random.Generator, much: Amounts) -> FloatArray:
    """(h, w, 3) by which linear light is multiplied: 1 on average over the face, and 1 far from it.

    First order in the normal, as Lambert's law under a wide lamp (Ramamoorthi & Hanrahan 2001): no edges of shadows, which take more than a mesh.
    """
    angle, strength = rng.uniform(0, 2 * np.pi), rng.uniform(0, much.light)
    direction = np.array([np.cos(angle), np.sin(angle)], np.float32)
    tint = rng.uniform(-_TINT, _TINT, 3).astype(np.float32) * np.float32(strength)
    facing = motion.normals[..., :2] @ direction
    weight = motion.nearness > 0.99
    facing = (facing - (float(facing[weight].mean()) if weight.any() else 0.0)) * motion.nearness
    facing = cv2.GaussianBlur(facing, (0, 0), 2.0)
    gain = np.exp(facing[..., None] * (np.float32(strength) + tint))
    return motion.enlarge(np.asarray(gain, np.float32))
