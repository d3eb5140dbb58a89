"""Pattern agreement: whether makeup lies on the result as it lies on the reference, point by point on the UV chart."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import cv2
import numpy as np

from kohl.color.lab import lab_from_linear
from kohl.core.arrays import AnyArray, FloatArray, Image, Mask
from kohl.core.errors import UsageError
from kohl.core.region import Region
from kohl.faces.face import Face
from kohl.reading.unrolled import SIDE, unroll_face
from kohl.reading.zones import CHEEKS, LIDS, LOWER_LID, MOUTH, zone_mask

REGIONS = (Region.LIPS, Region.EYES, Region.CHEEKS)
"""The regions that carry patterns; brows are hair."""
SMOOTH = 0.008
"""Standard deviation, in chart units, of the low-pass: what is finer is the faces' own pores and lines."""
_AROUND = 0.03
"""Chart units of skin around a zone that count too, or a zone that is painted all over would have no shape."""
_LIGHT = 0.5
"""Weight of L* beside a* and b*: light that was not taken out shows in it alone."""
_FEWEST = 40
"""Chart points below which there is nothing to correlate."""
_FLAT = 1e-3
"""Standard deviation, in Lab, below which a pattern is rounding."""


@dataclass(frozen=True, eq=False)
class Pattern:
    """A face's colours on the chart. `painted` (S, S, 3): Lab minus Lab of its own skin, L* halved, light taken out, low-passed.
    `seen` (S, S) mask: where skin or lips are seen.
    """

    painted: FloatArray
    seen: Mask


def pattern_of(image: Image, face: Face) -> Pattern:
    """Unroll `face` of `image`, (H, W, 3) sRGB in [0, 1]. For a result, pass the face that was found in its source."""
    unrolled = unroll_face(image, face)
    own = lab_from_linear(unrolled.photo_skin)
    colour = lab_from_linear(np.clip(np.exp(unrolled.ratio) * unrolled.photo_skin, 0, 1.2)) - own
    seen = np.asarray(np.maximum(unrolled.skin_seen, unrolled.lips_seen), np.float32)
    weight = cv2.GaussianBlur(seen, (0, 0), SMOOTH * SIDE)
    mean = cv2.GaussianBlur(colour * seen[..., None], (0, 0), SMOOTH * SIDE) / np.maximum(weight, 1e-3)[..., None]
    return Pattern(np.asarray(mean * np.array([_LIGHT, 1, 1]), np.float32), seen)


def pattern_agreement(result: Pattern, reference: Pattern, region: Region) -> float:
    """Pearson correlation of two patterns over a region's zone and a rim of skin, L*/2, a* and b* together, each less its mean there.

    Our own definition. Both are relative to their own skin, and only where is compared: how strong the colour is says
    `color_distance`. Range [-1, 1], higher is better, 1 for the same pattern; 0 when one of them is flat, NaN where too little
    is seen of either. Bare faces agree somewhat, for lips are redder than skin: compare with what doing nothing gets.
    Raises UsageError for a region without patterns.
    """
    if region not in REGIONS:
        raise UsageError(f"expected one of the regions that carry patterns ({', '.join(REGIONS)}), got {region}; leave it out")
    inside = _zone(region) & (result.seen > 0.5) & (reference.seen > 0.5)
    if inside.sum() < _FEWEST:
        return float("nan")
    first, second = (_centred(pattern.painted[inside]) for pattern in (result, reference))
    if min(first.std(), second.std()) < _FLAT:
        return 0.0
    return float((first * second).mean() / (first.std() * second.std()))


def _centred(values: FloatArray) -> AnyArray:
    doubles = values.astype(np.float64)
    return np.asarray(doubles - doubles.mean(0))


@functools.cache
def _zone(region: Region) -> AnyArray:
    """The chart points (S, S), bool, of a region and of the skin around it."""
    names = {Region.LIPS: (MOUTH,), Region.EYES: (LIDS, LOWER_LID), Region.CHEEKS: (CHEEKS,)}[region]
    core = np.max([zone_mask(name, SIDE) for name in names], axis=0) > 0.3
    size = 2 * round(_AROUND * SIDE) + 1
    grown: AnyArray = cv2.dilate(core.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))) > 0
    return grown
