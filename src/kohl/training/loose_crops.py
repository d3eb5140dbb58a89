"""Crops as a careless detector would cut them: the same random scale, turn and shift for all pictures of a face.

They are cut from sheets: square pictures of `kohl.data.crops.SIDE` pixels, the network's crop with half as much again around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from kohl.core.arrays import AnyArray, Image, Matrix
from kohl.core.errors import UsageError
from kohl.data.crops import SIDE
from kohl.geometry.affine import compose, rotation, scaling, translation
from kohl.geometry.warp import Border, warp_image
from kohl.methods.tinybeauty.crop import CROP_SIDE

_CHANNELS_AT_ONCE = 4
"""As many as OpenCV warps in one call."""


@dataclass(frozen=True, slots=True)
class Looseness:
    """How far a crop may be off: scale by a factor up to 1 ± `scale`, turn by ± `degrees`, shift by ± `shift` of its side, each way.

    `mirrored`: share of the crops that are seen in the mirror, for makeup that is as much the left side's as the right one's.
    """

    scale: float = 0.2
    degrees: float = 15.0
    shift: float = 0.1
    mirrored: float = 0.0

    def draw(self, random: np.random.Generator) -> Matrix:
        """`crop_from_sheet`, (2, 3), of one random crop of a sheet."""
        middle = SIDE / 2
        factor = 1 + random.uniform(-self.scale, self.scale)
        x, y = random.uniform(-self.shift, self.shift, 2) * CROP_SIDE
        turn = rotation(random.uniform(-self.degrees, self.degrees))
        # Nothing is drawn where no mirror is asked for, so that crops of one seed are what they were.
        across = -factor if self.mirrored and random.random() < self.mirrored else factor
        return compose(translation(CROP_SIDE / 2 + x, CROP_SIDE / 2 + y), turn, scaling(across, factor), translation(-middle, -middle))


EXACT = Looseness(0.0, 0.0, 0.0)
"""The crop that the analyser's own box gives."""


def check_sheets(*stacks: AnyArray) -> None:
    """Require (N, SIDE, SIDE, C) uint8 stacks of one length, N at least 1. Raises UsageError."""
    for stack in stacks:
        if stack.ndim != 4 or stack.shape[1:3] != (SIDE, SIDE) or stack.dtype != np.uint8 or len(stack) != len(stacks[0]) or not len(stack):
            raise UsageError(f"expected stacks (N, {SIDE}, {SIDE}, C) uint8 of one length, got {[item.shape for item in stacks]}")


def cut_batch(stacks: Sequence[AnyArray], size: int, random: np.random.Generator, looseness: Looseness) -> list[Tensor]:
    """Draw `size` faces and cut each of them in the same way from all `stacks`.

    stacks: (N, SIDE, SIDE, C) uint8 each. Returns one (size, C, CROP_SIDE, CROP_SIDE) float32 tensor in [0, 1] per stack.
    """
    chosen = random.integers(len(stacks[0]), size=size)
    matrices = [looseness.draw(random) for _ in range(size)]
    return [to_tensor(np.stack([cut(stack[face], matrix) for face, matrix in zip(chosen, matrices, strict=True)])) for stack in stacks]


def cut(sheet: AnyArray, crop_from_sheet: Matrix) -> AnyArray:
    """One crop, (CROP_SIDE, CROP_SIDE, C), of a sheet (SIDE, SIDE, C), both uint8."""
    size = (CROP_SIDE, CROP_SIDE)
    parts = [sheet[..., first : first + _CHANNELS_AT_ONCE] for first in range(0, sheet.shape[-1], _CHANNELS_AT_ONCE)]
    warped = [warp_image(np.ascontiguousarray(part), crop_from_sheet, size, border=Border.EDGE) for part in parts]
    crop: AnyArray = np.concatenate([part.reshape(*size, -1) for part in warped], axis=-1)
    return crop


def to_tensor(pictures: AnyArray) -> Tensor:
    """(B, H, W, C) uint8 → (B, C, H, W) float32 in [0, 1], in the memory order that convolutions on a CPU like best."""
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float().div_(255).contiguous(memory_format=torch.channels_last)


def to_bytes(picture: Image) -> AnyArray:
    """(H, W, C) float32 in [0, 1] → uint8."""
    rounded: AnyArray = np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)
    return rounded
