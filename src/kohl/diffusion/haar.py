"""The Haar wavelet transform as a latent space: four times smaller, lossless, orthonormal. It stands where others put a VAE."""

from __future__ import annotations

import torch
from torch import Tensor

from kohl.core.errors import UsageError

LEVELS = 2
"""Halvings: a 3×256×256 picture becomes 48×64×64 numbers."""


def to_haar(pictures: Tensor, levels: int = LEVELS) -> Tensor:
    """(B, C, H, W) → (B, C · 4^levels, H / 2^levels, W / 2^levels), orthonormal: sums of squares stay what they are.

    Haar 1910; as in wavelet-packet networks, every band is halved again, so that all channels live on one grid. Raises UsageError where H or
    W is no multiple of 2^levels.
    """
    if pictures.ndim != 4 or pictures.shape[-1] % 2**levels or pictures.shape[-2] % 2**levels:
        raise UsageError(f"expected (B, C, H, W) with sides that are multiples of {2**levels}, got {tuple(pictures.shape)}")
    for _ in range(levels):
        a, b = pictures[..., ::2, ::2], pictures[..., ::2, 1::2]
        c, d = pictures[..., 1::2, ::2], pictures[..., 1::2, 1::2]
        pictures = torch.cat([a + b + c + d, a - b + c - d, a + b - c - d, a - b - c + d], dim=1) * 0.5
    return pictures


def from_haar(bands: Tensor, levels: int = LEVELS) -> Tensor:
    """The inverse of `to_haar`, exact up to rounding. Raises UsageError where the channels are no multiple of 4^levels."""
    if bands.ndim != 4 or bands.shape[1] % 4**levels:
        raise UsageError(f"expected (B, C, h, w) with a multiple of {4**levels} channels, got {tuple(bands.shape)}")
    for _ in range(levels):
        mean, across, down, diagonal = bands.chunk(4, dim=1)
        batch, channels, height, width = mean.shape
        out = bands.new_empty(batch, channels, 2 * height, 2 * width)
        out[..., ::2, ::2] = mean + across + down + diagonal
        out[..., ::2, 1::2] = mean - across + down - diagonal
        out[..., 1::2, ::2] = mean + across - down - diagonal
        out[..., 1::2, 1::2] = mean - across - down + diagonal
        bands = out * 0.5
    return bands
