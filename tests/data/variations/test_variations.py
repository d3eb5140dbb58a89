"""Variations keep a pair a pair: what they do to the before, they do to the after; and nothing folds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn import DEEP, FixedDetector, draw
from kohl.color.lab import lab_from_linear, lab_from_srgb
from kohl.color.skin import ita_from_lab
from kohl.color.srgb import srgb_from_linear
from kohl.core.errors import UsageError
from kohl.data import painters
from kohl.data.crops import cut_crop
from kohl.data.variations import Amounts, Person, draw_variation, vary
from kohl.data.variations.camera import Camera
from kohl.data.variations.encoding import encode
from kohl.data.variations.lighting import light_of
from kohl.data.variations.motion import MeshMotion
from kohl.data.variations.shape import change_shape
from kohl.data.variations.skin import skin_gain, transport
from kohl.faces import landmarks as at
from kohl.faces.analyzer import Analyzer
from kohl.faces.contours import fill
from kohl.faces.pose import estimate_pose

NONE = Amounts(**dict.fromkeys(vars(Amounts()), 0.0))
SIDE = 192


def person_of(painter: str | None, **drawing: object) -> Person:
    drawn = draw((256, 256), **drawing)  # type: ignore[arg-type]
    face = Analyzer(detector=FixedDetector(drawn.points)).analyze(drawn.image)[0]
    crop = cut_crop(drawn.image, face, side=SIDE)
    after = crop.pixels if painter is None else painters.create(painter).paint(crop.pixels, crop.face())
    return Person.of(crop, after)


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return [person_of("inks"), person_of("inks", skin=DEEP, yaw=8, seed=1)]


@pytest.fixture(scope="module")
def bare() -> Person:
    return person_of(None)


def test_the_same_seed_draws_the_same_variation(people: list[Person]):
    first, again, other = (draw_variation(people, np.random.default_rng(seed)) for seed in (3, 3, 4))
    for one, two in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, two)
    assert (first.before != other.before).any()
    before, after = vary(people, np.random.default_rng(3))
    np.testing.assert_array_equal(before, first.before)
    np.testing.assert_array_equal(after, first.after)
    assert before.shape == after.shape == (SIDE, SIDE, 3)
    assert before.dtype == after.dtype == np.float32
    assert min(before.min(), after.min()) >= 0
    assert max(before.max(), after.max()) <= 1


def test_no_amount_is_no_change(people: list[Person]):
    varied = draw_variation(people[:1], np.random.default_rng(0), NONE)
    np.testing.assert_allclose(varied.points, people[0].points, atol=1e-3)
    for now, then in ((varied.before, people[0].before), (varied.after, people[0].after)):
        np.testing.assert_allclose(now, srgb_from_linear(then), atol=2e-3)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_where_there_is_no_makeup_there_is_none_after(seed: int, bare: Person):
    before, after = vary([bare], np.random.default_rng(seed))
    np.testing.assert_allclose(before, after, atol=2e-3)


@pytest.mark.parametrize("seed", range(4))
def test_makeup_goes_where_the_face_goes(seed: int, people: list[Person]):
    varied = draw_variation(people[:1], np.random.default_rng(seed), replace(NONE, morph=0.8, features=0.03, pose=10))
    residual = np.abs(varied.after - varied.before).max(2)
    lips = fill(varied.points[at.LIPS_OUTER, :2], (SIDE, SIDE)) > 0.9
    inside = fill(varied.points[at.LIPS_INNER, :2], (SIDE, SIDE)) > 0.01
    assert np.median(residual[lips & ~inside]) > 0.15
    corner = residual[: SIDE // 8]
    assert corner.max() < 2e-3


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_nothing_folds(seed: int, people: list[Person]):
    rng = np.random.default_rng(seed)
    points = change_shape(people[0], people[1], rng, Amounts(features=0.08, pose=15))
    source = MeshMotion.of(people[0].points, points, people[0].size).source
    across, down = np.diff(source, axis=1)[:-1], np.diff(source, axis=0)[:, :-1]
    area = across[..., 0] * down[..., 1] - across[..., 1] * down[..., 0]
    assert area.min() > 0


def test_a_mesh_that_stays_moves_nothing(bare: Person):
    motion = MeshMotion.of(bare.points, bare.points, bare.size)
    np.testing.assert_allclose(motion.carry(bare.before), bare.before, atol=2e-3)


def test_pose_turns_by_what_it_says(bare: Person):
    poses = [estimate_pose(change_shape(bare, bare, np.random.default_rng(seed), replace(NONE, pose=10))) for seed in range(12)]
    assert max(abs(pose.yaw) for pose in poses) <= 10.5
    assert max(pose.yaw for pose in poses) > 4
    assert min(pose.yaw for pose in poses) < -4
    assert np.ptp([pose.pitch for pose in poses]) > 8
    assert max(abs(pose.roll) for pose in poses) < 2


def test_parts_move_alike_on_both_halves(bare: Person):
    moved = change_shape(bare, bare, np.random.default_rng(1), replace(NONE, features=0.05)) - bare.points
    for right, left in ((61, 291), (50, 280), (105, 334)):
        np.testing.assert_allclose(moved[right] * [-1, 1, 1], moved[left], atol=0.15)
    assert np.abs(moved).max() > 0.5


def test_a_closed_mouth_does_not_become_an_open_one(bare: Person):
    laughing = person_of(None, mouth_open=1.0)
    for seed in range(5):
        points = change_shape(bare, laughing, np.random.default_rng(seed), replace(NONE, morph=1.0))
        assert np.linalg.norm(points[13] - points[14]) < 0.2 * np.linalg.norm(laughing.points[13] - laughing.points[14])


def test_light_is_even_on_average_and_stays_on_the_head(bare: Person):
    motion = MeshMotion.of(bare.points, bare.points, bare.size)
    for seed in range(5):
        light = light_of(motion, np.random.default_rng(seed), Amounts())
        assert light.shape == (SIDE, SIDE, 3)
        assert light.min() > 0.4
        face = fill(bare.points[at.FACE_OVAL, :2], (SIDE, SIDE)) > 0.9
        assert light[face].mean() == pytest.approx(1, abs=0.12)
        assert np.ptp(light[face]) > 0.01 or seed != 0
        np.testing.assert_allclose(light[0, 0], 1, atol=0.06)


@pytest.mark.parametrize("lightness", [30.0, 45.0, 60.0, 75.0])
def test_skin_moves_along_its_locus(lightness: float):
    skin = np.array([58.0, 14.0, 19.0], np.float32)
    gain = skin_gain(skin, lightness)
    rgb = np.array([0.42, 0.23, 0.14], np.float32)
    moved = lab_from_linear(rgb * gain) - lab_from_linear(rgb)
    assert np.sign(moved[0]) == np.sign(lightness - 58)
    np.testing.assert_allclose(skin_gain(skin, 58.0), 1, atol=1e-4)
    assert 0 < ita_from_lab(lab_from_linear(rgb * gain)) + 90 < 180


def test_deeper_skin_has_a_lower_ita(bare: Person):
    tones = []
    for amounts in (replace(NONE, deeper=1e-6), replace(NONE, deeper=30.0)):
        drawn = [vary([bare], np.random.default_rng(seed), amounts)[0] for seed in range(4)]
        x, y = bare.points[151, :2].astype(int)
        tones.append(np.median([ita_from_lab(lab_from_srgb(before[y - 3 : y + 3, x - 3 : x + 3])).mean() for before in drawn]))
    assert tones[1] < tones[0] - 5


@given(share=st.floats(0.05, 1.0), gain=st.floats(0.3, 1.8))
def test_makeup_that_filters_light_goes_on_filtering_it(share: float, gain: float):
    before = np.random.default_rng(0).uniform(0.05, 0.5, (4, 4, 3)).astype(np.float32)
    changed = (before * gain).astype(np.float32)
    np.testing.assert_allclose(transport(before, (before * share).astype(np.float32), changed), changed * share, rtol=1e-3, atol=1e-5)


def test_grain_and_compression_are_the_before_s(people: list[Person]):
    plain, grainy = (vary(people[:1], np.random.default_rng(5), replace(NONE, noise=noise, compression=noise * 50)) for noise in (0.0, 0.02))
    assert np.abs(grainy[0] - plain[0]).mean() > 0.002
    inside = ((grainy[1] > 0) & (grainy[1] < 1) & (plain[1] > 0) & (plain[1] < 1)).all(2)
    np.testing.assert_allclose((grainy[1] - grainy[0])[inside], (plain[1] - plain[0])[inside], atol=1e-5)


def test_a_camera_is_settled_once():
    camera = Camera.drawn(np.random.default_rng(0), Amounts(compression=1.0), (32, 32))
    assert camera.quality is not None
    picture = np.random.default_rng(1).random((32, 32, 3), np.float32)
    np.testing.assert_array_equal(camera.develop(picture), camera.develop(picture))
    np.testing.assert_array_equal(camera.expose(picture), camera.expose(picture))


def test_encoding_by_table_is_the_curve():
    values = np.linspace(0, 1, 3 * 4000, dtype=np.float32).reshape(-1, 1, 3)
    np.testing.assert_allclose(encode(values), srgb_from_linear(values), atol=5e-4)


def test_bad_people_are_refused(people: list[Person], bare: Person):
    with pytest.raises(UsageError, match="crops of one size"):
        vary([], np.random.default_rng(0))
    with pytest.raises(UsageError, match="crops of one size"):
        vary([bare, replace(bare, before=bare.before[:100])], np.random.default_rng(0))
    drawn = draw((256, 256))
    crop = cut_crop(drawn.image, Analyzer(detector=FixedDetector(drawn.points)).analyze(drawn.image)[0], side=SIDE)
    with pytest.raises(UsageError, match="after must be of the crop's shape"):
        Person.of(crop, np.zeros((64, 64, 3), np.float32))
