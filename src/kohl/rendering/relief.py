"""Where the surface faces: the mesh's normals, and the eyeball's under the lids, for which the mesh is too coarse."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kohl.core.arrays import FloatArray
from kohl.faces import landmarks
from kohl.rendering.canvas import Canvas
from kohl.rendering.stencil import Stencil

Relief = Callable[[Canvas, Stencil], FloatArray]
"""Unit normals, a list (1, N, 3), of the surface at a stencil's pixels; x right, y down, z towards the viewer."""

_CROWN = 0.6
"""Radius in eye widths of the ball that a lid's band is taken for; its crown lies halfway from the lashes to the crease."""


def mesh_relief(canvas: Canvas, stencil: Stencil) -> FloatArray:
    """Normals of the face mesh."""
    return canvas.face.field.normals(*stencil.places)[None]


def lid_relief(canvas: Canvas, stencil: Stencil) -> FloatArray:
    """Normals of the mesh, and of a ball under each upper lid, which is pulled tight over the eye and shines at its crown."""
    normals = mesh_relief(canvas, stencil)
    rows, columns = (np.asarray(place, np.float32)[None] + np.float32(0.5) for place in stencil.places)
    points = canvas.face.local_points[:, :2]
    for lid, crease in ((landmarks.RIGHT_LID_UPPER, landmarks.RIGHT_CREASE), (landmarks.LEFT_LID_UPPER, landmarks.LEFT_CREASE)):
        radius = max(_CROWN * float(np.linalg.norm(points[lid[0]] - points[lid[-1]])), 1.0)
        middle = (points[lid[len(lid) // 2]] + points[crease[len(crease) // 2]]) / 2
        aside, down = (columns - middle[0]) / radius, (rows - middle[1]) / radius
        out = aside**2 + down**2
        ball = np.stack([aside, down, np.sqrt(np.maximum(1 - out, 0.04))], -1)
        share = np.clip((1.1 - out) / 0.4, 0, 1)[..., None]
        normals += share * (ball - normals)
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=-1, keepdims=True), 1e-6), np.float32)
