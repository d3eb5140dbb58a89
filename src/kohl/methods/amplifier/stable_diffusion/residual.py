"""The Residual Diffusion Model: two passes over a face, and what their difference says about makeup and detail.

F(x) is the photo rebuilt without conditions (smooth, bare), F(x, c) with them (smooth, made up). Then (Jin et al. 2024)

    R_d = x − F(x)      R_m = F(x, c) − F(x)      y = F(x) + λm·R_m + λd·R_d

which is the same as y = x + λm·R_m − (1 − λd)·R_d. In that form only a residual is computed, so it can be added to a photo of any
size, and where both terms vanish the photo stays as it is, bit for bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from kohl.methods.amplifier.stable_diffusion.backbone import Control
from kohl.methods.amplifier.stable_diffusion.config import SamplingKnobs
from kohl.methods.amplifier.stable_diffusion.edges import find_edges
from kohl.methods.amplifier.stable_diffusion.model import Amplifier
from kohl.methods.amplifier.stable_diffusion.sampling import Denoise, guided, sample_latents


@dataclass(frozen=True, eq=False)
class Wear:
    """One style and where it goes: `style` (1, E) embedding, `mask` (1, 1, s, s) of the latent, [0, 1]."""

    style: Tensor
    mask: Tensor


@torch.no_grad()
def find_residual(amplifier: Amplifier, pixels: Tensor, wears: Sequence[Wear], knobs: SamplingKnobs, *, seed: int) -> Tensor:
    """What to add to the face `pixels` (1, 3, S, S) [0, 1] so that it wears `wears`, each under its own mask: (1, 3, S, S) in [-2, 2]."""
    backbone = amplifier.backbone
    original, _ = backbone.encode(pixels)
    shares = share_out([wear.mask for wear in wears])
    content = backbone.embed(pixels)
    control = None if backbone.controlnet is None else Control(find_edges(pixels), knobs.control)

    plain = sample_latents(_pass(amplifier, amplifier.no_context(), knobs.lora_bare, control), original, backbone.schedule, knobs, seed=seed)
    bare = backbone.decode(mix_latents(original, [(plain, share) for share in shares]))

    made_up = []
    for wear, share in zip(wears, shares, strict=True):
        denoise = guided(
            _pass(amplifier, amplifier.context(content, wear.style), knobs.lora_makeup, control),
            _pass(amplifier, amplifier.no_context(), knobs.lora_makeup, control),
            knobs.guidance,
        )
        made_up.append((sample_latents(denoise, original, backbone.schedule, knobs, seed=seed), share))
    made = backbone.decode(mix_latents(original, made_up))
    return compose_residual(pixels, bare, made, makeup=knobs.makeup, detail=knobs.detail)


def share_out(masks: Sequence[Tensor]) -> list[Tensor]:
    """Masks (1, 1, s, s) in [0, 1] → the same, shrunk where they overlap so that their sum is at most 1."""
    total = torch.stack(list(masks)).sum(dim=0).clamp(min=1)
    return [mask / total for mask in masks]


def mix_latents(original: Tensor, parts: Sequence[tuple[Tensor, Tensor]]) -> Tensor:
    """L' = Σ M_k·L_k + (1 − Σ M_k)·L_x: each sampled latent (1, 4, s, s) under its share (1, 1, s, s), the photo's own elsewhere."""
    mixed = original
    for latent, share in parts:
        mixed = mixed + share * (latent - original)
    return mixed


def compose_residual(pixels: Tensor, bare: Tensor, made: Tensor, *, makeup: float, detail: float) -> Tensor:
    """λm·(F(x, c) − F(x)) − (1 − λd)·(x − F(x)), all (1, 3, S, S) in [0, 1]; what comes out is added to x."""
    return makeup * (made - bare) - (1 - detail) * (pixels - bare)


def _pass(amplifier: Amplifier, context: Tensor, lora_scale: float, control: Control | None) -> Denoise:
    return partial(_predict, amplifier=amplifier, context=context, lora_scale=lora_scale, control=control)


def _predict(noisy: Tensor, timestep: Tensor, *, amplifier: Amplifier, context: Tensor, lora_scale: float, control: Control | None) -> Tensor:
    return amplifier.predict(noisy, timestep, context, lora_scale=lora_scale, control=control)
