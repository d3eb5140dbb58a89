"""The reader's networks: complete, finite, and cut where the training saw nothing; what a file of them computes."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.core.arrays import AnyArray, FloatArray, Image
from kohl.core.onnx_session import open_session
from kohl.faces.face import Face
from kohl.reading.answers import ANSWERS
from kohl.reading.eye_patches import cut_eyes
from kohl.reading.networks import Reader, load_readers, probability
from kohl.reading.unrolled import unroll_window, window_light
from kohl.reading.views import View, see


@pytest.fixture
def views(drawn_image: Image, drawn_face: Face) -> dict[str, View]:
    linear = window_light(drawn_image, drawn_face)
    unrolled = unroll_window(linear, drawn_face)
    return {part: see(part, unrolled, cut_eyes(linear, drawn_face, unrolled)) for part in ANSWERS}


def _random_member(random: np.random.Generator, *, sees_pictures: bool = True, answers: int = 2) -> dict[str, FloatArray]:
    """Of three numbers, and of pictures (5, 7, 2)."""
    arrays = {"mean": random.normal(size=3).astype(np.float32), "scale": random.uniform(1, 2, 3).astype(np.float32)}

    def add(name: str, inputs: int, outputs: int) -> None:
        arrays[f"{name}.weights"] = random.normal(size=(inputs, outputs)).astype(np.float32)
        arrays[f"{name}.bias"] = random.normal(size=outputs).astype(np.float32)

    if sees_pictures:
        add("convolution0", 9 * 2, 4)
        add("whole", 3 * 4 * 4, 5)
    add("inner", 5 * sees_pictures + 3, 6)
    add("across", 6, 6)
    add("outer", 6, answers)
    return arrays


def _reader(*members: dict[str, FloatArray]) -> Reader:
    pytest.importorskip("onnx", reason="writing networks needs the train extra")
    reader_network = pytest.importorskip("reader_network")
    picture = (5, 7, 2) if "whole.bias" in members[0] else None
    return Reader(open_session(reader_network.write_reader(members, picture), threads=1), {"first": 1, "second": 1})


def _said(reader: Reader, pictures: list[FloatArray], numbers: FloatArray) -> AnyArray:
    return np.concatenate(list(reader(pictures, numbers).values()))


@pytest.mark.parametrize("part", ANSWERS)
def test_readers_see_a_face_and_give_their_answers(part: str, views: dict[str, View]) -> None:
    answers = load_readers()[part](*views[part])
    assert {name: answer.shape for name, answer in answers.items()} == {name: (count,) for name, count in ANSWERS[part].items()}
    assert all(np.isfinite(answer).all() for answer in answers.values())


@pytest.mark.parametrize("part", ANSWERS)
def test_what_training_never_saw_does_not_shout(part: str, views: dict[str, View]) -> None:
    reader, (pictures, numbers) = load_readers()[part], views[part]
    far, farther = (_said(reader, list(pictures), np.full_like(numbers, reach)) for reach in (1e6, 1e9))
    assert farther == pytest.approx(far, rel=1e-5)


def test_a_member_is_what_its_arrays_say() -> None:
    random = np.random.default_rng(0)
    member, picture, numbers = _random_member(random), random.normal(size=(5, 7, 2)).astype(np.float32), np.array([9, 0, -9], np.float32)

    def through(values: AnyArray, name: str) -> AnyArray:
        return np.asarray(values @ member[f"{name}.weights"] + member[f"{name}.bias"])

    padded = np.pad(picture, ((1, 1), (1, 1), (0, 0)))
    around = [[padded[row : row + 3, column : column + 3].transpose(2, 0, 1).ravel() for column in (0, 2, 4, 6)] for row in (0, 2, 4)]
    flat = np.maximum(through(np.array(around), "convolution0"), 0).ravel()
    standard = np.clip((numbers - member["mean"]) / member["scale"], -4, 4)
    inner = np.maximum(through(np.concatenate([np.maximum(through(flat, "whole"), 0), standard]), "inner"), 0)
    expected = through(inner + np.maximum(through(inner, "across"), 0), "outer")
    assert _said(_reader(member), [picture], numbers) == pytest.approx(expected, rel=1e-4)


def test_members_are_averaged() -> None:
    random = np.random.default_rng(3)
    members, numbers = [_random_member(random, sees_pictures=False) for _ in range(3)], np.ones(3, np.float32)
    alone = [_said(_reader(member), [], numbers) for member in members]
    assert _said(_reader(*members), [], numbers) == pytest.approx(np.mean(alone, axis=0), rel=1e-4)


def test_weights_in_half_precision_are_widened() -> None:
    member, numbers = _random_member(np.random.default_rng(4), sees_pictures=False), np.ones(3, np.float32)
    halves = {name: array.astype(np.float16) for name, array in member.items()}
    widened = {name: array.astype(np.float32) for name, array in halves.items()}
    assert _said(_reader(halves), [], numbers) == pytest.approx(_said(_reader(widened), [], numbers), rel=1e-6)


def test_pictures_of_the_same_thing_have_no_order() -> None:
    random = np.random.default_rng(1)
    reader = _reader(_random_member(random))
    first, second = random.normal(size=(2, 5, 7, 2)).astype(np.float32)
    numbers = np.ones(3, np.float32)
    assert _said(reader, [first, second], numbers) == pytest.approx(_said(reader, [second, first], numbers), rel=1e-5)


def test_probability_is_a_probability() -> None:
    assert probability(0.0) == 0.5
    assert 0 < probability(-1000.0) < 1e-9
    assert probability(1000.0) == pytest.approx(1.0)


@pytest.mark.parametrize("sees_pictures", [True, False])
def test_members_come_out_of_a_file_as_they_went_in(sees_pictures: bool) -> None:
    pytest.importorskip("onnx", reason="writing networks needs the train extra")
    reader_network = pytest.importorskip("reader_network")
    random = np.random.default_rng(3)
    members = [_random_member(random, sees_pictures=sees_pictures) for _ in range(3)]
    found = reader_network.members_of(reader_network.write_reader(members, (5, 7, 2) if sees_pictures else None))
    for member, again in zip(members, found, strict=True):
        assert list(again) == list(member)
        assert all((again[name] == array).all() for name, array in member.items())


@pytest.mark.parametrize("sees_pictures", [True, False])
@pytest.mark.parametrize(
    ("join", "members", "shares"),
    [
        ("colours", 2 + 4, {"once": (0, 1, 0), "twice": (0, 0, 1)}),
        ("blush_colour", 2 + 3 + 4, {"once": (2 / 5, 3 / 5, 0), "twice": (2 / 9, 3 / 9, 4 / 9)}),
    ],
)
def test_joined_networks_say_what_they_were_asked_and_those_before_the_rest(
    join: str, members: int, shares: dict[str, tuple[float, ...]], sees_pictures: bool
) -> None:
    fit_reading = pytest.importorskip("fit_reading", reason="fitting needs the train extra")
    random, part, how = np.random.default_rng(4), "cheeks", fit_reading.How(join)
    picture, answers = (5, 7, 2) if sees_pictures else None, sum(ANSWERS[part].values())
    before, new, newer = (
        fit_reading.write_reader([_random_member(random, sees_pictures=sees_pictures, answers=answers) for _ in range(count)], picture)
        for count in (2, 3, 4)
    )
    once = fit_reading.joined(before, new, part, how)
    twice = fit_reading.joined(once, newer, part, how)
    pictures = [random.normal(size=(5, 7, 2)).astype(np.float32)] if sees_pictures else []
    numbers = random.normal(size=3).astype(np.float32)
    files = {"before": before, "new": new, "newer": newer, "once": once, "twice": twice}
    said = {name: Reader(open_session(file, threads=1), ANSWERS[part])(pictures, numbers) for name, file in files.items()}
    for joined, share in shares.items():
        expected = np.average([said[name]["blush_colour"] for name in ("before", "new", "newer")], 0, share)
        np.testing.assert_allclose(said[joined]["blush_colour"], expected, rtol=1e-4, atol=1e-4)
        for name in set(ANSWERS[part]) - {"blush_colour"}:
            np.testing.assert_allclose(said[joined][name], said["before"][name], rtol=1e-4, atol=1e-4)
    assert len(fit_reading.members_of(twice)) == members


def test_joined_for_all_networks_are_averaged() -> None:
    fit_reading = pytest.importorskip("fit_reading", reason="fitting needs the train extra")
    random = np.random.default_rng(5)
    before, new = ([_random_member(random, answers=8) for _ in range(count)] for count in (2, 3))
    write = fit_reading.write_reader
    assert fit_reading.joined(write(before, (5, 7, 2)), write(new, (5, 7, 2)), "cheeks", fit_reading.How("all")) == write([*before, *new], (5, 7, 2))
