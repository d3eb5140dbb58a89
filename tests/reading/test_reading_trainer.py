"""The reader's trainer: its CIEDE2000 is ours, it learns, and the package runs what it has learnt."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from kohl.color.difference import delta_e2000
from kohl.core.onnx_session import open_session
from kohl.reading.networks import Reader

torch = pytest.importorskip("torch", reason="fitting needs the train extra")
reading_trainer = pytest.importorskip("reading_trainer")
reader_network = pytest.importorskip("reader_network")


def _lesson(*, with_pictures: bool) -> object:
    """Answers that are the first number's sign, its mirror image and twice its value; the same numbers in a picture's corner."""
    random = np.random.default_rng(1)
    numbers = random.normal(size=(640, 4)).astype(np.float32)
    pictures = np.zeros((640, 2, 10, 12, 5), np.float16)
    pictures[:, :, 2:6, 2:6, 0] = numbers[:, :1, None, None]
    colours = 40 + 10 * numbers
    colours[::2] = np.nan
    answers = {"there": (numbers[:, :1] > 0).astype(np.float32), "colour": colours, "number": 2 * numbers[:, :1]}
    kinds = {"there": "presence", "colour": "colour", "number": "number"}
    return reading_trainer.Lesson(pictures if with_pictures else None, numbers * (not with_pictures), answers, kinds)


def _recipe(epochs: int) -> object:
    return dataclasses.replace(reading_trainer.ALL, epochs=epochs)


def test_difference_is_ciede2000() -> None:
    random = np.random.default_rng(0)
    first = random.uniform([0, -60, -60], [100, 60, 60], (500, 3))
    second = first + random.normal(0, 12, (500, 3))
    assert reading_trainer.delta_e2000(torch.tensor(first), torch.tensor(second)).numpy() == pytest.approx(delta_e2000(first, second), abs=1e-3)


@pytest.mark.parametrize("with_pictures", [False, True])
def test_what_is_learnt_runs_in_the_package(with_pictures: bool) -> None:
    lesson = _lesson(with_pictures=with_pictures)
    file = reader_network.write_reader(
        [reading_trainer.train(lesson, seed=0, recipe=_recipe(30))], lesson.pictures.shape[2:] if with_pictures else None
    )
    reader = Reader(open_session(file, threads=1), {"there": 1, "colour": 4, "number": 1})
    pictures = [[] if lesson.pictures is None else list(lesson.pictures[row].astype(np.float32)) for row in range(200)]
    answers = [reader(pictures[row], lesson.numbers[row]) for row in range(200)]
    said = {name: np.array([answer[name][0] for answer in answers]) for name in lesson.answers}
    wanted = {name: answer[:200, 0] for name, answer in lesson.answers.items()}
    assert np.mean((said["there"] > 0) == (wanted["there"] > 0)) > 0.9
    assert np.corrcoef(said["number"], wanted["number"])[0, 1] > 0.9
    known = np.isfinite(wanted["colour"])
    assert np.corrcoef(said["colour"][known], wanted["colour"][known])[0, 1] > 0.9


@pytest.mark.parametrize(("forgiving", "says_one"), [(None, False), (8.0, True)])
def test_forgiving_networks_say_one_of_several_colours_not_what_lies_between(forgiving: float | None, says_one: bool) -> None:
    worn = np.array([[35, 20, 10, 30], [65, 20, 10, 30]], np.float32)
    lesson = reading_trainer.Lesson(None, np.zeros((512, 2), np.float32), {"colour": np.tile(worn, (256, 1))}, {"colour": "colour"})
    recipe = dataclasses.replace(reading_trainer.ONE, epochs=30, forgiving=forgiving)
    file = reader_network.write_reader([reading_trainer.train(lesson, seed=0, recipe=recipe)], None)
    said = Reader(open_session(file, threads=1), {"colour": 4})([], np.zeros(2, np.float32))["colour"]
    assert bool(delta_e2000(said[:3], worn[:, :3]).min() < 5) is says_one


def test_trained_again_it_is_the_same() -> None:
    first, second = (reading_trainer.train(_lesson(with_pictures=True), seed=3, recipe=_recipe(1)) for _ in range(2))
    assert all(np.array_equal(first[name], second[name]) for name in first)
