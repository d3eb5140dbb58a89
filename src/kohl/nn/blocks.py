"""Convolution blocks that several networks share."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812  its usual name
from torch import Tensor, nn

_START = 0.3
"""A block starts as a small change to what passes by it; then deep stacks train without normalisation layers."""


class ModulatedBlock(nn.Module):
    """Two 3×3 convolutions around a scale and shift that a condition vector sets (FiLM, Perez et al. 2018), added to their input."""

    def __init__(self, width: int, condition_width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.condition = nn.Linear(condition_width, 2 * width)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.condition.weight)
        nn.init.zeros_(self.condition.bias)
        nn.init.normal_(self.second.weight, std=_START * (2 / (9 * width)) ** 0.5)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        """From x (B, C, h, w), condition (B, D) → (B, C, h, w)."""
        scale, shift = self.condition(condition)[..., None, None].chunk(2, dim=1)
        change: Tensor = self.second(F.silu(self.first(F.silu(x)) * (1 + scale) + shift))
        return x + change


class NoiseLevel(nn.Module):
    """A noise level as a vector: Fourier features (Song et al. 2021, section C) and two linear layers. (B,) → (B, width)."""

    def __init__(self, width: int, features: int = 32) -> None:
        super().__init__()
        self.frequencies: Tensor
        self.register_buffer("frequencies", torch.exp(torch.linspace(-2.0, 3.0, features)))
        self.layers = nn.Sequential(nn.Linear(2 * features, width), nn.SiLU(), nn.Linear(width, width))

    def forward(self, level: Tensor) -> Tensor:
        """For levels (B,), about [-3, 3], as `ln(sigma) / 4`."""
        angles = level[:, None] * self.frequencies
        embedded: Tensor = self.layers(torch.cat([angles.sin(), angles.cos()], dim=1))
        return embedded
