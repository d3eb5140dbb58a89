"""What training draws: examples encoded once, then per step a noise level, noise, and the window of the second pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from kohl.methods.amplifier.stable_diffusion.backbone import Backbone
from kohl.methods.amplifier.stable_diffusion.examples import Example
from kohl.methods.amplifier.stable_diffusion.losses import LatentWindow, NoisySample
from kohl.methods.amplifier.stable_diffusion.masks import changed_mask
from kohl.methods.amplifier.stable_diffusion.model import Amplifier
from kohl.methods.amplifier.stable_diffusion.styles import embed_style
from kohl.methods.amplifier.stable_diffusion.tensors import tensor_from_image, tensor_from_mask


@dataclass(frozen=True, eq=False)
class Prepared:
    """One example as the loop needs it: the made-up face's latent, mean and deviation (1, 4, s, s); `mask` (1, 1, s, s); `content` (1, E)."""

    mean: Tensor
    deviation: Tensor
    mask: Tensor
    content: Tensor


@dataclass(frozen=True, eq=False)
class PreparedStyle:
    """A style's examples, and its embedding (1, E)."""

    examples: Sequence[Prepared]
    style: Tensor


@torch.no_grad()
def prepare_style(backbone: Backbone, examples: Sequence[Example], *, uses_masks: bool = True) -> PreparedStyle:
    """Encode what never changes during training, once. Without masks the loss counts everywhere. Raises UsageError where there is no example."""
    return PreparedStyle([_prepare(backbone, example, uses_masks=uses_masks) for example in examples], embed_style(backbone, examples))


def draw_sample(amplifier: Amplifier, styles: Sequence[PreparedStyle], scheduler: Any, rng: np.random.Generator) -> NoisySample:
    """One training sample: a style, one of its examples, a noise level, noise. `scheduler` is diffusers' DDPMScheduler."""
    style = styles[rng.integers(len(styles))]
    example = style.examples[rng.integers(len(style.examples))]
    level = torch.tensor([int(rng.integers(scheduler.config.num_train_timesteps))])
    generator = torch.Generator().manual_seed(int(rng.integers(2**63)))
    # Drawn on the CPU, so that every device sees the same numbers.
    noise, spread = (torch.randn(example.mean.shape, generator=generator).to(example.mean) for _ in range(2))
    noisy = scheduler.add_noise(example.mean + example.deviation * spread, noise, level)
    return NoisySample(noisy, noise, level.to(noise.device), amplifier.context(example.content, style.style), example.mask)


def draw_window(backbone: Backbone, share: float, rng: np.random.Generator) -> LatentWindow:
    """A random square of about `share` of the latent's side; the UNet's halvings must go into it."""
    unit = 2 ** (len(backbone.unet.config.block_out_channels) - 1)
    side = min(backbone.latent_side, max(unit, round(share * backbone.latent_side / unit) * unit))
    y, x = (int(value) for value in rng.integers(0, backbone.latent_side - side + 1, size=2))
    return LatentWindow(y, x, side)


def _prepare(backbone: Backbone, example: Example, *, uses_masks: bool) -> Prepared:
    mean, deviation = backbone.encode(tensor_from_image(example.after, backbone.side, backbone.device))
    mask = tensor_from_mask(changed_mask(example.masks), backbone.latent_side, backbone.device)
    content = backbone.embed(tensor_from_image(example.before, backbone.side, backbone.device))
    return Prepared(mean, deviation, mask if uses_masks else torch.ones_like(mask), content)
