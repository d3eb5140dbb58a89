"""From our arrays to the networks' tensors and back; nowhere else in this folder."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from kohl.core.arrays import FloatArray, Image, Mask
from kohl.geometry.warp import resize


def tensor_from_image(image: Image, side: int, device: torch.device) -> Tensor:
    """(S, S, 3) float32 [0, 1] → (1, 3, side, side) float32 [0, 1], averaged where it shrinks."""
    small = _resized(image, side)
    return torch.from_numpy(small.transpose(2, 0, 1)[None].copy()).to(device)


def tensor_from_mask(mask: Mask, side: int, device: torch.device) -> Tensor:
    """(S, S) float32 [0, 1] → (1, 1, side, side) float32 [0, 1]: the share of each cell that the mask covers."""
    return torch.from_numpy(_resized(mask, side)[None, None].copy()).to(device)


def array_from_tensor(values: Tensor) -> FloatArray:
    """(1, C, h, w) of any device → (h, w, C) float32."""
    array: FloatArray = values[0].detach().float().cpu().numpy().transpose(1, 2, 0)
    return np.ascontiguousarray(array)


def _resized(array: FloatArray, side: int) -> FloatArray:
    # Even a resize to the same size may round; a picture that fits stays as it is.
    return array if array.shape[:2] == (side, side) else resize(array, (side, side))
