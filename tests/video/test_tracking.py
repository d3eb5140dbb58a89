"""Faces followed: steady at rest, faded where they come and go, forgotten at a cut."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from films import ScriptedFinder, background, picture
from kohl.core.arrays import AnyArray, Points3
from kohl.video.cuts import CutFinder
from kohl.video.tracking import FADE_SECONDS, TrackedFace, Tracker, box_around

SIZE = (360, 640)
STEP = 1 / 30


@pytest.fixture(scope="module")
def here(drawing: object) -> Points3:
    """(478, 3): a mesh 187 px wide in a frame of 360×640."""
    return (drawing.points * (360 / 512) + [140, 0, 0]).astype(np.float32)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def scene() -> AnyArray:
    return background(SIZE)


class Film:
    """Plays a script to a tracker, frame by frame."""

    def __init__(self, scene: AnyArray, **options: object) -> None:
        self.picture, self.finder, self.number = picture(scene), ScriptedFinder(), 0
        self.tracker = Tracker(self.finder, **options)  # type: ignore[arg-type]

    def show(self, points: Points3 | None, times: int = 1) -> list[tuple[TrackedFace, ...]]:
        seen = []
        for _ in range(times):
            self.finder.script = points
            seen.append(self.tracker.update(self.picture, self.number * STEP))
            self.number += 1
        return seen

    def cut(self, scene: AnyArray) -> None:
        self.picture = picture(scene)


def weights(frames: list[tuple[TrackedFace, ...]]) -> list[float]:
    return [faces[0].weight if faces else 0.0 for faces in frames]


def test_who_is_there_from_the_start_is_painted_at_once(here: Points3, scene: AnyArray):
    film = Film(scene)
    frames = film.show(here, 5)
    assert weights(frames) == [1.0] * 5
    np.testing.assert_allclose(frames[0][0].points, here, atol=0.01)
    assert {faces[0].number for faces in frames} == {1}


def test_a_lost_face_keeps_its_place_and_fades_out_and_in(here: Points3, scene: AnyArray):
    film = Film(scene)
    film.show(here, 3)
    gone = film.show(None, 12)
    shown = weights(gone)
    assert all(later <= earlier for earlier, later in pairwise(shown))
    assert shown[0] > 0.9, "one frame without a face hardly shows"
    assert sum(weight > 0 for weight in shown) == pytest.approx(FADE_SECONDS / STEP, abs=1)
    assert all(np.allclose(faces[0].points[:, :2], here[:, :2], atol=0.05) for faces in gone if faces)
    back = film.show(here, 12)
    shown = weights(back)
    assert all(later >= earlier for earlier, later in pairwise(shown))
    assert shown[0] < 0.2
    assert shown[-1] == 1
    assert back[-1][0].number == 1, "the same face"
    assert film.tracker.num_losses == 1


def test_weights_never_jump(here: Points3, scene: AnyArray):
    film, rng = Film(scene), np.random.default_rng(1)
    shown = weights(film.show(here, 2) + [frame for there in rng.random(60) < 0.6 for frame in film.show(here if there else None)])
    # The eased ramp is at most 1.5 times as steep as a straight one.
    assert np.abs(np.diff(shown)).max() <= 1.5 * STEP / FADE_SECONDS + 1e-6


def test_a_newcomer_fades_in(here: Points3, scene: AnyArray):
    film = Film(scene)
    film.show(None, 10)
    shown = weights(film.show(here, 15))
    assert shown[0] <= 0.1
    assert shown[-1] == 1
    assert np.diff(shown).max() < 0.2


def test_a_face_that_is_away_for_long_is_a_new_one(here: Points3, scene: AnyArray):
    film = Film(scene)
    film.show(here, 2)
    film.show(None, 40)
    assert film.show(here, 6)[-1][0].number == 2
    assert film.tracker.num_faces == 2


def test_a_cut_resets_everything(here: Points3, scene: AnyArray):
    film = Film(scene)
    film.show(here, 15)
    film.cut(background(SIZE, seed=5))
    moved = here + np.array([150, 0, 0], np.float32)
    (faces,) = film.show(moved)
    assert (film.tracker.num_cuts, film.tracker.num_losses) == (1, 0)
    assert (faces[0].number, faces[0].weight) == (2, 1.0)
    np.testing.assert_allclose(faces[0].points, moved, atol=0.01), "not smoothed with the scene before"


def test_a_resting_mesh_is_steadied_and_a_moving_one_followed(here: Points3, scene: AnyArray):
    rng = np.random.default_rng(0)
    film = Film(scene)
    noisy = [here + rng.normal(0, 0.5, here.shape).astype(np.float32) for _ in range(40)]
    shown = np.array([film.show(mesh)[0][0].points for mesh in noisy])
    assert np.diff(shown[10:, :468, :2], axis=0).std() < 0.5 * np.diff(np.array(noisy)[10:, :468, :2], axis=0).std()
    film = Film(scene)
    path = [here + np.array([3 * number, 0, 0], np.float32) for number in range(30)]
    lag = np.array([path[number] - film.show(path[number])[0][0].points for number in range(30)])[10:, :, 0]
    assert 0 <= lag.mean() < 1.5, "pixels, at 90 a second"


def test_the_largest_face_keeps_its_makeup_when_another_is_as_large(here: Points3, scene: AnyArray):
    film = Film(scene)
    small = (here - here.mean(0)) * 0.9 + here.mean(0)
    film.show(small.astype(np.float32), 3)
    film.finder.others = [(here + np.array([200, 0, 0], np.float32))]
    assert {face.number for faces in film.show(small.astype(np.float32), 60) for face in faces} == {1}


def test_a_much_larger_face_takes_over_without_a_jump(here: Points3, scene: AnyArray):
    film = Film(scene)
    small = ((here - here.mean(0)) * 0.45 + [120, 120, 0]).astype(np.float32)
    film.show(small, 3)
    film.finder.others = [(here + np.array([150, 0, 0], np.float32))]
    frames = film.show(small, 50)
    assert {face.number for face in frames[-1]} == {2}
    old = [sum(face.weight for face in faces if face.number == 1) for faces in frames]
    new = [sum(face.weight for face in faces if face.number == 2) for faces in frames]
    assert np.abs(np.diff(old)).max() < 0.2
    assert np.abs(np.diff(new)).max() < 0.2


def test_all_faces(here: Points3, scene: AnyArray):
    film = Film(scene, faces="all")
    film.finder.others = [(here + np.array([200, 0, 0], np.float32))]
    film.finder.script = here
    assert len(film.tracker.update(film.picture, 0.0)) == 2


@pytest.mark.parametrize("change", ["small", "outside"])
def test_faces_that_carry_no_makeup_get_none(change: str, here: Points3, scene: AnyArray):
    mesh = here * np.float32(0.2) if change == "small" else here - np.array([330, 0, 0], np.float32)
    assert weights(Film(scene).show(mesh.astype(np.float32), 4)) == [0.0] * 4


def test_while_all_is_well_the_whole_frame_is_searched_rarely(here: Points3, scene: AnyArray):
    film = Film(scene)
    film.show(here, 60)
    assert film.finder.num_searches <= 3


def test_times_that_repeat_do_no_harm(here: Points3, scene: AnyArray):
    film = Film(scene)
    film.finder.script = here
    for _ in range(3):
        faces = film.tracker.update(film.picture, 0.0)
    assert faces[0].weight == 1


def test_boxes_stay_in_the_picture(here: Points3):
    y0, y1, x0, x1 = box_around(here, 4.0, SIZE)
    assert (y0, y1) == (0, SIZE[0])
    assert 0 <= x0 < x1 <= SIZE[1]
    far = box_around(here + np.array([5000, 0, 0], np.float32), 1.0, SIZE)
    assert far[2] == far[3] == SIZE[1]


def test_cuts_are_scenes_and_neither_pans_nor_flashes(scene: AnyArray):
    finder = CutFinder()
    pan = [np.roll(scene, 12 * number, axis=1) for number in range(12)]
    flash = [np.clip(pan[-1].astype(int) + 60, 0, 255).astype(np.uint8), pan[-1]]
    cuts = []
    for pixels in [*pan, *flash, background(SIZE, seed=9), background(SIZE, seed=9)]:
        finder = finder.look(picture(pixels))
        cuts.append(finder.is_cut)
    assert [number for number, cut in enumerate(cuts) if cut] == [14]
