"""Is there makeup at all? How much of a film there is on lips, lids and cheeks, by how surely each wears colour."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kohl.core.arrays import FloatArray
from kohl.core.ramps import eased, share_between
from kohl.core.region import Region
from kohl.reading.bare import ZONES
from kohl.reading.plain_colour import logit
from kohl.reading.zones import CHEEKS, LIDS, LIPS

PRODUCT_OF = {Region.LIPS: "lipstick", Region.EYES: "eyeshadow", Region.CHEEKS: "blush"}
"""The product that colours a region as a whole."""
_ZONE_OF = {Region.LIPS: LIPS, Region.EYES: LIDS, Region.CHEEKS: CHEEKS}
_BELIEVED = {Region.LIPS: (-1.0, 1.0), Region.EYES: (-1.0, 1.0), Region.CHEEKS: (0.0, 2.0)}
"""Log odds from which on a region begins to count as made up, and surely does: .27 and .73, of cheeks .5 and .88. Half of the painted faces that
networks learnt from wear blush; of those that people photograph one in twenty does, and all flush.
"""


def find_presence(means: FloatArray, confidence: Mapping[str, float]) -> dict[Region, float]:
    """How much of a film lips, lids and cheeks wear, [0, 1]; 0 where they are not seen. `means` (3, 3) are `zone_means`; `confidence`: product →
    [0, 1].
    """
    seen = dict(zip(ZONES, np.isfinite(means).all(axis=1), strict=True))
    return {region: made_up(region, confidence[PRODUCT_OF[region]]) if seen[zone] else 0.0 for region, zone in _ZONE_OF.items()}


def made_up(region: Region, confidence: float) -> float:
    """How much of a film a region wears, [0, 1], that is made up as surely as `confidence`, in [0, 1], says."""
    return eased(share_between(logit(confidence), _BELIEVED[region]))
