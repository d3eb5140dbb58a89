"""Cases of drawn faces: a deep-skinned source, a made-up reference, and a sound way to paint, which metrics and contestants are tried on."""

from __future__ import annotations

import numpy as np

from drawn import DEEP, MEDIUM, Colour, FixedDetector, draw
from kohl.color.lab import lab_from_srgb, srgb_from_lab
from kohl.core.arrays import Image, Mask, Points3
from kohl.core.region import Region
from kohl.evaluation.case import Case, Portrait, Sample
from kohl.evaluation.metrics.places import window_region
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.faces.mesh import Mesh

SIZE = (320, 320)
RED, VIOLET, ROSE, BLUE = (-8.0, 22.0, 6.0), (-10.0, 12.0, -22.0), (-2.0, 10.0, 1.0), (-8.0, -6.0, -25.0)
"""Steps of Lab that products take a region by."""
Step = tuple[float, float, float]
MAKEUP = {Region.LIPS: RED, Region.EYES: VIOLET, Region.CHEEKS: ROSE}


def analysed(image: Image, points: Points3) -> Face:
    return Analyzer(detector=FixedDetector(points)).analyze(image)[0]


def portrait(name: str, *, skin: Colour = MEDIUM, seed: int = 0, mouth_open: float = 0.0, yaw: float = 0.0) -> Portrait:
    drawing = draw(SIZE, skin=skin, seed=seed, mouth_open=mouth_open, yaw=yaw)
    return Portrait(name, drawing.image, analysed(drawing.image, drawing.points))


def coverage(face: Face, region: Region) -> Mask:
    """Where makeup of a region lies, in the window: soft, and on all of the lips."""
    return face.masks.lips if region is Region.LIPS else window_region(face, region)


def painted(image: Image, face: Face, steps: dict[Region, Step]) -> Image:
    """A sound way to make up: regions keep their own lightness and grain, moved by a step of Lab, and nothing else is touched."""
    lab = lab_from_srgb(image[face.window_slices])
    touched = np.zeros(lab.shape[:2], bool)
    for region, step in steps.items():
        share = coverage(face, region)
        lab += share[..., None] * np.float32(step)
        touched |= share > 0
    result = image.copy()
    result[face.window_slices][touched] = np.clip(srgb_from_lab(lab), 0, 1)[touched]
    return result


def made_up(bare: Portrait, steps: dict[Region, Step] = MAKEUP) -> Portrait:
    return Portrait(f"{bare.name}, made up", painted(bare.image, bare.face, steps), bare.face)


def drawn_case(steps: dict[Region, Step] = MAKEUP, *, skin: Colour = DEEP, truth: bool = False) -> Case:
    """Makeup from a medium face with its mouth open to another face. With `truth`, what a sound method makes of it."""
    source = portrait("source", skin=skin, seed=1)
    reference = made_up(portrait("reference", seed=2, mouth_open=0.5), steps)
    return Case("drawn", source, reference, truth=painted(source.image, source.face, steps) if truth else None)


def sample(case: Case, result: Image, *, points: Points3 | None = None) -> Sample:
    """A result, found again at `points`; at the source's own without."""
    found = case.source.face.points if points is None else points
    return Sample(case, result, Mesh(found, 1.0))
