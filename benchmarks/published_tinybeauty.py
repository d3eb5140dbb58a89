"""The network of TinyBeauty in the size that was published, as a yardstick: our own code after the description, no code or weights of others.

Jin et al., "Toward Tiny and High-quality Facial Makeup with Data Amplify Learning", ECCV 2024 (arXiv 2403.15033). Width 24, ReLU, reflection
padding, biases everywhere; numbers of channels and the size of the grid on the left, for a crop of 256:

    256   a  7×7 convolution, 3 → 24, instance norm
    128   c1 4×4 convolution, stride 2, instance norm
     64   c2 4×4 convolution, stride 2, instance norm
     64   r  four residual blocks, each two 3×3 convolutions with instance norm, the second without ReLU
    128      [c2, r] (48 channels), nearest ×2, 3×3 convolution → 24, layer norm over the whole feature, gain and bias per channel
    256      [c1, ·] (48 channels), nearest ×2, 3×3 convolution → 24, the same
    256      3×3 convolution → 3, tanh

14 convolutions, 85,227 parameters, 1.48 billion multiply-accumulates. The paper says 0.08 million parameters, which agrees, and 0.69 GFLOPs, which
does not, whichever way one counts at 256 × 256. Trained like any other of our networks: crop in, residual out, nothing else.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from kohl.core.silence import without_warnings

WIDTH = 24
SIDE = 256
"""Pixels: height and width of the crop it is exported for."""
PARAMETERS = 85_227
MACS = 1_481_637_888
"""Multiply-accumulates of its convolutions for one crop of 256 × 256."""


def convolution(inputs: int, outputs: int, size: int, *, stride: int = 1) -> nn.Conv2d:
    """A convolution that keeps the grid (or halves it), with the border mirrored."""
    return nn.Conv2d(inputs, outputs, size, stride, padding=(size - 1) // 2, padding_mode="reflect")


class Normalized(nn.Sequential):
    """Convolution, norm, and ReLU unless `is_linear`. Instance norm without gain and bias, or `whole`: over the whole feature, with them."""

    def __init__(self, conv: nn.Conv2d, *, whole: bool = False, is_linear: bool = False) -> None:
        channels = conv.out_channels
        # One group over all channels: mean and variance of the whole feature, gain and bias per channel.
        norm = nn.GroupNorm(1, channels) if whole else nn.InstanceNorm2d(channels)
        super().__init__(conv, norm, *([] if is_linear else [nn.ReLU()]))


class Residual(nn.Module):
    """x + conv(relu(conv(x))), each convolution with its instance norm."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(Normalized(convolution(width, width, 3)), Normalized(convolution(width, width, 3), is_linear=True))

    def forward(self, features: Tensor) -> Tensor:
        """(B, C, H, W) → the same shape."""
        return features + self.body(features)


class Fusion(nn.Module):
    """Two features of one grid side by side, enlarged twice without smoothing, and brought back to one width."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.larger = nn.Upsample(scale_factor=2, mode="nearest")
        self.conv = Normalized(convolution(2 * width, width, 3), whole=True)

    def forward(self, skipped: Tensor, features: Tensor) -> Tensor:
        """Twice (B, C, H, W) → (B, C, 2H, 2W)."""
        return self.conv(self.larger(torch.cat([skipped, features], dim=1)))


class PublishedTinyBeauty(nn.Module):
    """Crop → residual: (B, 3, H, W) RGB, sRGB-encoded, [0, 1], H and W multiples of 4 → (B, 3, H, W) in the same units, within ±1."""

    def __init__(self, width: int = WIDTH) -> None:
        super().__init__()
        self.stem = Normalized(convolution(3, width, 7))
        self.to_c1 = Normalized(convolution(width, width, 4, stride=2))
        self.to_c2 = Normalized(convolution(width, width, 4, stride=2))
        self.blocks = nn.Sequential(*(Residual(width) for _ in range(4)))
        self.up_half = Fusion(width)
        self.up_full = Fusion(width)
        self.head = convolution(width, 3, 3)

    def forward(self, crop: Tensor) -> Tensor:
        """Follow the table at the top of this file."""
        half = self.to_c1(self.stem(crop))
        quarter = self.to_c2(half)
        features = self.up_half(quarter, self.blocks(quarter))
        return torch.tanh(self.head(self.up_full(half, features)))


def drawn(seed: int = 0) -> PublishedTinyBeauty:
    """A network with weights that `seed` draws, the fusions' gains and biases too: equal ones would be stored, and counted, once."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = PublishedTinyBeauty()
        for norm in (part for part in model.modules() if isinstance(part, nn.GroupNorm)):
            nn.init.normal_(norm.weight, 1.0, 0.02)
            nn.init.normal_(norm.bias, 0.0, 0.02)
    return model


def export(path: Path, *, side: int = SIDE, model: nn.Module | None = None) -> Path:
    """Write a network of (1, 3, side, side) `crop` → `residual` as ONNX with fixed shapes, and return `path`.

    Without `model`: `drawn`, which is all that timing needs.
    """
    model = drawn() if model is None else model
    crop = torch.zeros(1, 3, side, side)
    # torch's exporter warns about its own insides.
    with without_warnings("torch.onnx"):
        program = torch.onnx.export(model.eval(), (crop,), input_names=["crop"], output_names=["residual"], dynamo=True, verbose=False)
    if program is None:
        raise RuntimeError("expected torch.onnx.export to return a program, got None; use torch 2.6 to 2.13")
    program.save(path)
    return path
