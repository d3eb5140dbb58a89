"""Where each region's film may lie on the UV chart, of any size: its zone, how far a brush blends beyond it, and how far it covers."""

from __future__ import annotations

import functools

import cv2
import numpy as np

from kohl.core.arrays import Box, Mask
from kohl.core.ramps import eased, ramp
from kohl.core.region import Region
from kohl.reading.blush import blended_blush
from kohl.reading.unrolled import SIDE, Unrolled
from kohl.reading.zones import CHEEKS, LIDS, LOWER_LID, MOUTH, ORBIT, without_hollows, zone_mask

SMOOTH = {Region.EYES: 0.007, Region.LIPS: 0.008, Region.CHEEKS: 0.028}
"""Standard deviation, in chart units, of what counts as makeup; finer is skin and grain. What takes longest comes first: they run side by side."""
RIM = 0.02
"""Where a zone ends."""
_GAP = 0.00625
"""Chart units by which the mouth is widened, so that its film leaves no gap beside the lips."""
_FULL_FROM = {Region.LIPS: 0.45, Region.EYES: 0.65}
"""Zone mask from which on a film is at its full coverage; on lids it fades over more of the rim, as a brush would blend it."""
_LIDS_ROUNDED, _LIDS_BLENDED, _LIDS_FULL_FROM = 0.03, 0.01, 0.75
"""Chart units: how wide a notch in the lids' outline is filled, and the standard deviation of the edge that a brush blends; and the share of that
blur from which on the film is at its full coverage.
"""
_LIDS_END = 0.25
"""Mask of all that shadow may lie on below which it ends."""


@functools.cache
def region_zone(region: Region, side: int = SIDE) -> Mask:
    """(side, side) mask of the zone in which a region's film lives."""
    if region is Region.LIPS:
        # With the opening: it is wide on the chart, and a line on a closed mouth, which no film must leave bare.
        zone = np.asarray(cv2.dilate(zone_mask(MOUTH, side), np.ones((2 * round(_GAP * side) + 1,) * 2)), np.float32)
    elif region is Region.EYES:
        zone = np.asarray(np.maximum(zone_mask(LIDS, side), 0.9 * zone_mask(LOWER_LID, side)), np.float32)
    else:
        zone = zone_mask(CHEEKS, side)
    zone.flags.writeable = False
    return zone


@functools.cache
def region_reach(region: Region, side: int = SIDE) -> Mask:
    """(side, side) mask of all that a region's film may lie on: its zone, and around lids and cheeks as far as a brush blends."""
    if region is Region.LIPS:
        return region_zone(region, side)
    if region is Region.CHEEKS:
        return blended_blush(side)
    reach = np.asarray(np.maximum(region_zone(region, side), zone_mask(ORBIT, side)), np.float32)
    reach.flags.writeable = False
    return reach


def seen_within(unrolled: Unrolled, region: Region) -> Mask:
    """(S, S) what is seen of a face where a region's film may lie: lips for the lips', skin for the others."""
    return np.asarray((unrolled.lips_seen if region is Region.LIPS else unrolled.skin_seen) * (region_reach(region, unrolled.side) > RIM), np.float32)


@functools.cache
def beside_all_skin(region: Region) -> Mask:
    """(S, S): 1 where a colour is seen beside all skin, as lips and lids are; 0 where beside the skin right around, in the light that falls
    there: cheeks, and shadow beyond the lids. A lamp's hue would be blush on the one, and take from the colour of the others.
    """
    return np.zeros((SIDE, SIDE), np.float32) if region is Region.CHEEKS else belongs(region, SIDE)


@functools.cache
def belongs(region: Region, side: int = SIDE) -> Mask:
    """(side, side): 1 where a point belongs to the region itself, 0 where shadow was blended beyond it."""
    return _full_within(region_zone(region, side), _FULL_FROM[region]) if region is Region.EYES else np.ones((side, side), np.float32)


def _full_within(zone: Mask, full_from: float) -> Mask:
    """Widen a zone's core: a film is at its full coverage over most of its zone, from the mask `full_from` on, and fades at the rim."""
    return eased(ramp(zone, 0, full_from))


@functools.cache
def region_cover(region: Region, side: int = SIDE) -> Mask:
    """(side, side): how far a region's film covers where all of its zone is painted."""
    if region is Region.CHEEKS:
        return blended_blush(side)
    cover = _full_within(region_zone(region, side), _FULL_FROM[region])
    if region is Region.EYES:
        # Lid, crease and outer corner are zones with corners of their own, which a nearly opaque film shows: a brush leaves one rounded shape.
        whole = without_hollows(cover, _LIDS_ROUNDED)
        blended = _full_within(cv2.GaussianBlur(whole, (0, 0), _LIDS_BLENDED * side), _LIDS_FULL_FROM)
        # No brush goes over the brow, nor far below the lower lashes.
        reach = region_reach(region, side)
        room = np.where(reach > RIM, np.clip(reach / _LIDS_END, 0, 1), 0)
        cover = np.asarray(blended * room, np.float32)
    cover.flags.writeable = False
    return cover


@functools.cache
def room_of(region: Region, side: int = SIDE) -> Box:
    """The box of the chart around a region's zone, as far as its colour is smoothed beyond it."""
    margin = round(3 * SMOOTH[region] * side) + 2
    hits = [np.flatnonzero(region_reach(region, side).max(axis) > RIM) for axis in (1, 0)]
    rows, columns = (slice(max(0, int(hit[0]) - margin), int(hit[-1]) + margin + 1) for hit in hits)
    return rows, columns
