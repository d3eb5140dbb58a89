"""Fitting the reader's networks: who is shown to them, and what they learn to say."""

from __future__ import annotations

import numpy as np
import pytest

from by_eye import PRODUCTS
from kohl.core.onnx_session import open_session
from kohl.looks.layers import Eyeshadow, Lipstick, Pan
from kohl.looks.look import Look
from kohl.looks.pigment import Pigment
from kohl.reading.answers import ANSWERS
from kohl.reading.networks import Reader

fit_reading = pytest.importorskip("fit_reading", reason="fitting needs the train extra")
BARE = dict.fromkeys(PRODUCTS, 0.0)


def sample(*layers: Eyeshadow | Lipstick, numbers: object = (0.0,)) -> object:
    """A bare face painted with these layers, of whose eyes nothing but those numbers is seen."""
    painted = BARE | {layer.product: 1.0 for layer in layers}
    views = {"eyes": ([], np.asarray(numbers, np.float32))}
    return fit_reading.Sample("one", "studio", BARE, 0, painted, Look(name="one", layers=layers), views)


def shadow(lightness: float) -> Eyeshadow:
    return Eyeshadow(pans=(Pan(zone="lid", pigment=Pigment.from_rgb((lightness, 0.4, 0.4)), coverage=0.6),))


@pytest.mark.parametrize(
    ("join", "names"),
    [(None, tuple(ANSWERS["lips"])), ("all", tuple(ANSWERS["lips"])), ("colours", ("lip_colour",)), ("lip_colour", ("lip_colour",))],
)
def test_networks_learn_what_they_are_asked(join: str | None, names: tuple[str, ...]) -> None:
    assert fit_reading.How(join).asked("lips") == names


def test_an_answer_is_asked_of_its_own_part_alone() -> None:
    assert [part for part in ANSWERS if fit_reading.How("lid_colour").asked(part)] == ["eyes"]


@pytest.mark.parametrize(("join", "count"), [(None, 3), ("all", 3), ("colours", 1), ("lid_colour", 1)])
def test_colours_are_learnt_from_faces_that_kohl_painted(join: str | None, count: int) -> None:
    samples = [sample(shadow(0.5)), sample(Lipstick(pigment=Pigment.from_rgb((0.5, 0.1, 0.1)))), sample()]
    assert len(fit_reading.shown(samples, "eyes", fit_reading.How(join, judged=(1, 1)))) == count


def test_networks_of_one_answer_leave_the_others_open() -> None:
    lightness = np.random.default_rng(0).uniform(0.1, 0.9, 300)
    samples = [sample(shadow(light), numbers=(light,)) for light in lightness]
    reader = Reader(open_session(fit_reading.fitted(samples, "eyes", 1, fit_reading.How("lid_colour")), threads=1), ANSWERS["eyes"])
    dark, light = (reader([], np.array([number], np.float32)) for number in (0.15, 0.85))
    assert dark["lid_colour"][0] + 10 < light["lid_colour"][0]
    assert not any(answer.any() for name, answer in dark.items() if name != "lid_colour")
