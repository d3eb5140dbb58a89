"""Is there makeup at all? What the networks say of lips, lids and cheeks, and how far their colour lies from bare faces'."""

from __future__ import annotations

import numpy as np

from kohl.core.region import Region
from kohl.reading.bare import BarePrior, zone_mean, zone_weight
from kohl.reading.unrolled import Unrolled
from kohl.reading.zones import CHEEKS, LIDS, LIPS

_ZONE_OF = {Region.LIPS: LIPS, Region.EYES: LIDS, Region.CHEEKS: CHEEKS}
_CERTAIN = (1.8, 3.0)
"""Standard deviations from a bare face: below the first it counts as bare, beyond the second as made up."""


def find_presence(unrolled: Unrolled, prior: BarePrior) -> dict[Region, float]:
    """How surely lips, lids and cheeks wear colour, [0, 1]; 0 where a zone is not seen."""
    presence = {}
    for region, zone in _ZONE_OF.items():
        mean = zone_mean(unrolled.ratio, zone_weight(unrolled, zone))
        surprise = prior.surprise(zone, mean, unrolled.skin) if np.isfinite(mean).all() else 0.0
        share = float(np.clip((surprise - _CERTAIN[0]) / (_CERTAIN[1] - _CERTAIN[0]), 0, 1))
        presence[region] = share * share * (3 - 2 * share)
    return presence
