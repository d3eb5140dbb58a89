"""Attention from places or queries to tokens, with a bias that says who may look at what."""

from __future__ import annotations

import torch.nn.functional as F  # noqa: N812  its usual name
from torch import Tensor, nn


class CrossAttention(nn.Module):
    """Multi-head attention (Vaswani et al. 2017) of (B, Q, C) on tokens (B, T, D), added to its input."""

    def __init__(self, width: int, token_width: int, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.before = nn.LayerNorm(width)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(token_width, width)
        self.value = nn.Linear(token_width, width)
        self.out = nn.Linear(width, width)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x: Tensor, tokens: Tensor, bias: Tensor | None = None) -> Tensor:
        """From x (B, Q, C), tokens (B, T, D), bias (B, Q, T) added to the logits → (B, Q, C)."""
        query, key, value = (self._split(part) for part in (self.query(self.before(x)), self.key(tokens), self.value(tokens)))
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=None if bias is None else bias[:, None])
        added: Tensor = self.out(mixed.transpose(1, 2).flatten(2))
        return x + added

    def _split(self, x: Tensor) -> Tensor:
        batch, count, width = x.shape
        return x.reshape(batch, count, self.heads, width // self.heads).transpose(1, 2)
