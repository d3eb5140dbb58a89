"""TinyBeauty's method (arXiv 2403.15033): the makeup's residual from one small network, added to the photo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from kohl.core.arrays import Image, Mask, Matrix
from kohl.core.errors import UsageError
from kohl.core.region import Region
from kohl.geometry.affine import invert
from kohl.geometry.warp import warp_mask
from kohl.looks.look import Look
from kohl.methods.base import Capabilities, Controls, Worn
from kohl.methods.tinybeauty.crop import crop_from_image
from kohl.methods.tinybeauty.painting import paint_learned
from kohl.methods.tinybeauty.regions import regions_of
from kohl.methods.tinybeauty.worn import CropRegions

if TYPE_CHECKING:
    from kohl.faces.face import Face
    from kohl.reading.reading import Reading


class TinyBeauty:
    """Wears learned looks. The network needs a box alone; the face's regions are asked for strengths, and for looks that are joined."""

    name = "tinybeauty"
    capabilities = Capabilities(applies_looks=False, applies_learned=True, transfers=False, reads=False)

    def apply(self, image: Image, face: Face, look: Worn, controls: Controls) -> Image:
        """Paint a learned look, each region at its strength.

        Raises UsageError for a look that is data, ModelFormatError for a network that gives no numbers.
        """
        if isinstance(look, Look):
            raise UsageError(f"the method 'tinybeauty' wears learned looks (.onnx), got the look {look.name!r}, which is data; use 'procedural'")
        matrix = crop_from_image(face.box, roll=face.pose.roll)
        regions = regions_of(face, matrix)
        strengths = {region: controls.strength_of(region) for region in Region}
        strongest = max(strengths.values())
        mask = None
        if len(set(strengths.values())) > 1:
            shares = {region: strength / strongest for region, strength in strengths.items()}
            mask = strength_mask(shares, regions, invert(matrix), face.size)
        return paint_learned(image, face.box, face.pose.roll, look, strength=strongest, mask=mask, regions=regions)

    def transfer(self, image: Image, face: Face, references: Mapping[Region, Reading], controls: Controls) -> Image:
        """Not this method's trade. Raises UsageError."""
        raise UsageError("the method 'tinybeauty' cannot transfer from a photo; use 'procedural'")

    def read(self, image: Image, face: Face) -> Reading:
        """Not this method's trade. Raises UsageError."""
        raise UsageError("the method 'tinybeauty' cannot read makeup; use 'procedural'")


def strength_mask(strengths: Mapping[Region, float], regions: CropRegions, image_from_crop: Matrix, size: tuple[int, int]) -> Mask:
    """How strongly each pixel of a picture is painted: (H, W) of `size`, [0, 1], from strengths per region and (256, 256) region masks.

    Beyond the crop, where no learned look reaches, it is 0.
    """
    crop_mask = sum((np.float32(strengths[region]) * mask for region, mask in regions.items()), np.zeros((), np.float32))
    return np.clip(warp_mask(np.asarray(crop_mask, np.float32), image_from_crop, size), 0, 1)
