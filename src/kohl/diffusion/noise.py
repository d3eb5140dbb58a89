"""Noise levels: which ones training draws, and which ones sampling visits."""

from __future__ import annotations

import torch
from torch import Tensor

from kohl.core.errors import UsageError


def lognormal_sigmas(count: int, *, mean: float, deviation: float, generator: torch.Generator) -> Tensor:
    """(count,) noise levels for training, ln(sigma) normal with `mean` and `deviation` (Karras et al. 2022, table 1), where `generator` is."""
    return torch.exp(mean + deviation * torch.randn(count, generator=generator, device=generator.device))


def karras_sigmas(steps: int, *, lowest: float, highest: float, rho: float = 7.0) -> Tensor:
    """(steps + 1,) noise levels from `highest` down to `lowest`, then 0 (Karras et al. 2022, eq. 5). Raises UsageError for no step."""
    if steps < 1 or not 0 < lowest <= highest:
        raise UsageError(f"expected at least one step and 0 < lowest <= highest, got {steps} steps from {highest} to {lowest}")
    ramp = torch.linspace(0, 1, steps) if steps > 1 else torch.zeros(1)
    high, low = highest ** (1 / rho), lowest ** (1 / rho)
    return torch.cat([(high + ramp * (low - high)) ** rho, torch.zeros(1)])
