"""A picture as CLIP's vision tower wants it: resized, cut, normalised, in floats.

The library's processor works on 8-bit pictures; ours gives the same numbers up to its rounding, stays on the device, and needs
neither PIL nor torchvision. It reads the same `preprocessor_config.json`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from kohl.core.errors import MissingModelError

CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
"""OpenAI's, which OpenCLIP's ViT-H/14 kept (Radford et al. 2021); what holds where a folder has no preprocessor_config.json."""


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """`resize`: pixels of the shorter side; `crop`: side of the square cut from its middle; `mean`, `std` per channel of [0, 1] values."""

    resize: int
    crop: int
    mean: tuple[float, ...] = CLIP_MEAN
    std: tuple[float, ...] = CLIP_STD

    def __call__(self, pixels: Tensor) -> Tensor:
        """(B, 3, S, S) [0, 1] → (B, 3, crop, crop), normalised."""
        shape = (self.resize, self.resize)
        resized = functional.interpolate(pixels.float(), shape, mode="bicubic", antialias=True, align_corners=False).clamp(0, 1)
        start = (self.resize - self.crop) // 2
        cut = resized[..., start : start + self.crop, start : start + self.crop]
        return (cut - self._per_channel(self.mean, cut)) / self._per_channel(self.std, cut)

    def neutral(self, device: torch.device) -> Tensor:
        """(1, 3, 1, 1): the colour that becomes 0, "nothing to see here"."""
        return self._per_channel(self.mean, torch.zeros(1, device=device))

    @staticmethod
    def _per_channel(values: tuple[float, ...], like: Tensor) -> Tensor:
        return torch.tensor(values, dtype=torch.float32, device=like.device).reshape(1, 3, 1, 1)


def read_preprocessing(folder: Path, *, image_side: int) -> Preprocessing:
    """Read `preprocessor_config.json` of an image encoder's folder; CLIP's own numbers where there is none (as beside IP-Adapter's encoder).

    Raises MissingModelError where the file is damaged, or cuts pictures to another side than the encoder's `image_side` pixels.
    """
    path = folder / "preprocessor_config.json"
    if not path.is_file():
        return Preprocessing(image_side, image_side)
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        read = Preprocessing(_side(stored["size"]), _side(stored["crop_size"]), tuple(stored["image_mean"]), tuple(stored["image_std"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise MissingModelError(f"{path} is not the configuration of a CLIP image processor ({error!r}); fetch the file again") from error
    if not image_side == read.crop <= read.resize:
        raise MissingModelError(f"{path} cuts pictures to {read.crop} pixels, its encoder expects {image_side}; the two belong to different models")
    return read


def _side(size: Any) -> int:
    """Older files say 224, newer ones {"shortest_edge": 224} or {"height": 224, "width": 224}."""
    return int(size if isinstance(size, int) else size.get("shortest_edge") or size["height"])
