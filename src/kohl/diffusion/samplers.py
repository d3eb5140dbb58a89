"""Samplers: from noise to a sample, as pure functions over a denoiser and a list of noise levels."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import torch
from torch import Tensor

from kohl.diffusion.preconditioning import Denoiser

Confine = Callable[[Tensor, Tensor], Tensor]
"""(x, sigma) → x, brought back to what is known at that noise level; for sampling under a mask."""


@torch.no_grad()
def sample_heun(denoise: Denoiser, x: Tensor, sigmas: Tensor, *, confine: Confine | None = None) -> Tensor:
    """Deterministic second-order sampling (Karras et al. 2022, algorithm 1 without churn).

    Parameters
    ----------
    denoise
        (x, sigma (B,)) → the expected clean x.
    x
        (B, C, h, w), normal noise of standard deviation `sigmas[0]`.
    sigmas
        (steps + 1,), falling, ending in 0.
    confine
        Called after every step.
    """
    ones = x.new_ones(len(x))
    for now, after in itertools.pairwise(sigmas):
        slope = (x - denoise(x, now * ones)) / now
        euler = x + (after - now) * slope
        if after > 0:
            slope = (slope + (euler - denoise(euler, after * ones)) / after) / 2
            euler = x + (after - now) * slope
        x = euler if confine is None else confine(euler, after)
    return x
