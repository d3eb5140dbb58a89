"""What the reference wears, point by point on the UV chart.

The painted colour is kept relative to the reference's own skin, so that neither her light nor her skin travels. Turning it
back into pigment for the person who will wear it is `kohl.reading.fitting`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from kohl.color.lab import lab_from_linear
from kohl.core.arrays import FloatArray, Mask
from kohl.core.region import Region
from kohl.reading.bare import BarePrior
from kohl.reading.hidden import continue_hidden
from kohl.reading.unrolled import SIDE, Unrolled
from kohl.reading.zones import CHEEKS, LIDS, LOWER_LID, MOUTH, zone_mask

SMOOTH = {Region.LIPS: 0.008, Region.EYES: 0.007, Region.CHEEKS: 0.028}
"""Standard deviation, in chart units, of what counts as makeup; finer is skin and grain."""

_NOTICED = {Region.EYES: (0.5, 3.0), Region.CHEEKS: (0.5, 2.5)}
"""Lab distances from a bare face at which a point starts to count as painted, and surely is."""
_CHEEK_LIGHTNESS = 10.0
"""L* by which a cheek may be darker than a bare one; what is more is shade."""
_LIP_VARIETY = (0.3, 0.5, 0.5)
"""Shares of L*, a* and b* variation across the lips that are kept."""
_REDDER = 0.5
"""a* by which blush is surely redder than the cheek below it; a coloured lamp is not blush."""
RIM = 0.02
"""Where a zone ends."""


@dataclass(frozen=True, eq=False)
class ReadFilm:
    """`painted` (S, S, 3): Lab of the made-up face minus Lab of her own skin, light taken out, continued over what was hidden.
    `presence`: (S, S) mask per region: where there is makeup, and how surely. `skin` (3,) Lab of her skin.
    """

    painted: Mapping[Region, FloatArray]
    presence: Mapping[Region, Mask]
    skin: FloatArray

    def only(self, regions: Iterable[Region], strengths: Mapping[Region, float]) -> ReadFilm:
        """Keep `regions`, each at its strength in [0, 1] (1 where `strengths` does not say)."""
        presence = {region: self.presence[region] * np.float32(strengths.get(region, 1.0)) for region in regions if region in self.presence}
        return ReadFilm({region: self.painted[region] for region in presence}, presence, self.skin)


def region_zone(region: Region) -> Mask:
    """(S, S) mask of the zone in which a region's film lives."""
    if region is Region.LIPS:
        # With the opening: it is wide on the chart, and a line on a closed mouth, which no film must leave bare.
        return np.asarray(cv2.dilate(zone_mask(MOUTH, SIDE), np.ones((5, 5))), np.float32)
    if region is Region.EYES:
        return np.asarray(np.maximum(zone_mask(LIDS, SIDE), 0.9 * zone_mask(LOWER_LID, SIDE)), np.float32)
    return zone_mask(CHEEKS, SIDE)


def _full_within(zone: Mask) -> Mask:
    """Widen a zone's core: a film is at its full coverage over most of its zone, and fades at the rim."""
    share = np.clip(zone / 0.45, 0, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)


def read_film(unrolled: Unrolled, presence: Mapping[Region, float], prior: BarePrior) -> ReadFilm:
    """Keep what is painted on lips, lids and cheeks; `presence` says per region how surely there is makeup, [0, 1]."""
    skin = lab_from_linear(unrolled.photo_skin)
    bare = lab_from_linear(np.clip(np.exp(prior.expected(unrolled.skin)) * unrolled.photo_skin, 0, 1.2)) - skin
    colour = lab_from_linear(np.clip(np.exp(unrolled.ratio) * unrolled.photo_skin, 0, 1.2)) - skin
    painted, masks = {}, {}
    for region, smooth in SMOOTH.items():
        zone = region_zone(region)
        seen = (unrolled.lips_seen if region is Region.LIPS else unrolled.skin_seen) * (zone > RIM)
        kept = continue_hidden(colour, _without_highlights(colour, seen), smooth)
        kept = (kept + kept[:, ::-1]) / 2
        if region is Region.LIPS:
            kept = _calm(kept, seen)
        if region is Region.CHEEKS:
            kept[..., 0] = np.clip(kept[..., 0], bare[..., 0] - _CHEEK_LIGHTNESS, bare[..., 0] + 0.3 * _CHEEK_LIGHTNESS)
        painted[region] = np.asarray(kept, np.float32)
        masks[region] = np.asarray(_full_within(zone) * _worn(kept, bare, region) * np.float32(presence[region]), np.float32)
    return ReadFilm(painted, masks, np.asarray(skin, np.float32))


def _calm(colour: FloatArray, seen: Mask) -> FloatArray:
    """Lips with most of their unevenness taken out: what differs across one pair of lips is ombré in part, and light for the rest."""
    inside = seen > 0.5
    if not inside.any():
        return colour
    typical = np.median(colour[inside], axis=0)
    return np.asarray(typical + (colour - typical) * np.array(_LIP_VARIETY, np.float32), np.float32)


def _worn(colour: FloatArray, bare: FloatArray, region: Region) -> Mask:
    """1 where a point differs from a bare face's, 0 where it does not; lips are painted as a whole.

    Lightness counts for less than chroma: shade and tan change it too.
    """
    if region is Region.LIPS:
        return np.ones(colour.shape[:2], np.float32)
    left = (colour - bare) * np.array([0.5, 1, 1], np.float32)
    low, high = _NOTICED[region]
    share = np.clip((np.linalg.norm(left, axis=-1) - low) / (high - low), 0, 1)
    if region is Region.CHEEKS:
        share = share * np.clip((left[..., 1] - 0.5 * np.abs(left[..., 2])) / _REDDER, 0, 1)
    return np.asarray(cv2.GaussianBlur(share.astype(np.float32), (0, 0), SMOOTH[region] * SIDE), np.float32)


def _without_highlights(colour: FloatArray, seen: Mask) -> Mask:
    """`seen`, less where a pixel is much lighter than its region: gloss is the photo's light, not the product's colour."""
    inside = seen > 0.5
    if not inside.any():
        return seen
    typical = float(np.median(colour[inside][:, 0]))
    return np.asarray(seen * np.exp(-np.maximum(colour[..., 0] - typical - 4, 0) / 5), np.float32)
