"""Makeup that does not tremble, and does not drag either."""

from __future__ import annotations

import numpy as np
import pytest

from films import ScriptedFinder, SpotPainter, picture
from kohl.core.arrays import AnyArray, Image, Points3
from kohl.faces.mesh import Mesh
from kohl.video.dressing import Dresser
from kohl.video.painter import Change, paint_face
from kohl.video.steadying import Steadier
from kohl.video.tracking import TrackedFace, Tracker, box_around

STEP = 1 / 25


def tracked(mesh: Points3, weight: float = 1.0) -> TrackedFace:
    return TrackedFace(1, mesh, 0.9, weight)


def change(mesh: Points3, frame: AnyArray, added: float, weight: float = 1.0) -> Change:
    found = paint_face(SpotPainter((added, added, added)), picture(frame), tracked(mesh, weight))
    assert found is not None
    return found


def shown(frames: list[tuple[AnyArray, Change]], cutoff: float = 1.5) -> list[Image]:
    """What each frame gets, in R'G'B'."""
    steadier, results = Steadier(cutoff), []
    for number, (pixels, one) in enumerate(frames):
        canvas = picture(pixels)
        before = canvas.rgb()
        steadier.put(canvas, [one], number * STEP)
        results.append(canvas.rgb() - before)
    return results


def middle(image: Image, mesh: Points3) -> float:
    x, y = mesh[:, :2].mean(0).astype(int)
    return float(image[y - 5 : y + 5, x - 5 : x + 5].mean())


def test_trembling_makeup_is_steadied(frame: AnyArray, mesh: Points3):
    levels = [-0.2 + 0.03 * (-1) ** number for number in range(12)]
    results = [middle(image, mesh) for image in shown([(frame, change(mesh, frame, level)) for level in levels])]
    raw = [middle(image, mesh) for image in shown([(frame, change(mesh, frame, level)) for level in levels], cutoff=np.inf)]
    assert np.abs(np.diff(results[2:])).max() < 0.4 * np.abs(np.diff(raw[2:])).max()
    assert results[0] == pytest.approx(raw[0], abs=1e-3), "the first frame is taken as it is"
    assert np.mean(results[4:]) == pytest.approx(-0.2, abs=0.02)


def test_where_the_picture_changed_the_new_makeup_counts(frame: AnyArray, mesh: Points3):
    other = frame.copy()
    x, y = mesh[:, :2].mean(0).astype(int)
    other[y - 30 : y + 30, x - 30 : x + 30] = 30
    results = shown([(frame, change(mesh, frame, -0.2)), (other, change(mesh, other, 0.1))])
    assert middle(results[1], mesh) == pytest.approx(0.1, abs=0.01)


def test_makeup_moves_with_the_face(frame: AnyArray, mesh: Points3):
    moved_mesh, moved = mesh + np.array([4, 0, 0], np.float32), np.roll(frame, 4, axis=1)
    results = shown([(frame, change(mesh, frame, -0.2)), (moved, change(moved_mesh, moved, -0.2))])
    np.testing.assert_allclose(np.roll(results[0], 4, axis=1)[:, 60:260], results[1][:, 60:260], atol=4.5 / 255)
    assert np.abs(np.roll(results[0], 4, axis=1) - results[1])[:, 60:260].mean() < 0.2 / 255


def test_a_face_that_races_is_not_steadied(frame: AnyArray, mesh: Points3):
    far, raced = mesh + np.array([30, 0, 0], np.float32), np.roll(frame, 30, axis=1)
    results = shown([(frame, change(mesh, frame, -0.2)), (raced, change(far, raced, -0.1))])
    assert middle(results[1], far) == pytest.approx(-0.1, abs=0.01)


def test_weights_scale_what_is_shown_and_not_what_is_remembered(frame: AnyArray, mesh: Points3):
    results = shown([(frame, change(mesh, frame, -0.2, weight)) for weight in (0.5, 1.0)])
    assert middle(results[0], mesh) == pytest.approx(-0.1, abs=0.01)
    assert middle(results[1], mesh) == pytest.approx(-0.2, abs=0.01)


def test_outside_the_makeup_every_sample_stays(frame: AnyArray, mesh: Points3):
    canvas = picture(frame)
    kept, steadier = canvas.copy(), Steadier()
    for number in range(3):
        steadier.put(canvas, [change(mesh, frame, -0.1)], number * STEP)
    assert (canvas.planes[0][:, :80] == kept.planes[0][:, :80]).all()
    assert (canvas.planes[0] != kept.planes[0]).any()


def test_a_dresser_does_all_of_it(frame: AnyArray, mesh: Points3):
    finder = ScriptedFinder()
    finder.script = mesh
    dresser, canvas = Dresser(SpotPainter(), Tracker(finder)), picture(frame)
    before = canvas.rgb()
    assert dresser.dress(canvas, 0.0) == 1
    assert middle(canvas.rgb() - before, mesh) == pytest.approx(0, abs=0.02)
    assert np.abs(canvas.rgb() - before).max() > 0.05


def test_a_face_at_the_edge_of_the_frame_is_left_alone(frame: AnyArray, mesh: Points3):
    beyond = mesh - np.array([mesh[:, 0].max() + 20, 0, 0], np.float32)
    assert paint_face(SpotPainter(reach=1.0), picture(frame), tracked(beyond)) is None


def test_painters_see_the_mesh_in_their_own_pixels(frame: AnyArray, mesh: Points3):
    painter, canvas = SpotPainter(), picture(frame)
    found = paint_face(painter, canvas, tracked(mesh))
    assert found is not None
    seen: Mesh = painter.meshes[0]
    y0, _, x0, _ = canvas.align(box_around(mesh, painter.reach, canvas.size))
    np.testing.assert_allclose(seen.points[:, :2] + [x0, y0], mesh[:, :2], atol=1e-3)
    x, y = mesh[:, :2].mean(0)
    assert found.box[2] < x < found.box[3]
    assert found.box[0] < y < found.box[1]
