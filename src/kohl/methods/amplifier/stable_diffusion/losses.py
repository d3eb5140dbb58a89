"""The amplifier's training loss: pure functions of tensors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

Predict = Callable[[Tensor, Tensor, Tensor], Tensor]
"""(noisy latent (B, 4, h, w), timestep (B,), context (B, N, C)) → predicted noise (B, 4, h, w)."""


@dataclass(frozen=True, eq=False)
class NoisySample:
    """One training sample: `noisy` and `noise` (B, 4, h, w), `timestep` (B,), `context` (B, N, C), `mask` (B, 1, h, w) [0, 1]."""

    noisy: Tensor
    noise: Tensor
    timestep: Tensor
    context: Tensor
    mask: Tensor


@dataclass(frozen=True, slots=True)
class LatentWindow:
    """A square of the latent: its upper left corner and its side, in latent pixels."""

    y: int
    x: int
    side: int

    def cut(self, values: Tensor) -> Tensor:
        """(B, C, h, w) → (B, C, side, side)."""
        return values[..., self.y : self.y + self.side, self.x : self.x + self.side]


def masked_eps_loss(predicted: Tensor, noise: Tensor, mask: Tensor) -> Tensor:
    """Mean of (M·(ε̂ − ε))² over all of the latent (Ho et al. 2020, eq. 14, under M_changed); a scalar.

    As in the release the mean counts what the mask hides as zeros, so a small mask weighs little.
    """
    return torch.mean((mask * (predicted.float() - noise.float())) ** 2)


def amplifier_loss(predict: Predict, sample: NoisySample, window: LatentWindow, *, crop_weight: float) -> Tensor:
    """L = L_ε + `crop_weight` · L_ε(crop): a second pass over a window of the same noisy latent; same step, noise and context. A scalar."""
    whole = masked_eps_loss(predict(sample.noisy, sample.timestep, sample.context), sample.noise, sample.mask)
    if crop_weight == 0:
        return whole
    noisy, noise, mask = (window.cut(values) for values in (sample.noisy, sample.noise, sample.mask))
    part = masked_eps_loss(predict(noisy, sample.timestep, sample.context), noise, mask)
    return whole + crop_weight * part
