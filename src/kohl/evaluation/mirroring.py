"""The mirror image of a portrait: its picture, and its face with left and right where they now are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kohl.core.arrays import Image
from kohl.evaluation.case import Case, Portrait
from kohl.faces.analyzer import describe_face
from kohl.faces.mesh import Mesh
from kohl.faces.mirroring import mirrored_points


def mirrored_image(image: Image) -> Image:
    """(H, W, 3), its columns in reverse."""
    return np.ascontiguousarray(image[:, ::-1])


def mirrored_portrait(portrait: Portrait) -> Portrait:
    """The portrait in the mirror, its face described anew from the mirrored mesh."""
    image = mirrored_image(portrait.image)
    mesh = Mesh(mirrored_points(portrait.face.points, image.shape[1]), portrait.face.score)
    return replace(portrait, name=f"{portrait.name}, mirrored", image=image, face=describe_face(image, mesh))


def mirrored_case(case: Case) -> Case:
    """Source, reference and truth in the mirror; the same name and seed."""
    truth = None if case.truth is None else mirrored_image(case.truth)
    return replace(case, source=mirrored_portrait(case.source), reference=mirrored_portrait(case.reference), truth=truth)
