"""Low-rank corrections of trained weights (LoRA, Hu et al. 2021): few numbers to learn, and none left over afterwards."""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

Network = TypeVar("Network", bound=nn.Module)


class LowRank(nn.Module):
    """Adds `up @ down` to a weight of (out, in, …) whose trailing sides are 1; it starts as nothing."""

    def __init__(self, weight: Tensor, rank: int) -> None:
        super().__init__()
        self.up = nn.Parameter(torch.zeros(weight.shape[0], rank))
        self.down = nn.Parameter(torch.randn(rank, weight.shape[1]) / weight.shape[1] ** 0.5)

    def forward(self, weight: Tensor) -> Tensor:
        """The corrected weight, of the weight's own shape."""
        return weight + (self.up @ self.down).reshape(weight.shape)


def with_low_rank(network: Network, rank: int) -> Network:
    """Freeze `network` and give its linear layers and 1×1 convolutions corrections that can be trained. Changes it in place."""
    network.requires_grad_(requires_grad=False)
    for layer in list(network.modules()):
        if isinstance(layer, nn.Linear) or (isinstance(layer, nn.Conv2d) and layer.kernel_size == (1, 1) and layer.groups == 1):
            parametrize.register_parametrization(layer, "weight", LowRank(layer.weight, rank))
    return network


def merge_low_rank(network: Network) -> Network:
    """Add the corrections to the weights and forget them. Changes `network` in place."""
    for layer in list(network.modules()):
        if parametrize.is_parametrized(layer):
            parametrize.remove_parametrizations(layer, "weight", leave_parametrized=True)
    return network.requires_grad_(requires_grad=True)
