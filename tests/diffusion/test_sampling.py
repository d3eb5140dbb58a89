"""Noise levels, preconditioning and the sampler, on a Gaussian whose best denoiser is known: no network is needed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from kohl.core.errors import UsageError
from kohl.diffusion.noise import karras_sigmas, lognormal_sigmas
from kohl.diffusion.preconditioning import add_noise, loss_weight, precondition
from kohl.diffusion.samplers import sample_euler, sample_heun

MEAN, SPREAD = 0.3, 0.2


def best_denoiser(x: Tensor, sigma: Tensor) -> Tensor:
    """E[clean | x] where clean is normal with MEAN and SPREAD: Wiener's."""
    level = sigma.reshape(-1, 1, 1, 1)
    return (SPREAD**2 * x + level**2 * MEAN) / (SPREAD**2 + level**2)


@pytest.mark.parametrize(("sample", "steps"), [(sample_heun, 30), (sample_euler, 200)])
def test_the_samplers_draw_the_gaussian_that_the_denoiser_knows(sample: Callable[..., Tensor], steps: int):
    sigmas = karras_sigmas(steps, lowest=0.002, highest=20.0)
    noise = torch.randn(64, 1, 16, 16, generator=torch.Generator().manual_seed(0)) * sigmas[0]
    samples = sample(best_denoiser, noise, sigmas)
    assert float(samples.mean()) == pytest.approx(MEAN, abs=0.01)
    assert float(samples.std()) == pytest.approx(SPREAD, rel=0.03)


@pytest.mark.parametrize("sample", [sample_heun, sample_euler])
def test_one_step_gives_the_mean(sample: Callable[..., Tensor]):
    sigmas = karras_sigmas(1, lowest=0.002, highest=50.0)
    noise = torch.randn(4, 1, 8, 8, generator=torch.Generator().manual_seed(0)) * sigmas[0]
    torch.testing.assert_close(sample(best_denoiser, noise, sigmas), torch.full((4, 1, 8, 8), MEAN), atol=1e-2, rtol=0)


def test_confining_is_called_after_every_step():
    levels: list[float] = []

    def confine(x: Tensor, sigma: Tensor) -> Tensor:
        levels.append(float(sigma))
        return x

    sigmas = karras_sigmas(4, lowest=0.01, highest=1.0)
    sample_heun(best_denoiser, torch.zeros(1, 1, 4, 4), sigmas, confine=confine)
    assert levels == pytest.approx(sigmas[1:].tolist())


def test_karras_levels_fall_from_highest_to_nothing():
    sigmas = karras_sigmas(5, lowest=0.01, highest=3.0)
    assert sigmas[0] == pytest.approx(3.0)
    assert sigmas[-2] == pytest.approx(0.01, rel=1e-4)
    assert sigmas[-1] == 0
    assert bool((sigmas.diff() < 0).all())


@pytest.mark.parametrize(("steps", "lowest", "highest"), [(0, 0.1, 1.0), (3, 0.0, 1.0), (3, 2.0, 1.0)])
def test_levels_that_cannot_be_are_refused(steps: int, lowest: float, highest: float):
    with pytest.raises(UsageError, match="at least one step"):
        karras_sigmas(steps, lowest=lowest, highest=highest)


def test_preconditioning_passes_clean_pictures_through_where_there_is_no_noise():
    denoise = precondition(lambda x, level: torch.zeros_like(x), sigma_data=0.5)
    clean = torch.rand(2, 3, 4, 4)
    torch.testing.assert_close(denoise(clean, torch.full((2,), 1e-6)), clean, atol=1e-5, rtol=0)


def test_a_perfect_network_makes_a_perfect_denoiser():
    """With F as eq. 7 asks for it, D is the best denoiser: inputs and outputs of F have unit scale."""
    sigma_data = 0.5
    clean = sigma_data * torch.randn(4096, 1, 1, 1, generator=torch.Generator().manual_seed(1))
    sigma = torch.full((4096,), 0.7)
    noisy = add_noise(clean, sigma, torch.Generator().manual_seed(2))
    seen: list[Tensor] = []

    def network(x: Tensor, level: Tensor) -> Tensor:
        seen.append(x)
        assert torch.equal(level, sigma.log() / 4)
        return torch.zeros_like(x)

    precondition(network, sigma_data)(noisy, sigma)
    assert float(seen[0].std()) == pytest.approx(1.0, rel=0.05)
    out = sigma * sigma_data / (sigma**2 + sigma_data**2).sqrt()
    torch.testing.assert_close(loss_weight(sigma, sigma_data) * out**2, torch.ones(4096))


def test_lognormal_levels_have_the_asked_spread():
    levels = lognormal_sigmas(20000, mean=-1.2, deviation=1.1, generator=torch.Generator().manual_seed(0)).log()
    assert float(levels.mean()) == pytest.approx(-1.2, abs=0.03)
    assert float(levels.std()) == pytest.approx(1.1, abs=0.03)
