"""From a picture's pooled embedding to tokens that cross-attention reads; one projector for content and for style."""

from __future__ import annotations

from torch import Tensor, nn


class TokenProjector(nn.Module):
    """Linear E → T·C, reshaped to T tokens, LayerNorm: the paper's fine-grained makeup module up to the attention.

    The same weights serve the content (the bare face) and the style (the look), so both live in one space.
    """

    def __init__(self, *, embedding_dim: int, num_tokens: int, cross_dim: int) -> None:
        super().__init__()
        self.num_tokens = num_tokens
        self.linear = nn.Linear(embedding_dim, num_tokens * cross_dim)
        self.norm = nn.LayerNorm(cross_dim)

    def forward(self, embeddings: Tensor) -> Tensor:
        """(B, E) pooled embeddings → (B, T, C) tokens. All-zero embeddings give the tokens of "no condition"."""
        tokens = self.linear(embeddings)
        return self.norm(tokens.unflatten(1, (self.num_tokens, -1)))  # type: ignore[no-any-return]
