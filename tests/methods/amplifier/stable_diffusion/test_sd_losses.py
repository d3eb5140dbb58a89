from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from kohl.methods.amplifier.stable_diffusion.losses import LatentWindow, NoisySample, amplifier_loss, masked_eps_loss


def noise(seed: int, side: int = 8) -> Tensor:
    return torch.randn(1, 4, side, side, generator=torch.Generator().manual_seed(seed))


def sample(mask: Tensor | None = None) -> NoisySample:
    everywhere = torch.ones(1, 1, 8, 8)
    return NoisySample(noise(1), noise(2), torch.tensor([7]), torch.zeros(1, 2, 3), everywhere if mask is None else mask)


def test_the_loss_is_the_mean_square_of_what_the_mask_shows():
    mask = torch.zeros(1, 1, 8, 8)
    mask[..., 2:4, 2:4] = 1
    expected = ((noise(3) - noise(2))[..., 2:4, 2:4] ** 2).sum() / noise(2).numel()
    assert masked_eps_loss(noise(3), noise(2), mask).item() == pytest.approx(expected.item(), rel=1e-5)


def test_errors_under_the_mask_cost_nothing():
    mask = torch.ones(1, 1, 8, 8)
    mask[..., :4, :] = 0
    wrong = noise(2).clone()
    wrong[..., :4, :] += 100
    assert masked_eps_loss(wrong, noise(2), mask).item() == 0


def test_a_perfect_prediction_costs_nothing():
    def predict(noisy: Tensor, timestep: Tensor, context: Tensor) -> Tensor:
        return noise(2) if noisy.shape[-1] == 8 else LatentWindow(1, 2, 6).cut(noise(2))

    assert amplifier_loss(predict, sample(), LatentWindow(1, 2, 6), crop_weight=5).item() == 0


def test_the_window_weighs_five_times_and_sees_the_same_step_noise_and_context():
    seen = []

    def predict(noisy: Tensor, timestep: Tensor, context: Tensor) -> Tensor:
        seen.append((noisy, timestep, context))
        return torch.zeros_like(noisy)

    given, window = sample(), LatentWindow(2, 1, 4)
    loss = amplifier_loss(predict, given, window, crop_weight=5)
    whole, part = (given.noise**2).mean(), (given.noise[..., 2:6, 1:5] ** 2).mean()
    assert loss.item() == pytest.approx((whole + 5 * part).item())
    assert torch.equal(seen[1][0], given.noisy[..., 2:6, 1:5])
    assert seen[0][1] is seen[1][1]
    assert seen[0][2] is seen[1][2]


def test_no_weight_no_second_pass():
    calls = []
    amplifier_loss(lambda noisy, *_: calls.append(1) or noisy, sample(), LatentWindow(0, 0, 4), crop_weight=0)
    assert len(calls) == 1


@given(y=st.integers(0, 4), x=st.integers(0, 4), side=st.integers(1, 4))
def test_a_window_cuts_its_square(y: int, x: int, side: int):
    cut = LatentWindow(y, x, side).cut(noise(1))
    assert cut.shape == (1, 4, side, side)
    assert torch.equal(cut[..., 0, 0], noise(1)[..., y, x])
