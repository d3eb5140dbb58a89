"""EDM preconditioning: a network F of unit-sized things becomes a denoiser D of things at any noise level (Karras et al. 2022, table 1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import torch
from torch import Tensor

Network: TypeAlias = Callable[[Tensor, Tensor], Tensor]
"""(c_in · x, c_noise (B,)) → like x."""
Denoiser: TypeAlias = Callable[[Tensor, Tensor], Tensor]
"""(x, sigma (B,)) → the expected clean x."""


def precondition(network: Network, sigma_data: float) -> Denoiser:
    """`D(x, sigma) = c_skip x + c_out F(c_in x, ln(sigma) / 4)` (eq. 7), for data whose standard deviation is `sigma_data`."""

    def denoise(x: Tensor, sigma: Tensor) -> Tensor:
        level = sigma.reshape(-1, 1, 1, 1)
        total = level**2 + sigma_data**2
        skip, out, scale = sigma_data**2 / total, level * sigma_data / total.sqrt(), 1 / total.sqrt()
        return skip * x + out * network(scale * x, sigma.log() / 4)

    return denoise


def loss_weight(sigma: Tensor, sigma_data: float) -> Tensor:
    """(B,) λ(sigma), which makes every noise level count alike (eq. 8 and table 1)."""
    return (sigma**2 + sigma_data**2) / (sigma * sigma_data) ** 2


def add_noise(clean: Tensor, sigma: Tensor, generator: torch.Generator) -> Tensor:
    """`clean` (B, …) with normal noise of standard deviation `sigma` (B,) added."""
    noise = torch.randn(clean.shape, generator=generator, device=clean.device)
    return clean + noise * sigma.reshape(-1, *[1] * (clean.ndim - 1))
