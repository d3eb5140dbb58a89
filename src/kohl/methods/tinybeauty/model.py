"""The tiny network: a face crop in, the makeup's residual out.

Task and loss after TinyBeauty / Data Amplify Learning (ECCV 2024, arXiv 2403.15033); the network is our own, made for CPUs and WASM:

- A strided 4×4 convolution takes the crop to a grid four times smaller at once; nothing but the head's last steps runs at full size.
- Depthwise-separable residual blocks on that grid, its half and its quarter: few channels where pixels are many.
- No normalisation layer, so there is nothing to fuse, and what is trained is what runs.
- The head says per pixel what to add and how much of the photo to keep: `residual = offset + gain * crop`. A film of pigment is just
  that, so pores and grain pass through without the network having to draw them.
- A side path carries stem features to the head, so that lip edges and lash lines keep their place.
- The film is averaged over 3×3 pixels, twice: cells of 4×4 that were filled one by one would show their edges. What is sharp is the photo's.

Deviations from the published network: 64×64 in place of 256×256 for most of the work, no InstanceNorm, no tanh, under 80,000 parameters in
place of 85,227, a sixteenth of its multiplications.
"""

from __future__ import annotations

import itertools

import torch
import torch.nn.functional as F  # noqa: N812  its usual name
from torch import Tensor, nn

from kohl.methods.tinybeauty.config import MOBILE, TinyBeautySpec

STRIDE = 4
"""Crop pixels along a cell of the finest grid."""
_BLOCK_START = 0.3
"""A block starts as a small change to what passes by it; at full size nine of them in a row start too loud without normalisation."""
_HEAD_START = 0.01


class Block(nn.Module):
    """A depthwise convolution and two pointwise ones around a ReLU, added to their input."""

    def __init__(self, width: int, kernel: int, expansion: int) -> None:
        super().__init__()
        self.spread = nn.Conv2d(width, width, kernel, padding=kernel // 2, groups=width)
        self.widen = nn.Conv2d(width, width * expansion, 1)
        self.narrow = nn.Conv2d(width * expansion, width, 1)
        nn.init.normal_(self.narrow.weight, std=_BLOCK_START * (2 / (width * expansion)) ** 0.5)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, h, w) → the same shape."""
        change: Tensor = self.narrow(F.relu(self.widen(self.spread(x))))
        return x + change


class Trunk(nn.Module):
    """Everything but the head: what is where on a face. It starts from `kohl.training.recipes.trunk`, for every look alike."""

    def __init__(self, spec: TinyBeautySpec) -> None:
        super().__init__()
        widths = spec.widths
        self.coarse_width = widths[0]
        self.stem = nn.Conv2d(3, widths[0] + spec.detail, STRIDE, STRIDE)
        self.down_blocks = nn.ModuleList(
            nn.Sequential(*(Block(width, kernel, spec.expansion) for _ in range(count)))
            for width, kernel, count in zip(widths, spec.kernels, spec.blocks_down, strict=True)
        )
        self.down = nn.ModuleList(nn.Conv2d(fine, coarse, 2, 2) for fine, coarse in itertools.pairwise(widths))
        self.up = nn.ModuleList(nn.Conv2d(coarse, fine, 1) for fine, coarse in itertools.pairwise(widths))
        self.up_blocks = nn.ModuleList(
            nn.Sequential(*(Block(width, kernel, spec.expansion) for _ in range(count)))
            for width, kernel, count in zip(widths, spec.kernels, spec.blocks_up, strict=False)
        )

    def forward(self, crop: Tensor) -> Tensor:
        """(B, 3, H, W) sRGB in [0, 1] → features (B, widths[0] + detail, H / 4, W / 4)."""
        features = F.relu(self.stem(crop))
        x, detail = features[:, : self.coarse_width], features[:, self.coarse_width :]
        passed = []
        # Down: 64 → 32 → 16 on a side.
        for blocks, down in zip(self.down_blocks, self.down, strict=False):
            x = blocks(x)
            passed.append(x)
            x = F.relu(down(x))
        x = self.down_blocks[-1](x)
        # Up again, each grid added to what it was on the way down.
        for blocks, up, fine in zip(reversed(self.up_blocks), reversed(self.up), reversed(passed), strict=True):
            x = blocks(fine + F.interpolate(up(x), scale_factor=2.0, mode="nearest"))
        return torch.cat([x, detail], dim=1)


class TinyBeauty(nn.Module):
    """One look: (B, 3, H, W) sRGB crop in [0, 1] → (B, 3, H, W) residual to add, about [-1, 1]. H and W are multiples of 16."""

    def __init__(self, spec: TinyBeautySpec = MOBILE) -> None:
        super().__init__()
        self.spec = spec
        self.trunk = Trunk(spec)
        self.hidden = nn.Conv2d(spec.widths[0] + spec.detail, spec.head, 1)
        self.out = nn.Conv2d(spec.head, 4 * STRIDE**2, 1)
        nn.init.normal_(self.out.weight, std=_HEAD_START)

    def forward(self, crop: Tensor) -> Tensor:
        """The makeup's residual."""
        film = _without_cells(F.pixel_shuffle(self.out(F.relu(self.hidden(self.trunk(crop)))), STRIDE))
        return film[:, :3] + film[:, 3:] * crop


def _without_cells(film: Tensor) -> Tensor:
    """(B, C, H, W) blurred by two averages over 3×3: about a Gaussian of 1.15 pixels."""
    for _ in range(2):
        film = F.avg_pool2d(film, 3, stride=1, padding=1, count_include_pad=False)
    return film


def count_parameters(network: nn.Module) -> int:
    """Numbers that training may change."""
    return sum(parameter.numel() for parameter in network.parameters())


def count_macs(network: nn.Module, side: int = 256) -> int:
    """Multiply-accumulates of the convolutions for one (1, 3, side, side) crop."""
    total = 0

    def count(layer: nn.Module, _: object, output: Tensor) -> None:
        nonlocal total
        if isinstance(layer, nn.Conv2d):
            total += output[0].numel() * layer.weight[0].numel()

    hooks = [layer.register_forward_hook(count) for layer in network.modules() if isinstance(layer, nn.Conv2d)]
    try:
        with torch.no_grad():
            network(torch.zeros(1, 3, side, side))
    finally:
        for hook in hooks:
            hook.remove()
    return total
