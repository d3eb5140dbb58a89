import cv2
import numpy as np
import pytest

from drawn import draw, face_points
from kohl.faces.mesh_network import MeshNetwork, Square
from kohl.faces.mirroring import mirrored_points

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
WINDOW = (100, 500, 30, 450)
"""Where in a larger image the drawn picture of 400 by 420 pixels lies."""


@pytest.fixture(scope="module")
def network():
    return MeshNetwork()


@pytest.fixture(scope="module")
def drawing():
    return draw((400, 420))


def in_bytes(image):
    return np.rint(image * 255).astype(np.uint8)


def apart(points, others):
    """Mean distance of surface points, in widths of the face."""
    return np.linalg.norm((points - others)[:468, :2], axis=1).mean() / np.ptp(others[:, 0])


def test_a_square_lies_around_its_mesh_and_level_with_the_eyes():
    points = face_points((400, 400))
    square = Square.around(points)
    assert square.turn == pytest.approx(0, abs=0.02)
    assert [square.x, square.y] == pytest.approx((points[:, :2].min(0) + points[:, :2].max(0)) / 2, abs=0.01)
    assert square.side == pytest.approx(1.5 * np.ptp(points[:, :2], axis=0).max(), rel=1e-4)
    lying = np.column_stack([400 - points[:, 1], points[:, 0], points[:, 2]]).astype(np.float32)
    assert Square.around(lying).turn == pytest.approx(np.pi / 2, abs=0.02)


def test_what_is_mirrored_twice_is_as_it_was():
    square = Square(120.0, 310.0, 250.0, 0.3)
    assert square.mirrored(WINDOW) == Square(360.0, 310.0, 250.0, -0.3)
    assert square.mirrored(WINDOW).mirrored(WINDOW) == square


@pytest.mark.parametrize("share", [1, 0.75])
def test_a_mesh_is_told_in_pixels_of_the_image_whatever_the_size_of_the_picture(network, drawing, share):
    there = drawing.points + np.array([WINDOW[2], WINDOW[0], 0], np.float32)
    picture = cv2.resize(in_bytes(drawing.image), None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    found = network.find(picture, Square.around(there), WINDOW)
    assert found.shape == (478, 3)
    assert found.dtype == np.float32
    assert apart(found, there) < 0.04


def test_in_the_mirror_the_same_face_is_seen(network, drawing):
    square, window = Square.around(drawing.points), (0, 400, 0, 420)
    here = network.find(in_bytes(drawing.image), square, window)
    there = network.find(cv2.flip(in_bytes(drawing.image), 1), square.mirrored(window), window)
    assert apart(mirrored_points(there, 420), here) < 0.02


def test_where_no_face_is_there_is_no_mesh(network):
    assert network.find(np.full((300, 300, 3), 128, np.uint8), Square(150, 150, 200, 0), (0, 300, 0, 300)) is None
