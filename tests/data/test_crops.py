"""A crop is small, upright, and gives the face back that was cut."""

from __future__ import annotations

import numpy as np
import pytest

from drawn import FixedDetector, draw
from kohl.core.arrays import Image
from kohl.core.errors import UsageError
from kohl.data.crops import LOOSE, SIDE, carry_mesh, cut_crop
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.geometry.affine import invert, rotation
from kohl.geometry.warp import warp_image
from kohl.methods.tinybeauty.crop import CROP_SCALE, CROP_SIDE, crop_from_image


def test_a_crop_is_upright_and_loose(drawn_image: Image, drawn_face: Face):
    leaning = rotation(20, about=(256, 256))
    image = warp_image(drawn_image, leaning, (512, 512))
    points = carry_mesh(drawn_face.points, leaning)
    crop = cut_crop(image, Analyzer(detector=FixedDetector(points)).analyze(image)[0])
    assert crop.image.shape == (SIDE, SIDE, 3)
    assert crop.image.dtype == np.uint8
    face = crop.face()
    assert face.pose.roll == pytest.approx(0, abs=1)
    side = max(face.box[2] - face.box[0], face.box[3] - face.box[1])
    # The box of a leaning face is larger than that of the upright one.
    assert 0.85 * SIDE / (CROP_SCALE * LOOSE) < side <= 1.01 * SIDE / (CROP_SCALE * LOOSE)


def test_the_network_s_square_lies_inside(drawn_image: Image, drawn_face: Face):
    crop = cut_crop(drawn_image, drawn_face)
    network_from_crop = crop_from_image(crop.face().box, roll=0.0)
    from_crop = warp_image(crop.pixels, network_from_crop, (CROP_SIDE, CROP_SIDE))
    from_photo = warp_image(drawn_image, crop_from_image(drawn_face.box, roll=drawn_face.pose.roll), (CROP_SIDE, CROP_SIDE))
    assert np.abs(from_crop - from_photo).mean() < 0.01


def test_its_face_is_the_photo_s_face(drawn_image: Image, drawn_face: Face):
    crop = cut_crop(drawn_image, drawn_face, side=400)
    back = carry_mesh(crop.points, invert(crop.crop_from_image))
    np.testing.assert_allclose(back, drawn_face.points, atol=0.02)
    first, again = crop.face(), crop.face()
    np.testing.assert_array_equal(first.masks.lips, again.masks.lips)
    lips = warp_image(first.masks.lips, invert(crop.crop_from_image), (1, 1))
    assert lips.shape == (1, 1)
    assert first.masks.lips.sum() / drawn_face.masks.lips.sum() == pytest.approx(np.linalg.det(crop.crop_from_image[:, :2]), rel=0.1)


def test_a_picture_of_bytes_is_refused(drawn_face: Face):
    with pytest.raises(UsageError, match="float32"):
        cut_crop(np.zeros((512, 512, 3), np.uint8), drawn_face)  # type: ignore[arg-type]


def test_a_face_at_the_edge_is_cut_all_the_same():
    drawing = draw((384, 384))
    image, points = drawing.image[:, 110:], drawing.points - np.array([110, 0, 0], np.float32)
    crop = cut_crop(np.ascontiguousarray(image), Analyzer(detector=FixedDetector(points)).analyze(np.ascontiguousarray(image))[0])
    assert crop.image.shape == (SIDE, SIDE, 3)
