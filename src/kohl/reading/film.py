"""What the reference wears, point by point on the UV chart.

The painted colour is kept relative to the reference's own skin, so that neither her light nor her skin travels. Turning it
back into pigment for the person who will wear it is `kohl.reading.fitting`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import numpy.typing as npt

from kohl.color.lab import lab_from_linear, linear_from_lab
from kohl.core.arrays import FloatArray, Mask
from kohl.core.channels import plus, times, to_channels
from kohl.core.medians import median, weighted_median
from kohl.core.region import Region
from kohl.core.side_by_side import side_by_side
from kohl.reading.bare import BarePrior, zone_weight
from kohl.reading.hidden import continue_hidden
from kohl.reading.orbit import shadow_beyond_lids
from kohl.reading.region_zones import RIM, SMOOTH, belongs, beside_all_skin, region_cover, region_reach, room_of, seen_within
from kohl.reading.unrolled import SIDE, Unrolled
from kohl.reading.vivid import vivid_half
from kohl.reading.zones import BARE, CHEEKS, LIDS, zone_mask
from kohl.rendering.light import luminance

READ_AT = {Region.EYES: SIDE, Region.LIPS: SIDE, Region.CHEEKS: SIDE // 2}
"""Points along the chart on which a region is read. Nothing on cheeks is finer than `SMOOTH`, nine points of the whole one."""
LIGHT_OUT = {Region.LIPS: 0.05, Region.EYES: 0.05, Region.CHEEKS: 0.75}
"""How much of the light that falls on a region as a whole, and not on the skin, is taken out of its colour. The light there is
continued from bare skin: where it changes across a region is sure, how bright the region is in all much less so, least of all on lips, which roll
away from it, and on lids, whose socket lies in shade of its own.
"""

_NOTICED = {Region.EYES: (0.5, 3.0), Region.CHEEKS: (0.5, 2.5)}
"""Lab distances from a bare face at which a point starts to count as painted, and surely is."""
_CHEEK_LIGHTNESS = 10.0
"""L* by which a cheek may be darker than a bare one; what is more is shade."""
_CHEEK_CHROMA = 1.1
"""Times the chroma in the middle of what blush adds that it may add anywhere; what is more is light where the cheek turns away."""
_ORBIT_LIGHTNESS = 16.0
"""L* by which what is blended beyond the lids may be darker than bare skin there; what is more is brow hair, or shade."""
_CORE = {Region.LIPS: (None, 0.8), Region.EYES: (LIDS, 0.5), Region.CHEEKS: (CHEEKS, 0.5)}
"""The zone that a region's typical colour is taken of, of lips all that is seen of them; and the weight from which on a point shows nothing else: a
lip's soft rim is half skin.
"""
_LEAST_AREA = 1e-6
"""Pixels that a point of the chart fills at least."""
_VARIETY = {Region.LIPS: (0.3, 0.8, 0.8), Region.EYES: (1.0, 0.9, 0.8)}
"""Shares of L*, a* and b* variation across a region that are kept; on lips, what differs is ombré in part, and light for the rest."""
_REDDER = 0.5
"""a* by which blush is surely redder than the cheek below it; a coloured lamp is not blush."""
_BARE_CORE, _FEWEST_BARE = 0.5, 100
"""Mask from which on a point shows bare skin, and the points that a typical colour needs."""


@dataclass(frozen=True, eq=False)
class ReadFilm:
    """`painted` (S, S, 3): Lab of the made-up face minus Lab of her own skin, light taken out, continued over what was hidden.
    `presence`: (S, S) mask per region: where there is makeup, and how surely. `skin` (3,) Lab of her skin as one sees it (`seen_skin`).
    `bare` (S, S, 3): as `painted`, of a bare face of her skin. `light` (3,): the colour of the photo's light, linear.
    """

    painted: Mapping[Region, FloatArray]
    presence: Mapping[Region, Mask]
    skin: FloatArray
    bare: Mapping[Region, FloatArray] = field(default_factory=dict)
    light: FloatArray = field(default_factory=lambda: np.ones(3, np.float32))

    def only(self, regions: Iterable[Region], strengths: Mapping[Region, float]) -> ReadFilm:
        """Keep `regions`, each at its strength in [0, 1] (1 where `strengths` does not say)."""
        presence = {region: self.presence[region] * np.float32(strengths.get(region, 1.0)) for region in regions if region in self.presence}
        return replace(self, painted={region: self.painted[region] for region in presence}, presence=presence)


@dataclass(frozen=True, eq=False)
class Core:
    """`inside` (S, S): where a region, and nothing else, is seen; `areas` (N,): how many pixels of the photo show each of these points. Whoever looks
    at a region sees its pixels: half of a lip's points on the chart lie where it rolls away, and are hardly seen.
    """

    inside: npt.NDArray[np.bool_]
    areas: FloatArray

    @classmethod
    def of(cls, unrolled: Unrolled, region: Region) -> Core:
        """The core of a region of `unrolled`."""
        zone, least = _CORE[region]
        inside = (seen_within(unrolled, region) if zone is None else zone_weight(unrolled, zone)) > least
        return cls(inside, unrolled.view.areas_at(np.flatnonzero(inside)) + np.float32(_LEAST_AREA))

    @property
    def is_seen(self) -> bool:
        """Whether there is any of it."""
        return bool(self.inside.any())

    def middle(self, values: FloatArray) -> FloatArray:
        """Median (C,) of `values` (S, S, C) over the pixels that show it."""
        return np.asarray(weighted_median(values[self.inside], self.areas), np.float32)


def read_film(unrolled: Unrolled, presence: Mapping[Region, float], prior: BarePrior) -> ReadFilm:
    """Keep what is painted on lips, lids and cheeks; `presence` says per region how surely there is makeup, [0, 1]."""
    bare_at = {side: prior.expected(unrolled.skin, side) for side in set(READ_AT.values())}
    tasks = [functools.partial(_read_region, unrolled.at_side(side), region, presence[region], bare_at[side]) for region, side in READ_AT.items()]
    read = dict(zip(READ_AT, side_by_side(tasks), strict=True))
    painted, masks, bare = ({region: _enlarged(parts[number]) for region, parts in read.items()} for number in (0, 1, 2))
    skin, of_light = seen_skin(unrolled)
    for region, colour in painted.items():
        box = room_of(region, SIDE)
        colour[box] += times(to_channels(beside_all_skin(region)[box]), of_light)
    return ReadFilm(painted, masks, skin, bare, unrolled.light.color)


def _enlarged(values: FloatArray) -> FloatArray:
    """What was read on a chart of any size, (s, s) or (s, s, C), on one of (S, S)."""
    return values if len(values) == SIDE else np.asarray(cv2.resize(values, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), np.float32)


def seen_skin(unrolled: Unrolled) -> tuple[FloatArray, FloatArray]:
    """Lab (3,) of bare skin as the photo shows it, which is what one sees makeup beside: as light as `photo_skin`, which has the hue of the
    light, with the a* and b* that lie in the middle of all bare skin, lit by it or not. And what the light's own hue adds to it, Lab (3,).
    """
    skin = lab_from_linear(unrolled.photo_skin)
    every = slice(None, None, 2), slice(None, None, 2)
    bare = (unrolled.skin_seen * zone_mask(BARE, SIDE))[every] > _BARE_CORE
    if bare.sum() < _FEWEST_BARE:
        return skin, np.zeros(3, np.float32)
    shown = np.exp(unrolled.ratio[every][bare]) * unrolled.photo_skin * unrolled.even[every][bare][:, None]
    hue = median(lab_from_linear(np.clip(shown, 0, 1))[:, 1:])
    seen = np.asarray([skin[0], *hue], np.float32)
    return seen, np.asarray(skin - seen, np.float32)


def _read_region(unrolled: Unrolled, region: Region, presence: float, expected: FloatArray) -> tuple[FloatArray, Mask, FloatArray]:
    """One region's colour (S, S, 3), where it is worn (S, S) and what a bare face shows (S, S, 3), around its zone alone; 0 elsewhere. `expected`
    (S, S, 3): log ratio to the skin that a bare face has.
    """
    box, core = room_of(region, unrolled.side), Core.of(unrolled, region)
    colour, kept = _colour_of(unrolled, region, core)
    worn, bare = np.zeros_like(unrolled.even), np.zeros_like(colour)
    worn[box] = region_cover(region, unrolled.side)[box] * np.float32(presence)
    bare[box] = _beside_skin(expected[box], unrolled)
    if region is Region.LIPS:  # painted as a whole
        return _in_its_light(kept, unrolled, core, region), worn, bare
    worn[box] *= _differs(kept[box], bare[box], region, unrolled.side)
    if region is Region.EYES:
        left = np.zeros_like(colour)
        left[box] = np.where(to_channels(region_reach(region, unrolled.side)[box]) > RIM, kept[box], colour[box]) - bare[box]
        worn = np.maximum(worn, shadow_beyond_lids(left, unrolled) * np.float32(presence))
        darkest = bare[box][..., 0] - _ORBIT_LIGHTNESS
        kept[box][..., 0] += np.maximum(darkest - kept[box][..., 0], 0) * (1 - belongs(region, unrolled.side)[box])
    kept = _in_its_light(kept, unrolled, core, region)
    if region is Region.CHEEKS:
        kept[box] = bare[box] + _as_blush(kept[box] - bare[box], worn[box])
    return kept, worn, bare


def _as_blush(left: FloatArray, worn: Mask) -> FloatArray:
    """What differs from a bare cheek, `left` (h, w, 3) Lab, within what blush can do where it is `worn` (h, w): one product has one hue, that
    of its middle. What strays from it is a lamp's, or the blue of a shade.
    """
    core = worn > 0.5 * worn.max()
    if not core.any():
        return np.zeros_like(left)
    middle = median(left[core][:, 1:])
    hue = middle / max(float(np.hypot(*middle)), 1e-3)
    along = left[..., 1] * hue[0] + left[..., 2] * hue[1]
    chroma = np.clip(along, 0, max(_CHEEK_CHROMA * float(median(along[core])), 0.0))
    lightness = np.clip(left[..., 0], -_CHEEK_LIGHTNESS, 0.3 * _CHEEK_LIGHTNESS)
    return np.stack([lightness, chroma * hue[0], chroma * hue[1]], -1)


def _colour_of(unrolled: Unrolled, region: Region, core: Core) -> tuple[FloatArray, FloatArray]:
    """A region's colour as it shows (S, S, 3), Lab beside skin, and what is kept of it: smooth, alike on both sides, its middle where it was."""
    box = room_of(region, unrolled.side)
    colour = np.zeros_like(unrolled.ratio)
    colour[box] = _beside_skin(unrolled.ratio[box], unrolled)
    seen = np.zeros_like(unrolled.even)
    seen[box] = _without_highlights(colour[box], seen_within(unrolled, region)[box])
    kept = continue_hidden(colour, seen, SMOOTH[region])
    kept[box] = (kept[box] + kept[:, ::-1][box]) / 2
    if region in _VARIETY and core.is_seen:
        middle, typical = core.middle(kept), core.middle(colour)
        if region is Region.EYES:
            typical = vivid_half(colour[core.inside], typical, lab_from_linear(unrolled.photo_skin))
        kept[box] += (_centred(kept[box], middle, typical, region) - kept[box]) * to_channels(belongs(region, unrolled.side)[box])
    return colour, kept


def _in_its_light(kept: FloatArray, unrolled: Unrolled, core: Core, region: Region) -> FloatArray:
    """Give a region's colour (S, S, 3), Lab beside skin without light, back what `LIGHT_OUT` does not trust of the light on it."""
    if not core.is_seen:
        return kept
    box = room_of(region, unrolled.side)
    light = _light_on(unrolled, core) ** (1 - LIGHT_OUT[region])
    skin = lab_from_linear(unrolled.photo_skin)
    brighter = to_channels(1 + np.float32(light - 1) * belongs(region, unrolled.side)[box])
    kept[box] = plus(lab_from_linear(linear_from_lab(plus(kept[box], skin)) * brighter), -skin)
    return kept


def _light_on(unrolled: Unrolled, core: Core) -> float:
    """Times the light on her skin that the middle of a region shows in, where its `core` is seen; 1 where none of it is.

    What is dark on a lid lies where light is, too: the middle of all light there would show another colour than the region does.
    """
    if not core.is_seen:
        return 1.0
    bright = luminance(np.exp(unrolled.ratio[core.inside]) * unrolled.photo_skin)
    shown, evenly_lit = weighted_median(np.stack([bright * unrolled.even[core.inside], bright], -1), core.areas)
    return float(shown / evenly_lit)


def _beside_skin(ratio: FloatArray, unrolled: Unrolled) -> FloatArray:
    """Lab (..., 3) of log ratios to the person's skin, minus the skin's own Lab."""
    linear = np.clip(times(np.exp(ratio), unrolled.photo_skin), 0, 1.2)
    return plus(lab_from_linear(linear), -lab_from_linear(unrolled.photo_skin))


def _centred(smooth: FloatArray, middle: FloatArray, typical: FloatArray, region: Region) -> FloatArray:
    """`smooth` (h, w, 3), whose middle is `middle` (3,), moved so that it is the `typical` colour (3,), a median, and its unevenness taken out as far
    as `_VARIETY` says.

    The mean lacks highlights, and holds what is dark beside a lid: lashes, liner, the fold. A median is moved by neither.
    """
    return plus(times(plus(smooth, -middle), np.array(_VARIETY[region], np.float32)), typical)


def _differs(colour: FloatArray, bare: FloatArray, region: Region, side: int) -> Mask:
    """1 where a point differs from a bare face's, 0 where it does not; colours (h, w, 3) are Lab relative to skin, on a chart of `side`² points.

    Lightness counts for less than chroma: shade and tan change it too.
    """
    left = times(colour - bare, np.array([0.5, 1, 1], np.float32))
    low, high = _NOTICED[region]
    share = np.clip((np.linalg.norm(left, axis=-1) - low) / (high - low), 0, 1)
    if region is Region.CHEEKS:
        share = share * np.clip((left[..., 1] - 0.5 * np.abs(left[..., 2])) / _REDDER, 0, 1)
    return np.asarray(cv2.GaussianBlur(share.astype(np.float32), (0, 0), SMOOTH[region] * side), np.float32)


def _without_highlights(colour: FloatArray, seen: Mask) -> Mask:
    """`seen`, less where a pixel is much lighter than its region: gloss is the photo's light, not the product's colour."""
    inside = seen > 0.5
    if not inside.any():
        return seen
    typical = float(median(colour[inside][:, 0]))
    return np.asarray(seen * np.exp(-np.maximum(colour[..., 0] - typical - 4, 0) / 5), np.float32)
