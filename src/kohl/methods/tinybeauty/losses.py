"""What a tiny network is trained with: pixel losses after TinyBeauty (arXiv 2403.15033), each a pure function of tensors.

`made`, `wanted`: residuals (B, 3, H, W). `unit` below is the root mean square of the change that the pairs show: divided by it, a faint look
weighs as much as a bold one, and the weights below fit both.
"""

from __future__ import annotations

import torch.nn.functional as F  # noqa: N812  its usual name
from torch import Tensor, nn


def pixel_loss(made: Tensor, wanted: Tensor, unit: float) -> Tensor:
    """Mean square over unit² plus mean absolute difference over unit, a scalar.

    The paper has L1 alone. Makeup leaves most pixels as they are, and the median of their changes is nothing: from a fresh start L1
    stays at nothing for hundreds of steps, where the square does not.
    """
    difference = made - wanted
    return difference.square().mean() / unit**2 + difference.abs().mean() / unit


def eyeliner_loss(made: Tensor, wanted: Tensor, eyes: Tensor, unit: float) -> Tensor:
    """Squared difference of Sobel maps inside the eyes' mask (B, 1, H, W) in [0, 1], a scalar: the paper's loss for lines on the lid."""
    across, down = sobel(made - wanted)
    inside = eyes[..., 1:-1, 1:-1]
    weight = 2 * made.shape[1] * inside.sum().clamp(min=1.0)
    return ((across.square() + down.square()) * inside).sum() / weight / unit**2


def gradient_loss(made: Tensor, wanted: Tensor, unit: float, scales: int = 3) -> Tensor:
    """Structure: mean absolute difference of horizontal and vertical steps on the picture and its halvings, a scalar."""
    total, difference = made.new_zeros(()), made - wanted
    for _ in range(scales):
        total = total + difference.diff(dim=-1).abs().mean() + difference.diff(dim=-2).abs().mean()
        difference = F.avg_pool2d(difference, 2)
    return total / (scales * unit)


def feature_loss(features: nn.Module, before: Tensor, made: Tensor, wanted: Tensor) -> Tensor:
    """Perceptual loss (Johnson, Alahi & Fei-Fei 2016, eq. 2, with L1): how far apart two results are in the eyes of another network.

    features: frozen, (B, 3, H, W) → (B, C, h, w). before: the bare face. A scalar, 1 where nothing was made. The paper's network was taught on
    ImageNet; the shipped trunk, which was taught where things are on a face, needs no download.
    """
    bare, aim, result = features(before), features(before + wanted), features(before + made)
    apart: Tensor = (result - aim).abs().mean() / (bare - aim).abs().mean().clamp(min=1e-4)
    return apart


def sobel(pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Sobel maps (Sobel & Feldman 1968) as derivatives per pixel, across and down: (B, C, H, W) → two of (B, C, H - 2, W - 2).

    Sums of shifted pictures: a convolution of one channel costs several times as much on a CPU.
    """
    smooth_down = pictures[..., :-2, :] + 2 * pictures[..., 1:-1, :] + pictures[..., 2:, :]
    smooth_across = pictures[..., :-2] + 2 * pictures[..., 1:-1] + pictures[..., 2:]
    return (smooth_down[..., 2:] - smooth_down[..., :-2]) / 8, (smooth_across[..., 2:, :] - smooth_across[..., :-2, :]) / 8
