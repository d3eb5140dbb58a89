"""Methods with one fault each: every one loses on the metric that is meant for it, and only a sound method passes all."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from drawn import DEEP, FixedDetector, draw
from kohl.color.lab import lab_from_srgb, srgb_from_lab
from kohl.core.arrays import Image, Mask
from kohl.core.region import Region
from kohl.evaluation.metrics.background import background_change
from kohl.evaluation.metrics.leakage import region_leakage
from kohl.evaluation.metrics.outlines import outline_displacement
from kohl.evaluation.metrics.places import background_of, bare_skin_of, region_of, skin_of
from kohl.evaluation.metrics.region_colors import color_distance, region_colors
from kohl.evaluation.metrics.share import share_of_the_way
from kohl.evaluation.metrics.skin_tone import skin_drift
from kohl.evaluation.metrics.texture import texture_kept
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.geometry.warp import warp_image

RED, BLUE = (-8.0, 22.0, 6.0), (-8.0, -6.0, -25.0)
"""Steps of Lab that lipsticks take lips by."""
SIZE = (320, 320)


@dataclass(frozen=True)
class Case:
    source: Image
    face: Face
    reference: Image
    reference_face: Face
    result: Image
    """What a sound method makes of it."""


def analysed(image: Image, points: Image) -> Face:
    return Analyzer(detector=FixedDetector(points)).analyze(image)[0]


def with_lips(image: Image, face: Face, step: tuple[float, float, float]) -> Image:
    """A sound way to paint lips: their own lightness and grain, moved by `step`, soft at the rim, and nothing else."""
    moved = lab_from_srgb(image)
    moved[face.window_slices] += face.masks.lips[..., None] * np.float32(step)
    painted = image.copy()
    touched = np.zeros(face.size, bool)
    touched[face.window_slices] = face.masks.lips > 0
    painted[touched] = np.clip(srgb_from_lab(moved), 0, 1)[touched]
    return painted


@pytest.fixture(scope="module")
def case() -> Case:
    drawing, other = draw(SIZE, skin=DEEP, seed=1), draw(SIZE, seed=2, mouth_open=0.5)
    face, other_face = analysed(drawing.image, drawing.points), analysed(other.image, other.points)
    return Case(drawing.image, face, with_lips(other.image, other_face, RED), other_face, with_lips(drawing.image, face, RED))


def reach(core: Mask) -> Mask:
    """A region with its soft rim, where makeup may fade out."""
    return np.asarray(cv2.dilate(core, np.ones((5, 5))) > 0.1, np.float32)


def measures(case: Case, result: Image, points: Image | None = None) -> dict[str, float]:
    """All faults at once, each 0 when sound. `points`: the mesh found again in the result; the face's own without."""
    source, reference, made = (
        region_colors(*pair) for pair in ((case.source, case.face), (case.reference, case.reference_face), (result, case.face))
    )
    lips = (colors.relative[Region.LIPS] for colors in (source, reference, made))
    drift = skin_drift(case.source, result, bare_skin_of(case.face))
    return {
        "background": background_change(case.source, result, background_of(case.face)).largest,
        "lightening": drift.ita,
        "texture": 1 - texture_kept(case.source, result, skin_of(case.face), case.face.eye_distance),
        "shape": outline_displacement(case.face.points, case.face.points if points is None else points).lips,
        "leakage": region_leakage(case.source, result, reach(region_of(case.face, Region.LIPS))).share,
        "way left": 1 - share_of_the_way(*lips).along,
    }


def test_a_sound_method_passes(case: Case):
    found = measures(case, case.result)
    assert found["background"] == 0
    assert found["lightening"] == 0
    assert found["texture"] < 0.01
    assert found["leakage"] < 0.05
    assert found["way left"] < 0.5


def test_doing_nothing_goes_none_of_the_way(case: Case):
    found = measures(case, case.source)
    assert found["way left"] == pytest.approx(1)
    assert found["background"] == found["lightening"] == found["leakage"] == 0


def test_returning_the_reference_loses_texture_skin_and_shape(case: Case):
    found = measures(case, case.reference, case.reference_face.points)
    assert found["texture"] > 0.2
    assert found["lightening"] > 20
    assert found["shape"] > 1
    assert found["background"] > 0.01


def test_tinting_the_background_is_seen(case: Case):
    tinted = case.result.copy()
    tinted[background_of(case.face) > 0.5] *= np.float32([1.0, 0.98, 0.98])
    assert measures(case, tinted)["background"] > 0.005
    one = case.result.copy()
    one[0, 0, 0] += np.float32(1 / 255)
    assert measures(case, one)["background"] == pytest.approx(1 / 255, abs=1e-6), "one step of one pixel is enough"


def test_lightening_deep_skin_is_seen(case: Case):
    lit = case.result + (1 - case.result) * np.float32(0.06) * skin_of(case.face)[..., None]
    found = measures(case, lit)
    assert found["lightening"] > 3
    assert found["leakage"] > 0.5


def test_swapping_left_and_right_is_seen(case: Case):
    """Makeup of one eye alone lands on the other one: the region's colours on either side tell."""
    half = np.zeros(case.face.size, np.float32)
    half[:, SIZE[1] // 2 :] = 1
    left = region_of(case.face, Region.EYES) * half
    right = np.asarray(region_of(case.face, Region.EYES) * (1 - half), np.float32)
    sound, swapped = (np.where(side[..., None] > 0.3, case.source * np.float32([0.6, 0.4, 0.7]), case.source) for side in (left, right))
    assert region_leakage(case.source, sound, reach(left)).share < 0.05
    assert region_leakage(case.source, swapped, reach(left)).share > 0.95


def test_mirroring_the_face_is_seen(case: Case):
    mirrored = np.ascontiguousarray(case.result[:, ::-1])
    found = measures(case, mirrored)
    assert found["texture"] > 0.2


def test_moving_the_lips_is_seen(case: Case):
    points = case.face.points.copy()
    lips = points[:, 1] > points[1, 1]
    points[lips] = points[lips] * np.float32([1, 1.02, 1])
    assert measures(case, case.result, points)["shape"] > 0.5


def test_shifting_the_picture_by_a_pixel_is_seen(case: Case):
    shifted = warp_image(case.result, np.array([[1, 0, 1], [0, 1, 0]], np.float32), SIZE)
    assert measures(case, shifted)["texture"] > 0.2


def test_smearing_skin_is_seen(case: Case):
    smooth = case.result.copy()
    inside = skin_of(case.face) > 0.5
    smooth[inside] = smooth[inside].mean(0)
    assert measures(case, smooth)["texture"] > 0.5


def test_the_wrong_colour_is_far_from_the_reference(case: Case):
    blue = with_lips(case.source, case.face, BLUE)
    reference = region_colors(case.reference, case.reference_face)
    sound, wrong = (color_distance(reference, region_colors(result, case.face), Region.LIPS) for result in (case.result, blue))
    assert wrong > 2 * sound
