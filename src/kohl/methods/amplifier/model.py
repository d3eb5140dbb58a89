"""The Residual Diffusion Model: a denoiser of the makeup's residual in Haar space, given the bare face and the examples.

After DAL (arXiv 2403.15033), made small enough for two CPU cores:

- Haar wavelets in place of a VAE: lossless, nothing to train, and a line on a lid does not vanish (`kohl.diffusion.haar`).
- What is diffused is not the picture but the residual, and of the residual only what the chart's style (`style.py`) leaves unexplained:
  the diffusion's mean is moved there, so that few steps and a small network do.
- EDM preconditioning (Karras et al. 2022), no normalisation layers, a U-Net of three grids.
- The Fine-Grained Makeup Module's tokens come in by cross-attention on the coarsest grid, confined to their regions.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812  its usual name
from torch import Tensor, nn

from kohl.diffusion.haar import LEVELS, to_haar
from kohl.methods.amplifier.config import REGIONS, AmplifierSpec
from kohl.methods.amplifier.makeup_module import MakeupModule
from kohl.nn.attention import CrossAttention
from kohl.nn.blocks import ModulatedBlock, NoiseLevel

BANDS = 3 * 4**LEVELS
_DOUBTS = 2
_COARSEST = 4
"""Haar cells along a cell of the coarsest grid."""
_UNIT = 10.0
"""Residuals in Haar space are about a tenth; the network likes units."""


@dataclass(frozen=True, eq=False)
class Situation:
    """What the denoiser is told. All (B, …) tensors on the Haar grid (h, w) = (64, 64) for a crop of 256.

    face: (B, 3, 4h, 4w) crop, sRGB [0, 1]. guess: (B, 3, 4h, 4w) the chart's residual. doubt: (B, 2, h, w) its evidence and spread.
    masks: (B, R, h, w) regions. examples: (B, N, 6, h, w) before and change of N pairs, or None for "bare"; example_masks (B, N, R, h, w).
    """

    face: Tensor
    guess: Tensor
    doubt: Tensor
    masks: Tensor
    examples: Tensor | None
    example_masks: Tensor | None

    def without_tokens(self) -> Situation:
        """The same without style tokens: only the chart's guess says what the look is."""
        return replace(self, examples=None, example_masks=None)

    def to(self, device: torch.device) -> Situation:
        """The same on another device."""
        parts: dict[str, Tensor | None] = {part.name: getattr(self, part.name) for part in fields(self)}
        moved: dict[str, Any] = {name: None if tensor is None else tensor.to(device) for name, tensor in parts.items()}
        return Situation(**moved)

    def bare(self) -> Situation:
        """The same face without examples: what the model makes of it then is F(x), its reconstruction of the bare face."""
        return replace(self.without_tokens(), guess=torch.zeros_like(self.guess), doubt=torch.zeros_like(self.doubt))


class ResidualDenoiser(nn.Module):
    """F of EDM: (c_in · z, c_noise (B,)) and a `Situation` → like z, (B, 48, h, w)."""

    def __init__(self, spec: AmplifierSpec) -> None:
        super().__init__()
        self.spec = spec
        fine, middle, coarse = spec.widths
        condition = spec.condition_width
        self.level = NoiseLevel(condition)
        self.makeup = MakeupModule(spec)
        self.enter = nn.Conv2d(3 * BANDS + _DOUBTS + len(REGIONS), fine, 1)
        self.down_fine = ModulatedBlock(fine, condition)
        self.to_middle = nn.Conv2d(fine, middle, 2, 2)
        self.down_middle = ModulatedBlock(middle, condition)
        self.to_coarse = nn.Conv2d(middle, coarse, 2, 2)
        self.coarse_in = ModulatedBlock(coarse, condition)
        self.attend = CrossAttention(coarse, spec.token_width)
        self.coarse_out = ModulatedBlock(coarse, condition)
        self.from_coarse = nn.Conv2d(coarse, middle, 1)
        self.up_middle = ModulatedBlock(middle, condition)
        self.from_middle = nn.Conv2d(middle, fine, 1)
        self.up_fine = ModulatedBlock(fine, condition)
        self.leave = nn.Conv2d(fine + 3 * BANDS, BANDS, 1)
        for parameter in self.leave.parameters():
            nn.init.zeros_(parameter)

    def forward(self, z: Tensor, noise: Tensor, situation: Situation) -> Tensor:
        """One look at the noisy residual."""
        condition = F.silu(self.level(noise))
        tokens = self.makeup(_quarter(situation.face), situation.masks, situation.examples, situation.example_masks)
        known = torch.cat([z, to_haar(situation.face) - _grey(situation.face), to_haar(situation.guess) * _UNIT], dim=1)
        # Fine (64 × 64), middle (32 × 32), coarse (16 × 16): the sizes for a crop of 256.
        fine = self.down_fine(self.enter(torch.cat([known, situation.doubt, situation.masks], dim=1)), condition)
        middle = self.down_middle(self.to_middle(fine), condition)
        coarse = self.coarse_in(self.to_coarse(middle), condition)
        coarse = self._attend(coarse, tokens, self.makeup.confine(situation.masks, _COARSEST))
        coarse = self.coarse_out(coarse, condition)
        middle = self.up_middle(middle + _twice(self.from_coarse(coarse)), condition)
        fine = self.up_fine(fine + _twice(self.from_middle(middle)), condition)
        out: Tensor = self.leave(torch.cat([F.silu(fine), known], dim=1))
        return out

    def _attend(self, coarse: Tensor, tokens: Tensor, bias: Tensor) -> Tensor:
        places: Tensor = self.attend(coarse.flatten(2).transpose(1, 2), tokens, bias)
        return places.transpose(1, 2).reshape(coarse.shape)


def _quarter(pictures: Tensor) -> Tensor:
    return F.avg_pool2d(pictures, 2**LEVELS)


def _grey(face: Tensor) -> Tensor:
    """Haar means of middle grey, so that what enters is centred: only the bands that hold means are moved."""
    bands = face.new_zeros(1, BANDS, 1, 1)
    bands[:, :3] = 0.5 * 2**LEVELS
    return bands


def _twice(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2.0, mode="nearest")
