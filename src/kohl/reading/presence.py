"""Is there makeup at all? How far the colour of lips, lids and cheeks lies from bare faces', and what the networks say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
_CERTAIN = (1.8, 3.0)
"""Standard deviations from a bare face: below the first it counts as bare, beyond the second as made up."""
_HEARD = {Region.LIPS: 0.25, Region.EYES: 0.75, Region.CHEEKS: 0.75}
"""Standard deviations that a network's doubt is worth, per unit of its logit: lids and cheeks of bare faces in hard light, of children, with deep-set
eyes stray as far as painted ones do, and the networks know them. Less of lips: photos hold redder lipstick than the networks were shown, and bare
lips that travel do little harm, where a shade that travels is a grey veil …
"""
_DEEPEST_DOUBT = {Region.LIPS: 1.0, Region.EYES: 4.0, Region.CHEEKS: 4.0}
"""… and the logit beyond which it is not heard: what colour shows plainly no network may deny."""
_FOUND = (0.55, 0.85)
"""Confidence at which a network begins to see eyeshadow that the lids' mean colour hides, and surely does: bare lids differ so much that
brown shadow on brown skin is no surprise.
"""
_REDDER = (0.5, 2.5)
"""a* beyond a bare cheek's, less half of what b* differs, at which blush is thinkable, and sure."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the colours of an unrolled face say. `surprise`: standard deviations from a bare face per region, 0 where it is not seen.
    `blush` in [0, 1]: how surely the cheeks are redder than bare ones, and not only darker, yellower or lit by another lamp.
    """

    surprise: Mapping[Region, float]
    blush: float

    def presence(self, confidence: Mapping[str, float] | None = None) -> dict[Region, float]:
        """How surely lips, lids and cheeks wear colour, [0, 1]. `confidence`: product → [0, 1], as the networks have it, where they were asked."""
        said = confidence or {}
        return {region: self._share(region, said.get(PRODUCT_OF[region])) for region in _ZONE_OF}

    def _share(self, region: Region, confidence: float | None) -> float:
        surprise = self.surprise[region]
        if not surprise > 0:
            return 0.0
        if confidence is not None:
            surprise -= _HEARD[region] * min(_doubt(confidence), _DEEPEST_DOUBT[region])
        share = share_between(surprise, _CERTAIN)
        if region is Region.CHEEKS:
            share *= self.blush
        presence = eased(share)
        if region is Region.EYES and confidence is not None:
            presence = max(presence, share_between(confidence, _FOUND))
        return presence


def find_evidence(unrolled: Unrolled, prior: BarePrior) -> Evidence:
    """Compare lips, lids and cheeks with a bare face of the same skin."""
    means = {region: zone_mean(unrolled.ratio, zone_weight(unrolled, zone)) for region, zone in _ZONE_OF.items()}
    surprise = {region: prior.surprise(_ZONE_OF[region], mean, unrolled.skin) if np.isfinite(mean).all() else 0.0 for region, mean in means.items()}
    return Evidence(surprise, _blush_share(means[Region.CHEEKS], unrolled, prior) if surprise[Region.CHEEKS] > 0 else 0.0)


def _blush_share(mean: FloatArray, unrolled: Unrolled, prior: BarePrior) -> float:
    bare = zone_mean(prior.expected(unrolled.skin), zone_weight(unrolled, CHEEKS))
    left = np.subtract(*(lab_from_linear(np.clip(np.exp(ratio) * unrolled.photo_skin, 0, 1.2)) for ratio in (mean, bare)))
    return share_between(float(left[1] - 0.5 * abs(left[2])), _REDDER)


def _doubt(confidence: float) -> float:
    """Minus the logit of a confidence below a half, 0 above it."""
    share = float(np.clip(confidence, 1e-3, 1 - 1e-3))
    return max(float(np.log((1 - share) / share)), 0.0)
