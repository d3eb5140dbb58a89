"""From pictures and faces to what the denoiser is told, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor

from kohl.core.arrays import AnyArray, FloatArray, Image
from kohl.core.errors import UsageError
from kohl.diffusion.haar import LEVELS
from kohl.faces.face import Face
from kohl.methods.amplifier.chart_lines import Example
from kohl.methods.amplifier.config import REGIONS
from kohl.methods.amplifier.model import Situation
from kohl.methods.amplifier.regions import region_masks
from kohl.methods.amplifier.style import ChartStyle

SIDE = 256
"""Pixels: height and width of what the denoiser sees, the middle of a picture that may be larger."""
MOST_EXAMPLES = 8
"""Examples that the tokens are read from; the chart's style takes in all of them."""


@dataclass(frozen=True, eq=False)
class Style:
    """What was read from some pairs: the chart's lines, and the pairs themselves, small: (N, 6, 64, 64) and masks (N, R, 64, 64)."""

    chart: ChartStyle
    examples: Tensor
    example_masks: Tensor

    @classmethod
    def of(cls, examples: Sequence[Example], chart: ChartStyle | None = None) -> Style:
        """Read the style of one or more pairs. Raises UsageError for none, or a picture smaller than SIDE.

        chart: their lines, where they were read already.
        """
        chart = chart or ChartStyle.of(examples)
        shown = [show(example) for example in examples[:MOST_EXAMPLES]]
        masks = [small_masks(region_masks(example.face)) for example in examples[:MOST_EXAMPLES]]
        return cls(chart, torch.stack(shown), torch.stack(masks))


Styles = Mapping[str, Style]
"""Region, of `REGIONS`, → the style worn there; a region that is missing stays bare."""


def everywhere(style: Style) -> Styles:
    """One style for the whole face."""
    return dict.fromkeys(REGIONS, style)


def guess_on(image: Image, face: Face, styles: Styles, masks: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The chart's residual (H, W, 3), each region from its own style, and what is unsure about it (H, W, 2). Raises UsageError.

    masks: what `region_masks` gives for the face.
    """
    if unknown := set(styles) - set(REGIONS):
        raise UsageError(f"expected styles for {', '.join(REGIONS)}, got {', '.join(sorted(unknown))}")
    distinct = {id(style): style for style in styles.values()}
    changes = {key: style.chart.change_on(image, face) for key, style in distinct.items()}
    if len(changes) == 1 and len(styles) == len(REGIONS):
        return next(iter(changes.values()))
    by_region = dict(zip(REGIONS, masks, strict=True))
    guess, doubt = np.zeros(image.shape, np.float32), np.zeros((*image.shape[:2], 2), np.float32)
    for region, style in styles.items():
        change, unsure = changes[id(style)]
        guess += change * by_region[region][..., None]
        doubt += unsure * by_region[region][..., None]
    return guess, doubt


def situate(image: Image, masks: FloatArray, style: Style, guess: FloatArray, doubt: FloatArray) -> Situation:
    """One face under one style, as a batch of one.

    `image` (H, W, 3), at least SIDE each way; `masks`, `guess`, `doubt` as `region_masks` and `guess_on` give them.
    """
    return Situation(
        _to_tensor(middle(image))[None],
        _to_tensor(middle(guess))[None],
        small(doubt)[None],
        small_masks(masks)[None],
        style.examples[None],
        style.example_masks[None],
    )


def middle(picture: AnyArray) -> AnyArray:
    """The middle SIDE × SIDE of (H, W, C). Raises UsageError where it is smaller."""
    top, left = (picture.shape[0] - SIDE) // 2, (picture.shape[1] - SIDE) // 2
    if top < 0 or left < 0:
        raise UsageError(f"expected a picture of at least {SIDE}×{SIDE}, got {picture.shape[1]}×{picture.shape[0]}")
    return picture[top : top + SIDE, left : left + SIDE]


def small_masks(masks: FloatArray) -> Tensor:
    """What `region_masks` gives, on the Haar grid: (R, 64, 64)."""
    return small(np.moveaxis(masks, 0, -1))


def show(example: Example) -> Tensor:
    """An example as the tokens are read from it, (6, 64, 64): before and change."""
    return small(np.concatenate([example.before, example.after - example.before], axis=-1))


def put_back(part: FloatArray, around: FloatArray) -> FloatArray:
    """A copy of `around` (H, W, C) with `part` (SIDE, SIDE, C) in its middle."""
    whole = around.copy()
    middle(whole)[...] = part
    return whole


def small(picture: FloatArray) -> Tensor:
    """The middle of (H, W, C) on the Haar grid, averaged: (C, 64, 64)."""
    cells = SIDE // 2**LEVELS
    planes = np.ascontiguousarray(middle(picture))
    shrunken = [cv2.resize(planes[..., at : at + 4], (cells, cells), interpolation=cv2.INTER_AREA) for at in range(0, planes.shape[2], 4)]
    return _to_tensor(np.concatenate([part.reshape(cells, cells, -1) for part in shrunken], axis=-1))


def _to_tensor(picture: FloatArray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(np.moveaxis(picture, -1, 0), np.float32))
