"""A known face found again, with mediapipe's own networks, on drawn faces."""

from __future__ import annotations

import threading

import cv2
import numpy as np
import pytest

from drawn import DEEP, FAIR, Drawing, draw
from films import as_frame, background, picture
from kohl.core.arrays import AnyArray, Points3
from kohl.faces.mesh import Mesh
from kohl.video.following import VideoFinder
from kohl.video.tracking import Tracker
from kohl.video.yuv import Picture

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


@pytest.fixture(scope="module")
def finder() -> VideoFinder:
    return VideoFinder()


def filmed(drawing: Drawing, turn: float = 0.0) -> tuple[AnyArray, Points3]:
    """(360, 640, 3) uint8 with the face in its middle, turned by `turn` degrees, clockwise as seen; and its mesh in there."""
    matrix = cv2.getRotationMatrix2D((drawing.image.shape[1] / 2, drawing.image.shape[0] / 2), -turn, 360 / drawing.image.shape[0])
    matrix[:, 2] += [320 - drawing.image.shape[1] / 2, 180 - drawing.image.shape[0] / 2]
    pixels = cv2.warpAffine(drawing.image, matrix, (640, 360), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    points = drawing.points.copy()
    points[:, :2] = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    return as_frame(pixels), points


def distance(mesh: Mesh, points: Points3) -> float:
    """Mean distance of the surface points, in shares of the face's width."""
    return float(np.linalg.norm((mesh.points - points)[:468, :2], axis=1).mean() / np.ptp(points[:, 0]))


@pytest.mark.parametrize("arguments", [{}, {"skin": FAIR, "yaw": 20}, {"skin": DEEP, "yaw": -20}, {"mouth_open": 1.0}], ids=str)
@pytest.mark.parametrize("turn", [0, 25])
def test_a_face_that_moved_is_found_where_it_is(finder: VideoFinder, arguments: dict[str, object], turn: float):
    pixels, points = filmed(draw((400, 420), **arguments), turn)  # type: ignore[arg-type]
    width = float(np.ptp(points[:, 0]))
    for step in ([0, 0, 0], [0.12 * width, 0, 0], [0, -0.1 * width, 0]):
        found = finder.follow(picture(pixels), Mesh(np.asarray(points + step, np.float32), 0.8))
        assert found is not None
        assert found.points.shape == (478, 3)
        assert found.score == 0.8
        assert distance(found, points) < 0.05


def test_following_and_searching_agree(finder: VideoFinder, drawing: Drawing):
    pixels, points = filmed(drawing)
    (seen,) = finder.detect(picture(pixels))
    followed = finder.follow(picture(pixels), seen)
    assert followed is not None
    assert distance(seen, points) < 0.04
    assert distance(followed, seen.points) < 0.03
    assert np.ptp(followed.points[:, 2]) == pytest.approx(np.ptp(seen.points[:, 2]), rel=0.2)


def test_a_face_that_is_gone_is_not_found(finder: VideoFinder, drawing: Drawing):
    _, points = filmed(drawing)
    for pixels in (background((360, 640)), np.full((360, 640, 3), 128, np.uint8)):
        assert finder.follow(picture(pixels), Mesh(points, 0.8)) is None


@pytest.mark.parametrize("step", [[-300, 0, 0], [-500, 0, 0], [0, 290, 0], [5000, 5000, 0]], ids=str)
def test_beyond_the_edge_of_the_frame_nothing_is_found(finder: VideoFinder, drawing: Drawing, step: list[float]):
    pixels, points = filmed(drawing)
    moved = Mesh(np.asarray(points + step, np.float32), 0.8)
    assert finder.follow(picture(background((360, 640), seed=3)), moved) is None
    assert finder.follow(picture(pixels[:6]), Mesh(points, 0.8)) is None, "six lines hold no face"


def test_nothing_is_remembered(finder: VideoFinder, drawing: Drawing):
    pixels, points = filmed(drawing)
    first = finder.follow(picture(pixels), Mesh(points, 0.8))
    finder.follow(picture(np.roll(pixels, 90, axis=1)), Mesh(np.asarray(points + np.array([90, 0, 0]), np.float32), 0.8))
    finder.follow(picture(background((360, 640))), Mesh(points, 0.8))
    again = finder.follow(picture(pixels), Mesh(points, 0.8))
    assert first is not None
    assert again is not None
    np.testing.assert_array_equal(first.points, again.points)


def test_threads_have_networks_of_their_own(finder: VideoFinder, drawing: Drawing):
    pixels, points = filmed(drawing)
    expected = finder.follow(picture(pixels), Mesh(points, 0.8))
    found: list[Mesh | None] = []
    threads = [threading.Thread(target=lambda: found.extend(finder.follow(picture(pixels), Mesh(points, 0.8)) for _ in range(3))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert expected is not None
    assert len(found) == 6
    for mesh in found:
        assert mesh is not None
        np.testing.assert_array_equal(mesh.points, expected.points)


def noisy(pixels: AnyArray, number: int) -> Picture:
    noise = np.random.default_rng(number).normal(0, 2, pixels.shape)
    return picture(np.clip(np.rint(pixels + noise), 0, 255).astype(np.uint8))


def test_a_mesh_rests_from_its_first_frame(finder: VideoFinder, drawing: Drawing):
    """Neither does it creep from where a search saw the face to where following sees it, nor does it swing around that."""
    pixels, points = filmed(drawing)
    tracker = Tracker(finder)
    shown = np.array([tracker.update(noisy(pixels, number), number / 25)[0].points[:468, :2] for number in range(12)])
    width = float(np.ptp(points[:, 0]))
    assert np.linalg.norm(shown[0] - shown[6:].mean(0), axis=1).mean() < 0.002 * width
    assert np.linalg.norm(np.diff(shown, axis=0), axis=2).mean() < 0.001 * width
