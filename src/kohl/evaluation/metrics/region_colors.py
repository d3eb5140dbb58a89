"""The colour of lips, lids, cheeks and brows relative to the face's own skin, so that skin tone and light do not count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import FloatArray, Image, Mask
from kohl.core.region import Region
from kohl.evaluation.metrics.places import MEASURED, window_region
from kohl.faces.face import Face
from kohl.reading.zones import BARE, zone_mask

_ENOUGH = 20
"""Fewer pixels than this say nothing about a region."""


@dataclass(frozen=True, eq=False)
class RegionColors:
    """`skin` (3,): median Lab of the face's bare skin. `relative`: region → (3,) median Lab of the region minus `skin`; NaN where
    too little of the region is seen.
    """

    skin: FloatArray
    relative: Mapping[Region, FloatArray]


def region_colors(image: Image, face: Face) -> RegionColors:
    """Measure the regions of `face` in `image`, (H, W, 3) sRGB in [0, 1]: medians, which highlights, hairs and rims do not move.

    For a result, pass the face that was found in its source: makeup moves no pixel. Our own definition, after the "robust
    mean Lab relative to the own skin"; learned features (CLS, CSD) mix the reference's skin and light into the same number.
    """
    lab = lab_from_srgb(image[face.window_slices])
    skin = _median(lab, np.asarray(face.field.sample(zone_mask(BARE)) * face.masks.skin, np.float32))
    return RegionColors(skin, {region: _median(lab, window_region(face, region)) - skin for region in MEASURED})


def color_distance(first: RegionColors, second: RegionColors, region: Region) -> float:
    """CIEDE2000 of one region on two faces, both laid on the first one's skin. Range [0, ~100], lower is nearer; NaN where unseen."""
    return float(delta_e2000(first.skin + first.relative[region], first.skin + second.relative[region]))


def _median(lab: FloatArray, mask: Mask) -> FloatArray:
    inside = mask > 0.5
    if inside.sum() < _ENOUGH:
        return np.full(3, np.nan, np.float32)
    return np.asarray(np.median(lab[inside], axis=0), np.float32)
