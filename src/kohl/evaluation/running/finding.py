"""Looking for a face again: in a result, and in the mirror image of its own source, to know how sure the first look was."""

from __future__ import annotations

import math

import numpy as np

from kohl.core.arrays import Image, Points3
from kohl.core.errors import FaceError
from kohl.evaluation.case import Portrait
from kohl.evaluation.metrics.outlines import WANDERING, OutlineDisplacement, outline_displacement
from kohl.evaluation.mirroring import mirrored_image
from kohl.faces.analyzer import Analyzer
from kohl.faces.mesh import Mesh
from kohl.faces.mirroring import mirrored_points

_NOSE = 1
"""Mesh point by which two looks at one face are told from a neighbour's."""


def find_again(analyzer: Analyzer, near: Points3, image: Image) -> Mesh | None:
    """Return the mesh in `image`, (H, W, 3) sRGB [0, 1], that lies where the mesh `near` (478, 3) does, pixels; None where nobody is found."""
    try:
        meshes = analyzer.find(image)
    except FaceError:
        return None
    return min(meshes, key=lambda mesh: float(np.linalg.norm(mesh.points[_NOSE, :2] - near[_NOSE, :2])))


def wander_of(analyzer: Analyzer, portrait: Portrait) -> OutlineDisplacement:
    """How far a portrait's outlines move, in % of its eye distance, when it is seen in the mirror: nothing but the detector moves them.

    Infinite where it is not found there. No method has a part in it, so it excuses none.
    """
    points, width = portrait.face.points, portrait.image.shape[1]
    second = find_again(analyzer, mirrored_points(points, width), mirrored_image(portrait.image))
    if second is None:
        return OutlineDisplacement(math.inf, math.inf)
    return outline_displacement(points, mirrored_points(second.points, width))


def doubts_of(wander: OutlineDisplacement) -> list[str]:
    """What a row says of outlines that are not measured because the source's own cannot be told."""
    measured = {"lips": wander.lips, "eyes": wander.eyes}
    return [f"outlines.{name}: {_said(moved)}" for name, moved in measured.items() if moved > WANDERING]


def _said(moved: float) -> str:
    if math.isinf(moved):
        return "no usable face is found in the source's own mirror image"
    return f"two looks at the source itself lie {moved:.0f} % of the eye distance apart"
