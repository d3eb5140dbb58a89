"""Image-to-image on the latent: some way into the noise and back. The network is a callable; schedules are diffusers'."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from kohl.core.extras import require
from kohl.methods.amplifier.stable_diffusion.config import SamplingKnobs

Denoise = Callable[[Tensor, Tensor], Tensor]
"""(scaled noisy latent (B, 4, h, w), timestep ()) → predicted noise (B, 4, h, w)."""

_SCHEDULERS = {
    "ddim": ("diffusers.schedulers.scheduling_ddim", "DDIMScheduler"),
    "euler_ancestral": ("diffusers.schedulers.scheduling_euler_ancestral_discrete", "EulerAncestralDiscreteScheduler"),
    "ddpm": ("diffusers.schedulers.scheduling_ddpm", "DDPMScheduler"),
}


def make_scheduler(name: str, schedule: Mapping[str, Any]) -> Any:
    """A fresh diffusers scheduler over a backbone's schedule: "ddim", "euler_ancestral", or "ddpm" to add noise in training."""
    module, architecture = _SCHEDULERS[name]
    scheduler = getattr(require(module, extra="diffusion", purpose="sampling from a diffusion backbone"), architecture)
    # Latents are not pixels: DDIM's default of clipping them to [-1, 1] is for models without a VAE.
    plain = {key: value for key, value in schedule.items() if not key.startswith("_")}
    return scheduler.from_config(plain | {"clip_sample": False})


def sample_latents(denoise: Denoise, start: Tensor, schedule: Mapping[str, Any], knobs: SamplingKnobs, *, seed: int) -> Tensor:
    """SDEdit (Meng et al. 2022): noise `start` (B, 4, h, w) to `knobs.strength`, then walk back. Same seed, same noise, on every device.

    DDIM: Song et al. 2021 with η = 0. Euler-ancestral: Karras et al. 2022's Euler step, its noise added back as k-diffusion does.
    """
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(start.shape, generator=generator).to(start)
    scheduler = make_scheduler(knobs.sampler, schedule)
    scheduler.set_timesteps(knobs.steps)
    begin = knobs.steps - knobs.num_walked
    # Euler counts its steps and must be told where it starts; DDIM finds its place by the timestep.
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(begin)
    timesteps = scheduler.timesteps[begin:]
    latents = scheduler.add_noise(start, noise, timesteps[:1])
    for timestep in timesteps:
        predicted = denoise(scheduler.scale_model_input(latents, timestep), timestep.to(start.device))
        latents = scheduler.step(predicted, timestep, latents, generator=generator).prev_sample
    return torch.as_tensor(latents)


def guided(with_conditions: Denoise, without: Denoise, guidance: float) -> Denoise:
    """ε = ε(∅) + g·(ε(c) − ε(∅)): classifier-free guidance (Ho & Salimans 2022, eq. 6 with g = 1 + w); g = 1 asks for ε(c) alone."""
    if guidance == 1:
        return with_conditions

    def denoise(noisy: Tensor, timestep: Tensor) -> Tensor:
        base = without(noisy, timestep)
        return base + guidance * (with_conditions(noisy, timestep) - base)

    return denoise
