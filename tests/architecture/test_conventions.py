"""Pins the rows of docs/conventions.md that no single module owns."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from drawn import Drawing, FixedDetector, face_points
from kohl.api.studio import Studio
from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.color.srgb import linear_from_srgb
from kohl.core.images import open_image
from kohl.faces import landmarks as at
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.faces.pose import estimate_pose
from kohl.geometry import affine
from kohl.geometry.warp import warp_image
from kohl.looks.pigment import Pigment

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def studio(drawing: Drawing) -> Studio:
    return Studio(analyzer=Analyzer(detector=FixedDetector(drawing.points)))


def test_every_row_names_a_test_that_exists_and_every_test_has_a_row():
    page = (ROOT / "docs/conventions.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith("|")][2:]
    named = [re.search(r"`(test_convention_\w+)` \|$", row) for row in rows]
    assert all(named), [row for row, name in zip(rows, named, strict=True) if not name]
    written = {name for path in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"^def (test_convention_\w+)", path.read_text(), re.M)}
    assert {name[1] for name in named if name} == written


def test_convention_image():
    red = np.zeros((2, 3, 3), np.uint8)
    red[..., 0] = 255
    pixels = open_image(red).pixels
    assert pixels.dtype == np.float32
    assert pixels.shape == (2, 3, 3)
    assert pixels[0, 0].tolist() == [1.0, 0.0, 0.0]


def test_convention_light():
    assert float(linear_from_srgb(np.float32(0.5))) == pytest.approx(0.2140, abs=1e-4)


def test_convention_mask(drawn_face: Face):
    for name, mask in vars(drawn_face.masks).items():
        assert mask.dtype == np.float32, name
        assert mask.ndim == 2, name
        assert mask.min() >= 0.0, name
        assert mask.max() <= 1.0, name
    lips = drawn_face.masks.lips
    assert ((lips > 0.05) & (lips < 0.95)).any(), "a mask's edge is soft"


def test_convention_point():
    image = np.zeros((4, 6, 3), np.float32)
    image[1, 2] = 1.0
    moved = warp_image(image, affine.translation(3.0, 1.0), (4, 6))
    carried = affine.apply(affine.translation(3.0, 1.0), np.array([[2.5, 1.5]], np.float32))[0]
    assert moved[2, 5].tolist() == [1.0, 1.0, 1.0]
    assert carried.tolist() == [5.5, 2.5]


def test_convention_size(drawn_face: Face):
    assert Analyzer(detector=FixedDetector(face_points((400, 600)))).analyze(np.full((400, 600, 3), 0.5, np.float32))[0].size == (400, 600)


def test_convention_box(drawn_face: Face):
    x0, y0, x1, y1 = drawn_face.box
    assert (x0, y0) == tuple(drawn_face.points[:, :2].min(0).tolist())
    assert (x1, y1) == tuple(drawn_face.points[:, :2].max(0).tolist())
    crop_from_image = affine.crop_from_box((10, 20, 14, 28), (8, 4))
    corners = affine.apply(crop_from_image, np.array([[10, 20], [14, 28]], np.float32))
    assert corners.tolist() == [[0, 0], [4, 8]], "the far edge is not inside: it is where the next pixel begins"


def test_convention_matrix():
    b_from_a, c_from_b = affine.translation(1, 0), affine.scaling(2)
    c_from_a = affine.compose(c_from_b, b_from_a)
    assert c_from_a.shape == (2, 3)
    assert affine.apply(c_from_a, np.array([[1, 0]], np.float32)).tolist() == [[4, 0]]


def test_convention_angle():
    up = affine.apply(affine.rotation(90), np.array([[1, 0]], np.float32))[0]
    np.testing.assert_allclose(up, [0, -1], atol=1e-6)


def test_convention_yaw():
    turned = face_points((512, 512), yaw=20)
    assert estimate_pose(turned).yaw == pytest.approx(20, abs=1)
    nose_offset = turned[1, 0] - turned[[234, 454], 0].mean()
    assert nose_offset > 0, "the subject's own left is the picture's right"


def test_convention_side(drawn_face: Face):
    assert drawn_face.points[at.LEFT_EYE, 0].mean() > drawn_face.points[at.RIGHT_EYE, 0].mean()


def test_convention_alpha(studio: Studio, drawing: Drawing):
    rgba = np.dstack([np.round(drawing.image * 255), np.full(drawing.image.shape[:2], 77.0)]).astype(np.uint8)
    painted = studio.apply(rgba, "classic-red-lip")
    assert (painted[..., 3] == 77).all()
    opaque = studio.apply(np.ascontiguousarray(rgba[..., :3]), "classic-red-lip")
    np.testing.assert_array_equal(painted[..., :3], opaque)


def test_convention_colour_difference():
    # Sharma, Wu, Dalal 2005, table 1, pair 1.
    first, second = np.array([50.0, 2.6772, -79.7751]), np.array([50.0, 0.0, -82.7485])
    assert float(delta_e2000(first, second)) == pytest.approx(2.0425, abs=1e-4)
    np.testing.assert_allclose(lab_from_srgb(np.ones(3, np.float32)), [100, 0, 0], atol=0.01)


def test_convention_pigment():
    assert Pigment("#ABC") == "#aabbcc"
    assert Pigment("#ff0000").rgb == (1.0, 0.0, 0.0)


def test_convention_strength(studio: Studio, drawing: Drawing):
    photo = PillowImage.fromarray(np.round(drawing.image * 255).astype(np.uint8))
    assert studio.apply(photo, "gothic", strength=0.0).tobytes() == photo.tobytes()
    assert studio.apply(photo, "gothic").tobytes() == studio.apply(photo, "gothic", strength=1.0).tobytes()


def test_convention_randomness(studio: Studio, drawing: Drawing):
    first, again, other = (studio.apply_details(drawing.image, "festival-glitter", seed=seed).pixels for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_convention_outside(studio: Studio, drawing: Drawing, drawn_face: Face):
    painted = studio.apply_details(drawing.image, "plum-evening").pixels
    same = (painted == drawing.image).all(axis=2)
    same[drawn_face.window_slices] = True
    assert same.all()
