"""How far the chroma of a region is spread otherwise than on the reference: Wasserstein distance of the histograms in a*, b*."""

from __future__ import annotations

import numpy as np

from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import AnyArray, FloatArray, Image, Mask
from kohl.core.region import Region
from kohl.evaluation.metrics.worn import worn_on

_DIRECTIONS = 12
"""Directions in the plane of a* and b*, even over half a turn."""
_LEVELS = 256
"""Quantiles that stand for a histogram."""
_FEWEST = 20
"""Fewer pixels than this say nothing about a region."""


def chroma_of(image: Image, mask: Mask, region: Region, own_skin: FloatArray, skin: FloatArray) -> FloatArray:
    """(N, 2) a* and b* of the pixels of `image`, (H, W, 3) sRGB in [0, 1], where the `mask` (H, W) of `region` is above 0.5.

    As they would look on `skin`, (3,) Lab, where they lie beside `own_skin`: see `worn_on`.
    """
    return np.asarray(worn_on(lab_from_srgb(image[mask > 0.5]), own_skin, skin, region)[:, 1:], np.float32)


def chroma_distance(first: FloatArray, second: FloatArray) -> float:
    """Sliced Wasserstein-1 distance of two sets of chroma, (N, 2) and (M, 2), in units of Lab.

    Rabin, Peyré, Delon, Bernot: "Wasserstein barycenter and its application to texture mixing" (2011): the mean over
    directions of the distance of the projections, each the area between two quantile functions. Times π/2, so that sets that
    differ by a shift are as far apart as the shift. Range [0, inf), lower is nearer; NaN for fewer than 20 pixels.
    """
    if min(len(first), len(second)) < _FEWEST:
        return float("nan")
    angles = np.pi * np.arange(_DIRECTIONS) / _DIRECTIONS
    directions = np.stack([np.cos(angles), np.sin(angles)])
    apart = _quantiles(first @ directions) - _quantiles(second @ directions)
    return float(np.abs(apart).mean() * np.pi / 2)


def _quantiles(values: AnyArray) -> AnyArray:
    """(levels, directions) quantiles at the middles of even shares."""
    ordered: AnyArray = np.sort(values, axis=0)
    shares = (np.arange(_LEVELS) + 0.5) / _LEVELS * len(ordered)
    return np.asarray(ordered[np.minimum(shares.astype(int), len(ordered) - 1)])
