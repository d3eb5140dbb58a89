"""What comes in: example pairs to learn a style from, and bare faces to put it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kohl.core.arrays import Image, Mask
from kohl.core.checks import check_image, check_mask
from kohl.core.errors import UnknownNameError, UsageError

REGIONS = ("face", "lips", "eyes", "brows")
"""The names that region masks go by; `masks.build_masks` makes them. A region that is missing is empty."""


@dataclass(frozen=True, eq=False)
class Example:
    """One face before and after, aligned to the pixel.

    `before`, `after`: (S, S, 3) float32 RGB, sRGB-encoded, [0, 1]. `masks`: (S, S) float32 [0, 1] by region (`REGIONS`).
    Raises UsageError where they don't fit each other or are not square, UnknownNameError for another region.
    """

    before: Image
    after: Image
    masks: Mapping[str, Mask]

    def __post_init__(self) -> None:
        check_face(self.before, self.masks, name="before")
        check_image(self.after, name="after")
        if self.after.shape != self.before.shape:
            raise UsageError(f"before and after must be of one size, got {self.before.shape[:2]} and {self.after.shape[:2]}; register them first")


@dataclass(frozen=True, eq=False)
class BareFace:
    """A face to put makeup on: `image` (S, S, 3) float32 [0, 1] and its region masks, (S, S) float32 [0, 1]. Raises as `Example`."""

    image: Image
    masks: Mapping[str, Mask]

    def __post_init__(self) -> None:
        check_face(self.image, self.masks, name="image")


def check_face(image: Image, masks: Mapping[str, Mask], *, name: str) -> None:
    """Require a square image and at least one mask of its size, all with names that we know.

    Raises
    ------
    UsageError
        The image or a mask is not what `kohl.core.checks` asks for, the image is not square, or there is no mask.
    UnknownNameError
        A mask has another name than `REGIONS`.
    """
    check_image(image, name=name)
    height, width = image.shape[:2]
    if height != width:
        raise UsageError(f"{name} must be square, got {height}×{width}; cut it with crops.crop_square")
    if not masks:
        raise UsageError(f"{name} needs at least one region mask ({', '.join(REGIONS)}), got none; build them with masks.build_masks")
    for region, mask in masks.items():
        if region not in REGIONS:
            raise UnknownNameError("region mask", region, REGIONS)
        check_mask(mask, size=(height, width), name=f"mask of {region}")
