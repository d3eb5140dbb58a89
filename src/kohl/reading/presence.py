"""Is there makeup at all? What the networks say of lips, lids and cheeks; of lips, a colour that bare ones hardly have speaks beside them.

How far lids and cheeks lie from bare ones adds nothing to the networks: of faces of the train split that were judged by eye, neither stray further
where they are made up than bare ones do in hard light, or flushed (docs/log.md).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kohl.core.ramps import eased, share_between
from kohl.core.region import Region
from kohl.reading.bare import BarePrior, zone_mean, zone_weight
from kohl.reading.unrolled import Unrolled
from kohl.reading.zones import CHEEKS, LIDS, LIPS

_ZONE_OF = {Region.LIPS: LIPS, Region.EYES: LIDS, Region.CHEEKS: CHEEKS}
PRODUCT_OF = {Region.LIPS: "lipstick", Region.EYES: "eyeshadow", Region.CHEEKS: "blush"}
"""The product that colours a region as a whole."""
_BELIEVED = {Region.LIPS: (-1.0, 1.0), Region.EYES: (-1.0, 1.0), Region.CHEEKS: (1.0, 3.0)}
"""Logits of a network from which on a region begins to count as made up, and surely does: .27 and .73, of cheeks .73 and .95. Half of the painted
faces that it learnt from wear blush; of those that people photograph one in twenty does, and all flush.
"""
_PLAIN, _PLAIN_WORTH = 4.5, 2.0
"""Standard deviations from bare lips at which their colour begins to speak for itself, and what each beyond adds to the network's logit, since
networks deny some lipstick that is plain to see.
"""


def find_presence(unrolled: Unrolled, said: Mapping[str, float], prior: BarePrior) -> dict[Region, float]:
    """How surely lips, lids and cheeks wear colour, [0, 1]; 0 where they are not seen. `said`: product → [0, 1], as the networks have it."""
    means = {region: zone_mean(unrolled.ratio, zone_weight(unrolled, zone)) for region, zone in _ZONE_OF.items()}
    seen = [region for region, mean in means.items() if np.isfinite(mean).all()]
    surprise = prior.surprise(LIPS, means[Region.LIPS], unrolled.skin) if Region.LIPS in seen else 0.0
    return dict.fromkeys(_ZONE_OF, 0.0) | {region: made_up(region, _logit(said[PRODUCT_OF[region]]), surprise) for region in seen}


def made_up(region: Region, logit: float, surprise: float = 0.0) -> float:
    """How surely a region wears colour, [0, 1]. logit: of the network's answer; surprise: standard deviations of the lips from bare ones' colour."""
    plain = _PLAIN_WORTH * max(surprise - _PLAIN, 0.0) if region is Region.LIPS else 0.0
    return eased(share_between(logit + plain, _BELIEVED[region]))


def _logit(confidence: float) -> float:
    share = float(np.clip(confidence, 1e-3, 1 - 1e-3))
    return float(np.log(share / (1 - share)))
