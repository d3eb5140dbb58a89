import numpy as np
import pytest

from drawn import FixedDetector, draw, face_points
from kohl.core.errors import FaceError, FaceOutOfReachError, FaceTooSmallError, NoFaceError, UsageError
from kohl.faces.analyzer import Analyzer


def analyze(image, *meshes):
    return Analyzer(detector=FixedDetector(*meshes)).analyze(image)


def grey(height=240, width=240):
    return np.full((height, width, 3), 0.5, np.float32)


def test_a_face_has_everything(drawn_face, drawing):
    assert drawn_face.size == drawing.image.shape[:2]
    height, width = drawing.image[drawn_face.window_slices].shape[:2]
    for name in ("skin", "lips", "mouth", "eyes", "brows", "clear"):
        assert getattr(drawn_face.masks, name).shape == (height, width)
    assert drawn_face.field.uv.shape == (height, width, 2)
    assert drawn_face.eye_distance == pytest.approx(np.linalg.norm(drawing.points[468] - drawing.points[473]), rel=0.05)
    x0, y0, x1, y1 = drawn_face.box
    assert (x1 - x0, y1 - y0) == pytest.approx(np.ptp(drawing.points[:, :2], axis=0))
    np.testing.assert_allclose(drawn_face.local_points[:, :2], drawing.points[:, :2] - [drawn_face.window[2], drawn_face.window[0]], atol=1e-3)


def test_faces_come_largest_first():
    small, large = face_points((240, 240)) * 0.7, face_points((240, 240))
    widths = [float(np.ptp(face.points[:, 0])) for face in analyze(grey(), small, large)]
    assert widths == sorted(widths, reverse=True)
    assert len(widths) == 2


def test_unusable_faces_are_left_out_beside_usable_ones():
    faces = analyze(grey(), face_points((240, 240)), face_points((60, 60)))
    assert len(faces) == 1


@pytest.mark.parametrize(
    ("meshes", "error", "message"),
    [
        ((), NoFaceError, "found none in 240×240 px"),
        ((face_points((80, 80)),), FaceTooSmallError, "at least 64 px"),
        ((face_points((240, 240), yaw=75),), FaceOutOfReachError, "turned by 75°"),
        ((face_points((240, 240)) + np.array([170, 0, 0], np.float32),), FaceOutOfReachError, "inside the picture"),
        ((np.full((478, 3), 50, np.float32),), FaceTooSmallError, "0×0 px"),
    ],
    ids=["none", "small", "profile", "outside", "collapsed"],
)
def test_no_usable_face_says_why(meshes, error, message):
    with pytest.raises(error, match=message) as caught:
        analyze(grey(), *meshes)
    assert isinstance(caught.value, FaceError)


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.5, 255.0])
def test_broken_pixels_are_refused(value):
    image = grey()
    image[3, 4, 1] = value
    with pytest.raises(UsageError, match=r"\(3, 4, 1\)"):
        analyze(image, face_points((240, 240)))


@pytest.mark.parametrize("image", [np.zeros((5, 5)), np.zeros((5, 5, 3), np.uint8), np.zeros((0, 5, 3), np.float32), "photo.jpg"], ids=str)
def test_what_is_no_image_is_refused(image):
    with pytest.raises(UsageError, match="image must"):
        analyze(image, face_points((240, 240)))


def test_a_face_at_the_border_keeps_to_the_picture():
    drawing = draw((300, 300))
    image = np.ascontiguousarray(drawing.image[:, 90:])
    (face,) = analyze(image, drawing.points - np.array([90, 0, 0], np.float32))
    y0, y1, x0, x1 = face.window
    assert 0 <= y0 < y1 <= 300
    assert 0 <= x0 < x1 <= 210
