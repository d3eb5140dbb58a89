"""What a tiny network is trained with: pixel losses after TinyBeauty (arXiv 2403.15033), each a pure function of tensors.

`made`, `wanted`: residuals (B, 3, H, W). `unit` below is the root mean square of the change that the pairs show: divided by it, a faint look
weighs as much as a bold one, and the weights below fit both.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812  its usual name
from torch import Tensor

_SOBEL = ((-1.0, 0.0, 1.0), (-2.0, 0.0, 2.0), (-1.0, 0.0, 1.0))


def pixel_loss(made: Tensor, wanted: Tensor, unit: float) -> Tensor:
    """Mean square over unit² plus mean absolute difference over unit, a scalar.

    The paper has L1 alone. Makeup leaves most pixels as they are, and the median of their changes is nothing: from a fresh start L1
    stays at nothing for hundreds of steps, where the square does not.
    """
    difference = made - wanted
    return difference.square().mean() / unit**2 + difference.abs().mean() / unit


def eyeliner_loss(made: Tensor, wanted: Tensor, eyes: Tensor, unit: float) -> Tensor:
    """Squared difference of Sobel maps inside the eyes' mask (B, 1, H, W) in [0, 1], a scalar: the paper's loss for lines on the lid."""
    weight = eyes.sum().clamp(min=1.0) * made.shape[1]
    return (((sobel(made) - sobel(wanted)).square() * eyes).sum() / weight) / unit**2


def gradient_loss(made: Tensor, wanted: Tensor, unit: float, scales: int = 3) -> Tensor:
    """Structure: mean absolute difference of horizontal and vertical steps on the picture and its halvings, a scalar."""
    total = made.new_zeros(())
    for _ in range(scales):
        difference = made - wanted
        total = total + difference.diff(dim=-1).abs().mean() + difference.diff(dim=-2).abs().mean()
        made, wanted = F.avg_pool2d(made, 2), F.avg_pool2d(wanted, 2)
    return total / (scales * unit)


def sobel(pictures: Tensor) -> Tensor:
    """Sobel maps, horizontal and vertical side by side: (B, C, H, W) → (B, 2, C, H, W) reshaped to (B, 2C, H, W), of the derivative per pixel."""
    across = pictures.new_tensor(_SOBEL) / 8
    kernels = torch.stack([across, across.T])[:, None]
    batch, channels, height, width = pictures.shape
    padded = F.pad(pictures.reshape(batch * channels, 1, height, width), (1, 1, 1, 1), mode="replicate")
    return F.conv2d(padded, kernels).reshape(batch, 2 * channels, height, width)
