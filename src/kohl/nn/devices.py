"""Where a network lives, a processor or a GPU: batches follow it there."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn


def device_of(network: nn.Module) -> torch.device:
    """The device that holds the network's weights."""
    return next(network.parameters()).device


def follow(network: nn.Module, tensors: Iterable[Tensor]) -> list[Tensor]:
    """The tensors, on the network's device."""
    device = device_of(network)
    return [tensor.to(device) for tensor in tensors]
