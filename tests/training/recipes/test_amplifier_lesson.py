"""Lessons of the amplifier's prior: what is aimed at, what it is read from, and that a denoiser learns from them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from drawn import DEEP, FAIR, MEDIUM, FixedDetector, draw
from kohl.data import painters
from kohl.data.crops import FaceCrop, cut_crop
from kohl.diffusion.haar import to_haar
from kohl.faces.analyzer import Analyzer
from kohl.methods.amplifier.chart_lines import Example
from kohl.methods.amplifier.config import REGIONS, TINY
from kohl.methods.amplifier.model import ResidualDenoiser
from kohl.methods.amplifier.situations import MOST_EXAMPLES, middle
from kohl.training.loop import Schedule, fit
from kohl.training.loose_crops import to_bytes
from kohl.training.recipes.amplifier import lesson_step, measure_sigma_data
from kohl.training.recipes.amplifier_lesson import Amount, Lessons, lesson_from_pairs, paint_random_looks


@pytest.fixture(scope="module")
def crops() -> list[FaceCrop]:
    """Twelve, as many as a look can ask for, of three drawn people."""
    made = [draw((384, 384), skin=skin, yaw=yaw) for skin, yaw in ((FAIR, 0.0), (MEDIUM, 10.0), (DEEP, -6.0))]
    return [cut_crop(one.image, Analyzer(detector=FixedDetector(one.points)).analyze(one.image)[0]) for one in made] * 4


@pytest.fixture(scope="module")
def pairs(crops: list[FaceCrop]) -> list[Example]:
    painter = painters.create("inks")
    return [Example(crop.pixels, painter.paint(crop.pixels, crop.face()), crop.face()) for crop in crops[:3]]


@pytest.fixture(scope="module")
def lessons(crops: list[FaceCrop]) -> Lessons:
    return paint_random_looks(crops, Amount(looks=2, aims_each=2, seed=5))


def tensors(lessons: Lessons) -> dict[str, torch.Tensor]:
    return dict(vars(lessons))


def test_random_looks_fill_every_part(lessons: Lessons):
    assert lessons.before.shape == lessons.after.shape == lessons.guess.shape == (4, 3, 256, 256)
    assert lessons.doubt.shape == (4, 2, 64, 64)
    assert lessons.masks.shape == (4, len(REGIONS), 64, 64)
    assert lessons.shown.shape[1:] == (6, 64, 64)
    assert (lessons.before != lessons.after).flatten(1).any(dim=1).all()
    assert measure_sigma_data(lessons) > 1e-3


def test_examples_are_those_of_the_own_look(lessons: Lessons):
    first, second = lessons.examples[0], lessons.examples[2]
    assert torch.equal(lessons.examples[0], lessons.examples[1])
    assert torch.equal(lessons.examples[2], lessons.examples[3])
    own = [set(part[part >= 0].tolist()) for part in (first, second)]
    assert not own[0] & own[1]
    assert own[0] | own[1] == set(range(len(lessons.shown)))


def test_any_number_of_processes_paints_the_same(crops: list[FaceCrop], lessons: Lessons):
    told: list[int] = []
    again = paint_random_looks(crops, Amount(looks=2, aims_each=2, seed=5), processes=2, tick=told.append)
    assert told == [1, 2]
    for name, tensor in tensors(lessons).items():
        torch.testing.assert_close(tensors(again)[name], tensor, rtol=0, atol=2e-3, msg=name)


def test_a_pair_is_never_read_from_itself(pairs: list[Example]):
    lessons = lesson_from_pairs(pairs, seed=0, lessons_each=2)
    assert len(lessons.before) == 6
    for number in range(6):
        aim = torch.from_numpy(np.moveaxis(to_bytes(middle(pairs[number % 3].before)), -1, 0).copy())
        assert torch.equal(lessons.before[number], aim)
        small = torch.nn.functional.avg_pool2d(aim[None].float() / 255, 4)[0]
        chosen = lessons.examples[number][lessons.examples[number] >= 0]
        assert 1 <= len(chosen) <= 2
        assert all((lessons.shown[one, :3].float() - small).abs().mean() > 0.01 for one in chosen)


def test_what_is_told(lessons: Lessons):
    situation, wanted = lessons.situate([0, 3], mirrored=False)
    change = (lessons.after[[0, 3]].float() - lessons.before[[0, 3]].float()) / 255
    torch.testing.assert_close(wanted, change)
    assert situation.examples is not None
    counts = (lessons.examples[[0, 3]] >= 0).sum(dim=1)
    assert situation.examples.shape[:2] == (2, int(counts[0]))
    own = lessons.examples[3][lessons.examples[3] >= 0].tolist()
    # Of the second lesson only its own examples are shown, cut or doubled to as many as the first has.
    for place in range(int(counts[0])):
        torch.testing.assert_close(situation.examples[1, place], lessons.shown[own[place % len(own)]].float())


def test_mirrored_is_the_mirror_image(lessons: Lessons):
    (plain, wanted), (turned, other) = (lessons.situate([1], mirrored=mirrored) for mirrored in (False, True))
    assert torch.equal(wanted.flip(-1), other)
    for name in ("face", "guess", "doubt", "masks", "examples", "example_masks"):
        assert torch.equal(getattr(plain, name).flip(-1), getattr(turned, name)), name


def test_a_denoiser_learns_from_them(lessons: Lessons, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kohl.training.recipes.amplifier._BARE", 0.0)
    spec = TINY.__class__(**(TINY.as_dict() | {"sigma_data": measure_sigma_data(lessons)}))
    torch.manual_seed(0)
    network = ResidualDenoiser(spec)
    step = lesson_step(lessons, batch=2)

    def loss(of: Callable[..., torch.Tensor]) -> float:
        with torch.no_grad():
            return float(np.mean([float(step(of, np.random.default_rng(seed))["denoising"]) for seed in range(8)]))  # type: ignore[arg-type]

    before = loss(network)
    after = loss(fit(network, step, Schedule(steps=40, learning_rate=3e-3), seed=1))
    assert after < 0.96 * before


def test_wanted_and_guess_meet_in_haar_space(lessons: Lessons):
    situation, wanted = lessons.situate([0], mirrored=False)
    missed = to_haar(wanted - situation.guess)
    assert missed.shape == (1, 48, 64, 64)
    # The chart's answer is nearer to the aim than nothing is.
    assert missed.square().mean() < to_haar(wanted).square().mean()


def test_examples_fit_what_the_tokens_take(lessons: Lessons):
    assert lessons.examples.shape[1] == MOST_EXAMPLES
    assert int(lessons.examples.max()) < len(lessons.shown)
