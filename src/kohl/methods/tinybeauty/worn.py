"""What every learned look answers to, whether it is one network or several put together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias, runtime_checkable

from kohl.core.arrays import FloatArray, Image, Mask
from kohl.core.region import Region
from kohl.methods.tinybeauty.card import LearnedLookCard

CropRegions: TypeAlias = Mapping[Region, Mask]
"""Where each region lies in the crop: (256, 256) masks that add up to 1 everywhere."""


@runtime_checkable
class ResidualLook(Protocol):
    """A look that was learned. Frozen, and safe to ask from several threads."""

    @property
    def card(self) -> LearnedLookCard:
        """Its papers."""
        ...

    @property
    def sha256(self) -> str:
        """A checksum of all that decides its numbers."""
        ...

    def residual(self, crop: Image, regions: CropRegions | None = None) -> FloatArray:
        """What the makeup adds to `crop`, (256, 256, 3) sRGB-encoded [0, 1], in the same units: (256, 256, 3), within [-1, 1].

        `regions` says where the regions of this very face lie; only a look joined from several asks, and without them it takes the
        places where an upright face has them.

        Raises UsageError for a crop of another shape or range, ModelFormatError for a network that gives no numbers.
        """
        ...
