"""The tiny network's recipe: what its terms are, that the optional ones learn, and that a critic survives an interruption."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from kohl.core.errors import UsageError
from kohl.data.crops import SIDE
from kohl.methods.tinybeauty.config import TINY
from kohl.methods.tinybeauty.model import TinyBeauty
from kohl.methods.tinybeauty.onnx_model import model_from_onnx
from kohl.training.loop import Schedule, Watching
from kohl.training.recipes.adversary import Adversary
from kohl.training.recipes.tinybeauty import LEARNED, Sheets, StudentRecipe, Terms, begin, learn_look, share_of_true

RECIPE = StudentRecipe(schedule=Schedule(steps=2), batch=2)


@pytest.fixture(scope="module")
def sheets() -> Sheets:
    random = np.random.default_rng(0)
    before = random.integers(40, 200, (2, SIDE, SIDE, 3)).astype(np.uint8)
    return Sheets(before, before + np.uint8(20), np.full((2, SIDE, SIDE, 1), 255, np.uint8))


def residuals() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(0)
    before, wanted = torch.rand(2, 3, 64, 64, generator=random), 0.1 * torch.rand(2, 3, 64, 64, generator=random)
    return before, torch.zeros_like(wanted).requires_grad_(), wanted, torch.ones(2, 1, 64, 64)


@pytest.mark.parametrize(
    ("recipe", "names"),
    [
        (StudentRecipe(), {"pixels", "eyeliner", "structure"}),
        (StudentRecipe(eyeliner=0.0, structure=0.0), {"pixels"}),
        (StudentRecipe(perceptual=0.3, adversarial=0.03), {"pixels", "eyeliner", "structure", "perceptual", "adversarial"}),
    ],
)
def test_a_term_whose_weight_is_0_is_left_out(recipe: StudentRecipe, names: set[str]):
    before, made, wanted, eyes = residuals()
    losses = Terms(recipe, 0.1)(before, made, wanted, eyes)
    assert set(losses) == names
    torch.stack(list(losses.values())).sum().backward()  # type: ignore[no-untyped-call]
    assert made.grad is not None
    assert bool(torch.isfinite(made.grad).all())


def test_the_critic_learns_to_tell_the_artist_from_the_pupil():
    torch.manual_seed(0)
    adversary = Adversary(0.1)
    before, made, wanted, _ = residuals()
    for _ in range(60):
        adversary(before, made, wanted)
    with torch.no_grad():
        artist, pupil = (float(adversary.critic(before, residual / 0.1).mean()) for residual in (wanted, made))
    assert artist > pupil + 0.5


def test_what_is_said_against_the_pupil_teaches_the_pupil_alone():
    before, made, wanted, _ = residuals()
    adversary = Adversary(0.1)
    against = adversary(before, made, wanted)
    held = [parameter.detach().clone() for parameter in adversary.critic.parameters()]
    against.backward()  # type: ignore[no-untyped-call]
    assert made.grad is not None
    assert bool(made.grad.any())
    for parameter, value in zip(adversary.critic.parameters(), held, strict=True):
        assert torch.equal(parameter, value)


def test_the_critic_is_kept_in_the_checkpoint(tmp_path: Path, sheets: Sheets):
    recipe = replace(RECIPE, adversarial=0.03)
    path = tmp_path / "run.safetensors"
    first = Watching(checkpoint=path)
    learn_look(sheets, None, recipe, watching=first)
    again = Watching(checkpoint=path, resume=True)
    learn_look(sheets, None, recipe, watching=again)
    for name, value in first.beside["critic"].state_dict().items():
        assert torch.equal(again.beside["critic"].state_dict()[name], value)


def test_a_look_is_learnt_from_both_kinds_of_sheets(sheets: Sheets):
    network = learn_look(sheets, sheets, RECIPE)
    assert not network.training
    assert not Watching().beside, "without a critic there is nothing beside"


def test_pairs_in_which_nothing_changes_are_refused(sheets: Sheets):
    with pytest.raises(UsageError, match="something changes"):
        learn_look(Sheets(sheets.before, sheets.before, sheets.eyes), None, RECIPE)


def test_it_starts_from_a_learned_look_unless_told_otherwise():
    learned, trunk, fresh = TinyBeauty(), TinyBeauty(), TinyBeauty()
    begin(learned, "learned")
    begin(trunk, "trunk")
    before = {name: value.clone() for name, value in fresh.state_dict().items()}
    begin(fresh, "random")
    assert all(torch.equal(value, before[name]) for name, value in fresh.state_dict().items())
    assert torch.equal(learned.out.weight, model_from_onnx(LEARNED).out.weight)
    assert not torch.equal(trunk.trunk.stem.weight, fresh.trunk.stem.weight)
    assert StudentRecipe().start == "learned"


def test_a_network_goes_on_from_where_it_is_and_what_it_was_stays(sheets: Sheets):
    shipped = model_from_onnx(LEARNED)
    before = {name: value.clone() for name, value in shipped.state_dict().items()}
    # Random weights are what it would begin with otherwise: two small steps from those end nowhere near.
    recipe = replace(RECIPE, schedule=Schedule(steps=2, learning_rate=1e-5), start="random")
    taught = learn_look(sheets, None, recipe, onwards=shipped)
    assert all(torch.equal(value, before[name]) for name, value in shipped.state_dict().items())
    assert not torch.equal(taught.out.weight, before["out.weight"])
    torch.testing.assert_close(taught.out.weight, before["out.weight"], atol=1e-3, rtol=0)


def test_a_network_of_another_shape_is_told_to_start_from_nothing(sheets: Sheets):
    with pytest.raises(UsageError, match="start='random'"):
        learn_look(sheets, None, replace(RECIPE, spec=TINY))


def test_the_more_true_pairs_there_are_the_less_the_amplifier_says():
    shares = [share_of_true(pairs, StudentRecipe()) for pairs in (1, 5, 10, 50, 500)]
    assert shares[:2] == [0.25, 0.25]
    assert shares == sorted(shares)
    assert 0.7 < shares[3] < 0.8
    assert shares[4] < 1
    assert share_of_true(5, StudentRecipe(true_share=0.5)) == 0.5
