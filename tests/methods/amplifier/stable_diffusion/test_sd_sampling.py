"""Samplers are tested on a network that knows the answer: the noise that was added to one clean latent."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from kohl.methods.amplifier.stable_diffusion.config import SAMPLERS, Sampler, SamplingKnobs
from kohl.methods.amplifier.stable_diffusion.sampling import Denoise, guided, make_scheduler, sample_latents
from tiny_diffusion import SCHEDULE

CLEAN = 1.5 * torch.randn(1, 4, 6, 6, generator=torch.Generator().manual_seed(0))


def oracle(clean: Tensor) -> Denoise:
    """ε = (x_t − √ᾱ·x₀) / √(1 − ᾱ)."""
    alphas = make_scheduler("ddpm", SCHEDULE).alphas_cumprod

    def denoise(noisy: Tensor, timestep: Tensor) -> Tensor:
        # Euler's timesteps fall between whole ones.
        level = torch.lerp(alphas[timestep.long()], alphas[(timestep.long() + 1).clamp(max=999)], float(timestep % 1))
        return (noisy - level.sqrt() * clean) / (1 - level).sqrt()

    return denoise


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize(("steps", "strength"), [(10, 0.3), (20, 1.0), (1, 1.0)])
def test_who_knows_the_noise_finds_the_clean_latent(sampler: Sampler, steps: int, strength: float):
    found = sample_latents(oracle(CLEAN), CLEAN, SCHEDULE, SamplingKnobs(sampler=sampler, steps=steps, strength=strength), seed=1)
    # DDIM ends at the schedule's first level, where Stable Diffusion leaves 3 % of noise.
    assert (found - CLEAN).abs().max() < 0.2
    assert (found - CLEAN).square().mean().sqrt() < 0.05


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_the_answer_wins_over_the_start(sampler: Sampler):
    """All the way from noise, nothing of the start is left."""
    found = sample_latents(oracle(CLEAN), -CLEAN, SCHEDULE, SamplingKnobs(sampler=sampler, steps=20, strength=1.0), seed=1)
    assert (found - CLEAN).square().mean().sqrt() < 0.06


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_same_seed_same_latent(sampler: Sampler):
    knobs = SamplingKnobs(sampler=sampler)
    first, again, other = (sample_latents(lambda noisy, _: 0.5 * noisy, CLEAN, SCHEDULE, knobs, seed=seed) for seed in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


# Where a schedule does not say how to space its steps, diffusers' Euler spreads them from end to end, DDIM leads.
@pytest.mark.parametrize(("sampler", "start"), [("euler_ancestral", 222), ("ddim", 201)])
def test_the_network_sees_a_latent_of_unit_noise_and_falling_levels(sampler: Sampler, start: int):
    seen: list[tuple[float, float]] = []

    def denoise(noisy: Tensor, timestep: Tensor) -> Tensor:
        seen.append((float(timestep), float(noisy.std())))
        return oracle(torch.zeros_like(noisy))(noisy, timestep)

    sample_latents(denoise, torch.zeros(1, 4, 32, 32), SCHEDULE, SamplingKnobs(sampler=sampler), seed=0)
    levels, spreads = zip(*seen, strict=True)
    assert list(levels) == sorted(levels, reverse=True)
    assert levels[0] == start
    assert len(levels) == 3
    # √(1 − ᾱ) at that level: the noise is scaled as in training, whatever the sampler calls it.
    assert spreads[0] == pytest.approx(float((1 - make_scheduler("ddpm", SCHEDULE).alphas_cumprod[start]).sqrt()), rel=0.05)


def test_latents_are_not_clipped_as_pixels_are():
    """A saved schedule that says nothing about clipping must not bring DDIM's default back."""
    assert "clip_sample" not in SCHEDULE
    found = sample_latents(oracle(CLEAN * 4), CLEAN * 4, SCHEDULE, SamplingKnobs(sampler="ddim"), seed=0)
    assert found.abs().max() > 4


def test_guidance_goes_beyond_the_condition():
    denoise = guided(lambda noisy, _: noisy + 2, lambda noisy, _: noisy, 2.5)
    assert torch.equal(denoise(torch.zeros(1), torch.tensor(0)), torch.tensor([5.0]))


def test_guidance_of_one_asks_once():
    def never(noisy: Tensor, timestep: Tensor) -> Tensor:
        raise AssertionError

    assert torch.equal(guided(lambda noisy, _: noisy + 2, never, 1.0)(torch.zeros(1), torch.tensor(0)), torch.tensor([2.0]))
