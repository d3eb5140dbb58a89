"""Canny edges for the optional ControlNet."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor

from kohl.methods.amplifier.stable_diffusion.tensors import array_from_tensor

THRESHOLDS = (100, 200)
"""The release's, on 8-bit values."""


def find_edges(pixels: Tensor) -> Tensor:
    """(1, 3, S, S) [0, 1] → (1, 3, S, S) of 0 and 1, the same in every channel (Canny 1986)."""
    grey = cv2.cvtColor(array_from_tensor(pixels), cv2.COLOR_RGB2GRAY)
    edges = cv2.Canny(np.round(grey * 255).astype(np.uint8), *THRESHOLDS)
    return torch.from_numpy(edges > 0).float().to(pixels.device).expand(1, 3, -1, -1)
