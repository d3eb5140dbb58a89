"""The reader's networks: complete, finite, and cut where the training saw nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kohl.core.arrays import FloatArray, Image
from kohl.faces.face import Face
from kohl.reading.answers import ANSWERS
from kohl.reading.eye_patches import cut_eyes
from kohl.reading.networks import Network, load_readers, network_of, probability
from kohl.reading.unrolled import unroll_window, window_light
from kohl.reading.views import View, see


@pytest.fixture
def views(drawn_image: Image, drawn_face: Face) -> dict[str, View]:
    linear = window_light(drawn_image, drawn_face)
    unrolled = unroll_window(linear, drawn_face)
    return {part: see(part, unrolled, cut_eyes(linear, drawn_face, unrolled)) for part in ANSWERS}


def _random_network(random: np.random.Generator, *, numbers: int = 3) -> Network:
    def layer(name: str, inputs: int, outputs: int) -> dict[str, FloatArray]:
        return {
            f"{name}.weights": random.normal(size=(inputs, outputs)).astype(np.float32),
            f"{name}.bias": random.normal(size=outputs).astype(np.float32),
        }

    arrays = {"mean": np.zeros(numbers, np.float32), "scale": np.ones(numbers, np.float32)}
    arrays |= layer("convolution0", 9 * 2, 4) | layer("whole", 3 * 4 * 4, 5)
    arrays |= layer("inner", 5 + numbers, 6) | layer("across", 6, 6) | layer("outer", 6, 2)
    return network_of(arrays)


@pytest.mark.parametrize("part", ANSWERS)
def test_readers_see_a_face_and_give_their_answers(part: str, views: dict[str, View]) -> None:
    answers = load_readers()[part](*views[part])
    assert {name: answer.shape for name, answer in answers.items()} == {name: (count,) for name, count in ANSWERS[part].items()}
    assert all(np.isfinite(answer).all() for answer in answers.values())


@pytest.mark.parametrize("part", ANSWERS)
def test_what_training_never_saw_does_not_shout(part: str, views: dict[str, View]) -> None:
    network, pictures = load_readers()[part].members[0], views[part][0]
    far, farther = (network(pictures, network.mean + network.scale * reach) for reach in (4.0, 4000.0))
    assert farther == pytest.approx(far, rel=1e-5)


def test_a_convolution_is_one() -> None:
    random = np.random.default_rng(0)
    network, picture = _random_network(random), random.normal(size=(5, 7, 2)).astype(np.float32)
    weights, bias = network.convolutions[0]
    padded = np.pad(picture, ((1, 1), (1, 1), (0, 0)))
    kernel = weights.reshape(2, 3, 3, 4)
    expected = [[np.einsum("yxc,cyxd->d", padded[row : row + 3, column : column + 3], kernel) + bias for column in (0, 2, 4, 6)] for row in (0, 2, 4)]
    assert network.whole is not None
    flat = np.maximum(expected, 0).reshape(-1)
    seen = np.maximum(flat @ network.whole[0] + network.whole[1], 0)
    inner = np.maximum(np.concatenate([seen, np.zeros(3)]) @ network.inner[0] + network.inner[1], 0)
    hidden = inner + np.maximum(inner @ network.across[0] + network.across[1], 0)
    assert network([picture], np.zeros(3, np.float32)) == pytest.approx(hidden @ network.outer[0] + network.outer[1], rel=1e-4)


def test_pictures_of_the_same_thing_have_no_order() -> None:
    random = np.random.default_rng(1)
    network = _random_network(random)
    first, second = random.normal(size=(2, 5, 7, 2)).astype(np.float32)
    numbers = np.ones(3, np.float32)
    assert network([first, second], numbers) == pytest.approx(network([second, first], numbers), rel=1e-5)


def test_without_pictures_only_numbers_count() -> None:
    network = replace(_random_network(np.random.default_rng(2), numbers=8), convolutions=(), whole=None)
    network = replace(network, inner=(network.inner[0][:8], network.inner[1]))
    assert network([], np.ones(8, np.float32)).shape == (2,)


def test_probability_is_a_probability() -> None:
    assert probability(0.0) == 0.5
    assert 0 < probability(-1000.0) < 1e-9
    assert probability(1000.0) == pytest.approx(1.0)
