import itertools
import subprocess
import sys
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from drawn import DEEP, FAIR, draw, face_points
from kohl.faces.analyzer import describe_face
from kohl.faces.face import OF_ONE_MIND
from kohl.faces.landmarks import eye_distance
from kohl.faces.mesh import MediapipeMeshDetector, _agreed, _Head, _tiles
from kohl.faces.pose import estimate_pose

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


@pytest.fixture(scope="module")
def detector():
    return MediapipeMeshDetector()


def distance(mesh, points):
    """Mean distance of the surface points, in shares of the face's width."""
    return np.linalg.norm((mesh.points - points)[:468, :2], axis=1).mean() / np.ptp(points[:, 0])


def spread_out(count, width, size=(1100, 2000)):
    """A large grey picture with `count` drawn faces of `width` px, and the middles of the faces."""
    drawing = draw((400, 400))
    scale = width / np.ptp(drawing.points[:, 0])
    small = cv2.resize(drawing.image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    picture, middles = np.full((*size, 3), 0.5, np.float32), []
    for number in range(count):
        y, x = 60 + (number % 2) * size[0] // 2, 80 + number * (size[1] - 160) // count
        picture[y : y + small.shape[0], x : x + small.shape[1]] = small
        middles.append(drawing.points[:, :2].mean(0) * scale + [x, y])
    return picture, np.array(middles)


@pytest.mark.parametrize("arguments", [{}, {"skin": FAIR, "yaw": 25}, {"skin": DEEP, "yaw": -25}, {"mouth_open": 1.0}], ids=str)
def test_the_mesh_lies_on_the_face(detector, arguments):
    drawing = draw((400, 420), **arguments)
    (mesh,) = detector.detect(drawing.image)
    assert mesh.points.shape == (478, 3)
    assert mesh.points.dtype == np.float32
    assert distance(mesh, drawing.points) < 0.04
    assert 0 < mesh.score <= 1


@pytest.mark.parametrize("width", [66, 90])
def test_small_faces_in_a_large_picture(detector, width):
    picture, middles = spread_out(4, width)
    found = np.array([mesh.points[:, :2].mean(0) for mesh in detector.detect(picture)])
    assert len(found) == 4
    for middle in middles:
        assert np.linalg.norm(found - middle, axis=1).min() < width / 4


def test_no_more_faces_than_asked_for():
    picture, _ = spread_out(4, 150)
    assert len(MediapipeMeshDetector(max_faces=2).detect(picture)) == 2


def head_of(points):
    """What a detector that makes no mistake sees of a mesh."""
    spots = np.stack([points[vertices, :2].mean(0) for vertices in ([33, 133], [263, 362], [1], [13, 14])])
    return _Head(np.stack([points[:, :2].min(0), points[:, :2].max(0)]), spots, 0.9)


def rotated(points, quarters, shape):
    """Points of a picture of `shape` after np.rot90(picture, quarters)."""
    height, width = shape[:2]
    for _ in range(quarters):
        points = np.column_stack([points[:, 1], width - points[:, 0], points[:, 2:]])
        height, width = width, height
    return points.astype(np.float32)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_head_that_is_seen_lying_gets_its_mesh(detector, quarters):
    """The detector tells how the head lies; the mesh network is shown it upright."""
    drawing = draw((400, 420))
    turned = np.ascontiguousarray(np.rot90(drawing.image, quarters))
    points = rotated(drawing.points, quarters, drawing.image.shape)
    found = detector._networks().find_mesh(turned, head_of(points)).points
    assert np.linalg.norm((found - points)[:468, :2], axis=1).mean() < 0.04 * np.ptp(drawing.points[:, 0])
    assert np.cos(np.radians(estimate_pose(found).roll - 90 * quarters)) > 0.99


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_head_that_is_found_in_a_turned_view_lies_where_it_is(detector, quarters):
    """The picture lies; its view, turned by the other quarters, shows the head upright."""
    drawing = draw((400, 420))
    lying = np.ascontiguousarray(np.rot90(drawing.image, quarters))
    view = np.rint(lying * 255).astype(np.uint8)
    (head,) = detector._networks().find_heads(view, (0, lying.shape[0], 0, lying.shape[1]), 4 - quarters)
    points = rotated(drawing.points, quarters, drawing.image.shape)
    for spot, vertices in zip(head.spots, ([33, 133], [263, 362], [1], [13, 14]), strict=True):
        assert np.linalg.norm(spot - points[vertices, :2].mean(0)) < 0.15 * np.ptp(drawing.points[:, 0])


@pytest.mark.parametrize("shape", [(2000, 3000, 3), (700, 5000, 3), (641, 641, 3), (9000, 9000, 3)])
def test_tiles_cover_the_picture_and_stay_few(shape):
    covered = np.zeros((shape[0] // 10 + 1, shape[1] // 10 + 1), bool)
    tiles = _tiles(shape)
    for y0, y1, x0, x1 in tiles:
        assert 0 <= y0 < y1 <= shape[0]
        assert 0 <= x0 < x1 <= shape[1]
        covered[y0 // 10 : y1 // 10 + 1, x0 // 10 : x1 // 10 + 1] = True
    assert covered[: shape[0] // 10, : shape[1] // 10].all()
    assert len(tiles) <= 40


def test_small_pictures_are_not_cut_up():
    assert _tiles((640, 500, 3)) == []


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 900, 3), (200, 200, 3)])
def test_nothing_is_found_where_there_is_nothing(detector, shape):
    assert detector.detect(np.full(shape, 0.6, np.float32)) == []


def test_threads_share_a_detector(detector):
    image = draw((320, 320)).image
    expected = detector.detect(image)[0].points
    found = []
    threads = [threading.Thread(target=lambda: found.append(detector.detect(image)[0].points)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    for points in found:
        assert np.array_equal(points, expected)


def test_native_code_says_nothing():
    """What mediapipe logs at its start must not reach the terminal of somebody who asked for a picture."""
    code = (
        "from drawn import draw\nfrom kohl.faces.mesh import MediapipeMeshDetector\n"
        "detector = MediapipeMeshDetector()\nimage = draw((320, 320)).image\n"
        "assert len(detector.detect(image)) == 1\nassert len(detector.detect(image)) == 1\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout == ""


def test_the_drawn_mesh_agrees_with_mediapipe_about_left_and_right(detector):
    (mesh,) = detector.detect(draw((400, 400), yaw=20).image)
    assert estimate_pose(mesh.points).yaw == pytest.approx(20, abs=6)
    expected = face_points((400, 400), yaw=20)
    for vertex in (33, 263, 61, 291, 468, 473):
        assert np.linalg.norm(mesh.points[vertex, :2] - expected[vertex, :2]) < 0.1 * np.ptp(expected[:, 0])


def test_two_looks_that_mean_the_same_are_averaged():
    points = face_points((400, 400))
    agreed = _agreed(points + 1, points - 2, head_of(points), 0.9)
    np.testing.assert_allclose(agreed.points, points - 1, atol=1e-3)
    assert (agreed.points.dtype, agreed.score) == (np.float32, 0.9)
    assert agreed.doubt == pytest.approx(3 * np.sqrt(2) / eye_distance(points), rel=1e-3)


@pytest.mark.parametrize("is_first_wrong", [True, False])
def test_of_two_looks_that_differ_the_one_that_fits_the_head_counts(is_first_wrong):
    points = face_points((400, 400))
    wrong = points + np.float32(0.3 * np.ptp(points[:, 0]))
    looks = (wrong, points) if is_first_wrong else (points, wrong)
    agreed = _agreed(*looks, head_of(points), 0.9)
    assert agreed.points is points
    assert agreed.doubt > OF_ONE_MIND


def test_a_face_that_one_look_alone_finds_is_not_sure(detector, monkeypatch):
    drawing = draw((400, 420))
    network, looks = detector._networks()._mesh, itertools.cycle([True, False])
    find = network.find
    monkeypatch.setattr(network, "find", lambda *arguments: find(*arguments) if next(looks) else None)
    (mesh,) = detector.detect(drawing.image)
    assert mesh.doubt == 1.0
    assert not describe_face(drawing.image, mesh).is_sure


def test_a_face_that_is_well_seen_is_sure(detector):
    drawing = draw((400, 420))
    (mesh,) = detector.detect(drawing.image)
    assert 0 < mesh.doubt < OF_ONE_MIND
    assert describe_face(drawing.image, mesh).is_sure


def test_a_mesh_hangs_little_on_where_the_picture_begins(detector):
    """Moved by three pixels, a picture gives the network another cut of the same face."""
    drawing = draw((400, 420))
    moved = np.ascontiguousarray(np.roll(drawing.image, (3, 3), (0, 1)))
    (here,), (there,) = detector.detect(drawing.image), detector.detect(moved)
    assert distance(there, here.points + np.array([3, 3, 0], np.float32)) < 0.006
