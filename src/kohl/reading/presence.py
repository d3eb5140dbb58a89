"""Is there makeup at all? What the networks say of lips, lids and cheeks, and how far their colour lies from bare faces'."""

from __future__ import annotations

import numpy as np

from kohl.color.lab import lab_from_linear
from kohl.core.arrays import FloatArray
from kohl.core.region import Region
from kohl.reading.bare import BarePrior, zone_mean, zone_weight
from kohl.reading.unrolled import Unrolled
from kohl.reading.zones import CHEEKS, LIDS, LIPS

_ZONE_OF = {Region.LIPS: LIPS, Region.EYES: LIDS, Region.CHEEKS: CHEEKS}
_CERTAIN = (1.8, 3.0)
"""Standard deviations from a bare face: below the first it counts as bare, beyond the second as made up."""

_REDDER = (0.5, 2.5)
"""a* beyond a bare cheek's, less half of what b* differs, at which blush is thinkable, and sure."""


def find_presence(unrolled: Unrolled, prior: BarePrior) -> dict[Region, float]:
    """How surely lips, lids and cheeks wear colour, [0, 1]; 0 where a zone is not seen."""
    presence = {}
    for region, zone in _ZONE_OF.items():
        mean = zone_mean(unrolled.ratio, zone_weight(unrolled, zone))
        surprise = prior.surprise(zone, mean, unrolled.skin) if np.isfinite(mean).all() else 0.0
        share = float(np.clip((surprise - _CERTAIN[0]) / (_CERTAIN[1] - _CERTAIN[0]), 0, 1))
        if region is Region.CHEEKS and share > 0:
            share *= _blush_share(mean, unrolled, prior)
        presence[region] = share * share * (3 - 2 * share)
    return presence


def _blush_share(mean: FloatArray, unrolled: Unrolled, prior: BarePrior) -> float:
    """1 where the cheeks are surely redder than bare ones, 0 where they are only darker, yellower or lit by another lamp."""
    bare = zone_mean(prior.expected(unrolled.skin), zone_weight(unrolled, CHEEKS))
    left = np.subtract(*(lab_from_linear(np.clip(np.exp(ratio) * unrolled.photo_skin, 0, 1.2)) for ratio in (mean, bare)))
    return float(np.clip((left[1] - 0.5 * abs(left[2]) - _REDDER[0]) / (_REDDER[1] - _REDDER[0]), 0, 1))
