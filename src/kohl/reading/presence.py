"""Is there makeup at all? What the networks say of lips, lids and cheeks, and how far the colour of lips and cheeks lies from bare faces'.

How far lids lie from bare ones says nothing beside the networks: of 140 train faces that were judged by eye, lids that wear shadow stray no
further than bare ones in hard light (docs/log.md).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kohl.color.lab import lab_from_linear
from kohl.core.arrays import FloatArray
from kohl.core.ramps import eased, share_between
from kohl.core.region import Region
from kohl.reading.bare import BarePrior, zone_mean, zone_weight
from kohl.reading.unrolled import Unrolled
from kohl.reading.zones import CHEEKS, LIDS, LIPS

_ZONE_OF = {Region.LIPS: LIPS, Region.EYES: LIDS, Region.CHEEKS: CHEEKS}
PRODUCT_OF = {Region.LIPS: "lipstick", Region.EYES: "eyeshadow", Region.CHEEKS: "blush"}
"""The product that colours a region as a whole."""
_BELIEVED = (-1.0, 1.0)
"""Logits of a network from which on lips and lids begin to count as made up, and surely do: .27 and .73."""
_PLAIN, _PLAIN_WORTH = 3.5, 2.0
"""Standard deviations from bare lips at which their colour begins to speak for itself, and what each beyond adds to the network's logit, since
networks deny some lipstick that is plain to see.
"""
_CERTAIN = (1.8, 3.0)
"""Standard deviations from bare cheeks: below the first they count as bare, beyond the second as made up."""
_HEARD, _DEEPEST_DOUBT = 0.75, 4.0
"""Standard deviations that the network's doubt of blush is worth, per unit of its logit, and the logit beyond which it is not heard."""
_REDDER = (0.5, 2.5)
"""a* beyond a bare cheek's, less half of what b* differs, at which blush is thinkable, and sure."""


def find_presence(unrolled: Unrolled, said: Mapping[str, float], prior: BarePrior) -> dict[Region, float]:
    """How surely lips, lids and cheeks wear colour, [0, 1]; 0 where they are not seen. `said`: product → [0, 1], as the networks have it."""
    means = {region: zone_mean(unrolled.ratio, zone_weight(unrolled, zone)) for region, zone in _ZONE_OF.items()}
    seen = [region for region, mean in means.items() if np.isfinite(mean).all()]
    surprise = {region: prior.surprise(_ZONE_OF[region], means[region], unrolled.skin) for region in seen}
    logits = {region: _logit(said[PRODUCT_OF[region]]) for region in seen}
    redder = _redder(means[Region.CHEEKS], unrolled, prior) if Region.CHEEKS in seen else 0.0
    return dict.fromkeys(_ZONE_OF, 0.0) | {region: made_up(region, logits[region], surprise[region], redder) for region in seen}


def made_up(region: Region, logit: float, surprise: float, redder: float = 1.0) -> float:
    """How surely a region wears colour, [0, 1]. logit: of the network's answer; surprise: standard deviations from a bare face's colour;
    redder: how surely cheeks are redder than bare ones, [0, 1].
    """
    match region:
        case Region.CHEEKS:
            return eased(share_between(surprise + _HEARD * float(np.clip(logit, -_DEEPEST_DOUBT, 0)), _CERTAIN) * redder)
        case Region.LIPS:
            return eased(share_between(logit + _PLAIN_WORTH * max(surprise - _PLAIN, 0.0), _BELIEVED))
        case _:
            return eased(share_between(logit, _BELIEVED))


def _redder(mean: FloatArray, unrolled: Unrolled, prior: BarePrior) -> float:
    """How surely cheeks are redder than bare ones, and not only darker, yellower or lit by another lamp: they flush."""
    bare = zone_mean(prior.expected(unrolled.skin), zone_weight(unrolled, CHEEKS))
    left = np.subtract(*(lab_from_linear(np.clip(np.exp(ratio) * unrolled.photo_skin, 0, 1.2)) for ratio in (mean, bare)))
    return share_between(float(left[1] - 0.5 * abs(left[2])), _REDDER)


def _logit(confidence: float) -> float:
    share = float(np.clip(confidence, 1e-3, 1 - 1e-3))
    return float(np.log(share / (1 - share)))
