"""The Fine-Grained Makeup Module: what a face is (content tokens) and what the examples wear (style tokens), region by region.

After DAL (arXiv 2403.15033): 32 content and 32 style tokens, and region masks that confine both. Here the tokens are read from the pairs
themselves, by attention in which every region's queries see that region alone; any number of pairs, in any order, gives the same tokens.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812  its usual name
from torch import Tensor, nn

from kohl.methods.amplifier.config import REGIONS, AmplifierSpec
from kohl.nn.attention import CrossAttention

_CELL = 4
"""Pictures come a quarter as large as the crop, (B, C, 64, 64), and are read in cells of 4 × 4."""
_NOWHERE = 1e-4


class RegionTokens(nn.Module):
    """Reads pictures into `tokens_per_region` tokens for each region: (B, N, C, h, w) and masks (B, N, R, h, w) → (B, R · T, D)."""

    def __init__(self, channels: int, spec: AmplifierSpec) -> None:
        super().__init__()
        width = spec.token_width
        self.cells = nn.Conv2d(channels, width, _CELL, _CELL)
        self.mix = nn.Conv2d(width, width, 3, padding=1)
        self.queries = nn.Parameter(torch.randn(len(REGIONS) * spec.tokens_per_region, width) * 0.5)
        self.look = CrossAttention(width, width)
        self.refine = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))
        self.tokens_per_region = spec.tokens_per_region

    def forward(self, pictures: Tensor, masks: Tensor) -> Tensor:
        """Attention over all cells of all N pictures at once, so neither their number nor their order matters."""
        batch, count = pictures.shape[:2]
        cells = F.silu(self.cells(pictures.flatten(0, 1)))
        cells = (cells + self.mix(cells)).flatten(2).reshape(batch, count, cells.shape[1], -1)
        keys = cells.permute(0, 1, 3, 2).flatten(1, 2)
        weights = F.avg_pool2d(masks.flatten(0, 1), _CELL).reshape(batch, count, len(REGIONS), -1)
        bias = (weights + _NOWHERE).log().permute(0, 2, 1, 3).flatten(2).repeat_interleave(self.tokens_per_region, dim=1)
        tokens = self.look(self.queries.expand(batch, -1, -1), keys, bias)
        refined: Tensor = tokens + self.refine(tokens)
        return refined


class MakeupModule(nn.Module):
    """Content and style tokens side by side, and who may look at which."""

    def __init__(self, spec: AmplifierSpec) -> None:
        super().__init__()
        self.content = RegionTokens(3, spec)
        self.style = RegionTokens(6, spec)
        self.no_style = nn.Parameter(torch.zeros(len(REGIONS) * spec.tokens_per_region, spec.token_width))
        self.tokens_per_region = spec.tokens_per_region

    def forward(self, face: Tensor, masks: Tensor, examples: Tensor | None, example_masks: Tensor | None) -> Tensor:
        """A face (B, 3, h, w), masks (B, R, h, w), examples (B, N, 6, h, w): before and change, masks (B, N, R, h, w) → (B, 2 · R · T, D).

        Without examples the style is "none": bare.
        """
        content = self.content(face[:, None], masks[:, None])
        style = self.no_style.expand(len(face), -1, -1) if examples is None or example_masks is None else self.style(examples, example_masks)
        return torch.cat([content, style], dim=1)

    def confine(self, masks: Tensor, cell: int) -> Tensor:
        """Bias (B, Q, 2 · R · T) by which a place, one of Q cells of `cell` × `cell`, looks at tokens of its own regions alone."""
        weights = F.avg_pool2d(masks, cell).flatten(2).transpose(1, 2)
        return (weights + _NOWHERE).log().repeat_interleave(self.tokens_per_region, dim=2).repeat(1, 1, 2)
