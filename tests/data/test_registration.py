"""Motions are found to a fraction of a pixel through makeup and grading; another photo is told from the same one."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from drawn import FixedDetector, draw
from kohl.core.arrays import Image
from kohl.data import painters
from kohl.data.registration import kept_by_makeup, register
from kohl.faces import landmarks as at
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.geometry.affine import compose, rotation, scaling, translation
from kohl.geometry.warp import Interpolation, warp_image


def moved(image: Image, face: Face, *, x: float = 0.0, y: float = 0.0, degrees: float = 0.0, scale: float = 1.0) -> Image:
    middle = ((face.box[0] + face.box[2]) / 2, (face.box[1] + face.box[3]) / 2)
    grown = compose(translation(*middle), scaling(scale), translation(-middle[0], -middle[1]))
    motion = compose(translation(x, y), rotation(degrees, about=middle), grown)
    return np.clip(warp_image(image, motion, image.shape[:2], interpolation=Interpolation.CUBIC), 0, 1)


def graded(image: Image) -> Image:
    """Warmer, darker, softer and saved as a JPEG."""
    warm = np.clip(image ** np.float32(1.2) * np.array([1.05, 0.95, 0.85], np.float32), 0, 1)
    _, data = cv2.imencode(".jpg", np.rint(cv2.GaussianBlur(warm, (0, 0), 0.7) * 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 75])
    return cv2.imdecode(data, cv2.IMREAD_COLOR).astype(np.float32) / 255


@pytest.mark.parametrize("painter", painters.INDEPENDENT)
def test_a_painted_photo_lies_where_it_lay(painter: str, drawn_image: Image, drawn_face: Face):
    found = register(drawn_image, painters.create(painter).paint(drawn_image, drawn_face), drawn_face)
    assert found.likeness > 0.9
    assert found.shift.largest < 0.25


@pytest.mark.parametrize(
    "motion",
    [{"x": 0.4, "y": -0.3}, {"x": 3.0, "y": 2.0}, {"degrees": 0.7}, {"x": -2.0, "degrees": -0.5, "scale": 1.006}],
    ids=str,
)
def test_motion_is_measured_through_makeup_and_grading(motion: dict[str, float], drawn_image: Image, drawn_face: Face):
    painted = painters.create("lab_brush").paint(drawn_image, drawn_face)
    found = register(drawn_image, graded(moved(painted, drawn_face, **motion)), drawn_face)
    assert found.likeness > 0.8
    assert found.shift.x == pytest.approx(motion.get("x", 0), abs=0.2)
    assert found.shift.y == pytest.approx(motion.get("y", 0), abs=0.2)
    assert found.shift.degrees == pytest.approx(motion.get("degrees", 0), abs=0.05)
    assert found.shift.scale == pytest.approx(motion.get("scale", 1), abs=0.001)


def test_moving_back_undoes_the_motion(drawn_image: Image, drawn_face: Face):
    after = moved(drawn_image, drawn_face, x=2.3, y=-1.4, degrees=0.4)
    back = warp_image(after, register(drawn_image, after, drawn_face).before_from_after, after.shape[:2])
    inside = (slice(150, 400), slice(150, 360))
    assert np.abs(back - drawn_image)[inside].mean() < 0.2 * np.abs(after - drawn_image)[inside].mean()


def test_a_large_motion_is_found_by_its_features(drawn_image: Image, drawn_face: Face):
    found = register(drawn_image, moved(drawn_image, drawn_face, x=40, y=-25, degrees=6), drawn_face)
    assert found.shift.x == pytest.approx(40, abs=1)
    assert found.shift.y == pytest.approx(-25, abs=1)
    assert found.shift.degrees == pytest.approx(6, abs=0.2)
    assert str(found.shift).startswith(f"{found.shift.x:+.1f} px right, {found.shift.y:+.1f} px down, +6.0°")


def test_another_photo_is_not_like_it(drawn_image: Image, drawn_face: Face):
    assert register(drawn_image, draw((512, 512), yaw=25, seed=3).image, drawn_face).likeness < 0.4
    noise = np.random.default_rng(0).random(drawn_image.shape, np.float32)
    assert register(drawn_image, noise, drawn_face).likeness < 0.2
    assert abs(register(drawn_image, np.full_like(drawn_image, 0.5), drawn_face).likeness) < 0.2


def test_what_makeup_goes_to_does_not_count(drawn_face: Face):
    kept = kept_by_makeup(drawn_face.points[:, :2], drawn_face.size)
    at_points = drawn_face.points[:, :2].astype(int)
    for numbers in (at.LIPS_OUTER, at.LEFT_EYE, at.RIGHT_BROW_UPPER, [50, 280]):
        assert kept[at_points[numbers, 1], at_points[numbers, 0]].max() == 0
    assert kept[at_points[[10, 1, 152], 1], at_points[[10, 1, 152], 0]].min() == 1


def test_registration_is_repeatable():
    drawing = draw((384, 384), seed=5)
    face = Analyzer(detector=FixedDetector(drawing.points)).analyze(drawing.image)[0]
    after = moved(drawing.image, face, x=30, degrees=4)
    first, again = (register(drawing.image, after, face) for _ in range(2))
    np.testing.assert_array_equal(first.before_from_after, again.before_from_after)
    assert first.likeness == again.likeness
