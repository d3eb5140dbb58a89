"""Attention: a bias that forbids tokens makes them count for nothing, and the order of tokens does not matter."""

from __future__ import annotations

import torch

from kohl.nn.attention import CrossAttention


def attention() -> CrossAttention:
    torch.manual_seed(0)
    layer = CrossAttention(8, 6, heads=2)
    torch.nn.init.normal_(layer.out.weight)
    return layer.eval()


def test_it_starts_as_nothing():
    x = torch.randn(2, 5, 8)
    assert torch.equal(CrossAttention(8, 6, heads=2)(x, torch.randn(2, 3, 6)), x)


def test_the_order_of_tokens_does_not_matter():
    layer, x, tokens = attention(), torch.randn(2, 5, 8), torch.randn(2, 4, 6)
    torch.testing.assert_close(layer(x, tokens), layer(x, tokens.flip(1)))


def test_a_forbidden_token_counts_for_nothing():
    layer, x, tokens = attention(), torch.randn(1, 5, 8), torch.randn(1, 4, 6)
    bias = torch.zeros(1, 5, 4)
    bias[..., 3] = -1e9
    torch.testing.assert_close(layer(x, tokens, bias), layer(x, tokens[:, :3]))
