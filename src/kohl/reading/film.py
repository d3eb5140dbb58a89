"""What the reference wears, point by point on the UV chart, and how it is laid on somebody else.

Reading keeps the painted colour relative to the reference's own skin, so that neither her light nor her skin travels.
Fitting turns it back into pigment for the person who will wear it: the film that brings *this* skin, under *this* light, to
the same colour relative to itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from kohl.color.lab import lab_from_linear, linear_from_lab
from kohl.core.arrays import FloatArray, IntArray, Mask
from kohl.core.region import Region
from kohl.reading.bare import BarePrior
from kohl.reading.unrolled import SIDE, Unrolled
from kohl.reading.zones import CHEEKS, LIDS, LIPS, LOWER_LID, zone_mask
from kohl.rendering.canvas import Canvas
from kohl.rendering.chart_film import LIP_SHINE, ChartFilm
from kohl.rendering.film import film_exponents, reflect, solve_opaque
from kohl.rendering.light import luminance

COVERAGE = {Region.LIPS: 0.96, Region.EYES: 0.96, Region.CHEEKS: 0.9}
"""Coverage of the fitted films. Nearly opaque: a thinner film must be the complement of the skin below it, and shows so at its rim."""
_SMOOTH = {Region.LIPS: 0.008, Region.EYES: 0.007, Region.CHEEKS: 0.028}
"""Standard deviation, in chart units, of what counts as makeup; finer is skin and grain."""

_NOTICED = {Region.EYES: (3.0, 8.0), Region.CHEEKS: (2.0, 5.0)}
"""Lab distances from a bare face at which a point starts to count as painted, and surely is."""
_CHEEK_LIGHTNESS = 10.0
"""L* by which a cheek may be darker than a bare one; what is more is shade."""
_REDDER = 2.0
"""a* by which blush is surely redder than the cheek below it; a coloured lamp is not blush."""
_RIM = 0.02
"""Where a zone ends."""
_CORRECTION = {Region.LIPS: 15.0, Region.EYES: 4.0, Region.CHEEKS: 3.0}
"""Lab units that one round may add. Lips are one colour; elsewhere much more would be inventing one."""
_CORRECTIONS = 3
"""Rounds in which the film is corrected by what it gives on the wearer's own, uneven skin."""
_DARKEST_SHARE = 0.4
"""Of the skin's own L*: makeup that was black beside fair skin is not a hole in deep skin."""
_CHROMA_GIVEN = 0.3
"""Share of chroma that may be given up for lightness."""
_LIP_SHADE = 0.4
"""How much of the shade around the mouth reaches the lips: much of it is stubble and chin, and lips stand out from it."""
_FEWEST, _MOST = 24, 6000
"""Pixels of a region that this correction needs, and that it looks at."""


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
        return np.asarray(cv2.dilate(zone_mask(LIPS, SIDE), np.ones((5, 5))), np.float32)
    if region is Region.EYES:
        return np.asarray(np.maximum(zone_mask(LIDS, SIDE), 0.9 * zone_mask(LOWER_LID, SIDE)), np.float32)
    return zone_mask(CHEEKS, SIDE)


def _full_within(zone: Mask) -> Mask:
    """Widen a zone's core: a film is at its full coverage over most of its zone, and fades at the rim."""
    share = np.clip(zone / 0.55, 0, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)


def read_film(unrolled: Unrolled, presence: Mapping[Region, float], prior: BarePrior) -> ReadFilm:
    """Keep what is painted on lips, lids and cheeks; `presence` says per region how surely there is makeup, [0, 1]."""
    skin = lab_from_linear(unrolled.photo_skin)
    bare = lab_from_linear(np.clip(np.exp(prior.expected(unrolled.skin)) * unrolled.photo_skin, 0, 1.2)) - skin
    colour = lab_from_linear(np.clip(np.exp(unrolled.ratio) * unrolled.photo_skin, 0, 1.2)) - skin
    painted, masks = {}, {}
    for region in COVERAGE:
        zone = region_zone(region)
        seen = (unrolled.lips_seen if region is Region.LIPS else unrolled.skin_seen) * (zone > _RIM)
        kept = continue_hidden(colour, _without_highlights(colour, seen), _SMOOTH[region])
        if region is not Region.LIPS:
            kept = (kept + kept[:, ::-1]) / 2
        if region is Region.CHEEKS:
            kept[..., 0] = np.clip(kept[..., 0], bare[..., 0] - _CHEEK_LIGHTNESS, bare[..., 0] + 0.3 * _CHEEK_LIGHTNESS)
        painted[region] = np.asarray(kept, np.float32)
        masks[region] = np.asarray(_full_within(zone) * _worn(kept, bare, region) * np.float32(presence[region]), np.float32)
    return ReadFilm(painted, masks, np.asarray(skin, np.float32))


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
    return np.asarray(cv2.GaussianBlur(share.astype(np.float32), (0, 0), _SMOOTH[region] * SIDE), np.float32)


def _without_highlights(colour: FloatArray, seen: Mask) -> Mask:
    """`seen`, less where a pixel is much lighter than its region: gloss is the photo's light, not the product's colour."""
    inside = seen > 0.5
    if not inside.any():
        return seen
    typical = float(np.median(colour[inside][:, 0]))
    return np.asarray(seen * np.exp(-np.maximum(colour[..., 0] - typical - 4, 0) / 5), np.float32)


def fit_films(film: ReadFilm, canvas: Canvas, wearer: Unrolled) -> dict[Region, ChartFilm]:
    """Solve for the films that give the wearer the painted colours, relative to her own skin and in her own light."""
    albedo, shade = wearer.view.unroll(canvas.albedo), wearer.view.unroll(canvas.shading.shade)
    factor = np.asarray(shade[..., None] * canvas.shading.light.color, np.float32)
    worn = [region for region in film.painted if film.presence[region].max() > 0]
    return {region: _fit_region(film, region, canvas, wearer, (albedo, factor)) for region in worn}


def _fit_region(film: ReadFilm, region: Region, canvas: Canvas, wearer: Unrolled, ground: tuple[FloatArray, FloatArray]) -> ChartFilm:
    """Solve one region's film, look at what it gives on this face, and correct what is left (a fixed-point iteration)."""
    zone = region_zone(region)
    inside = np.flatnonzero(zone > _RIM)
    seen = (wearer.lips_seen if region is Region.LIPS else wearer.skin_seen) * (zone > _RIM)
    albedo, factor = (continue_hidden(part, seen, _SMOOTH[region]).reshape(-1, 3)[inside] for part in ground)
    coverage = np.full(len(inside), COVERAGE[region], np.float32)
    wanted = _on_skin_of(wearer, film, film.painted[region].reshape(-1, 3)[inside])
    even = wearer.even.ravel()[inside, None]
    wanted = wanted * (np.minimum(even, 1.0) ** _LIP_SHADE if region is Region.LIPS else even)
    asked = lab_from_linear(wanted)
    patch = _Patch.of(canvas, region, zone, inside)
    aim, opaque = asked, wanted
    for _ in range(_CORRECTIONS + 1):
        # Lips are all of one strong colour: what is out of gamut may be cut, and their chroma is worth the cut.
        shown = linear_from_lab(aim) if region is Region.LIPS else _displayable(aim)
        target = np.clip(shown / np.maximum(factor, 1e-3), 5e-4, 1.0)
        opaque = solve_opaque(np.clip(albedo, 1e-3, 1), target, coverage)
        if len(patch.at) < _FEWEST:
            break
        left = np.median(asked[patch.at] - lab_from_linear(patch.under(opaque, COVERAGE[region])), axis=0)
        aim = aim + np.clip(left, -_CORRECTION[region], _CORRECTION[region])
        aim[:, 0] = np.maximum(aim[:, 0], 1.0)
    painted = np.full((SIDE * SIDE, 3), 0.2, np.float32)
    painted[inside] = opaque
    return ChartFilm(painted.reshape(SIDE, SIDE, 3), film.presence[region] * np.float32(COVERAGE[region]))


@dataclass(frozen=True, eq=False)
class _Patch:
    """Some of a region's own pixels: `at` (N,) which chart point each shows, `albedo`, `factor` and `mirrored` (N, 3) of the canvas."""

    at: IntArray
    albedo: FloatArray
    factor: FloatArray
    mirrored: FloatArray

    @classmethod
    def of(cls, canvas: Canvas, region: Region, zone: Mask, inside: npt.NDArray[np.int64]) -> _Patch:
        field, shading = canvas.face.field, canvas.shading
        mask = canvas.face.masks.lips if region is Region.LIPS else canvas.on_skin(field.sample(zone) / np.float32(0.6))
        pixels = np.flatnonzero(mask > 0.8)
        pixels = pixels[:: max(1, len(pixels) // _MOST)]
        column, row = (np.clip(field.uv.reshape(-1, 2)[pixels] * SIDE, 0, SIDE - 1)).astype(np.int64).T
        order = np.full(SIDE * SIDE, -1, np.int32)
        order[inside] = np.arange(len(inside), dtype=np.int32)
        at = order[row * SIDE + column]
        pixels, at = pixels[at >= 0], at[at >= 0]
        color = shading.light.color
        factor = shading.shade.ravel()[pixels, None] * color
        shine = LIP_SHINE if region is Region.LIPS else 1.0
        mirrored = shine * shading.highlight.ravel()[pixels, None] * (color / luminance(color))
        return cls(at, canvas.albedo.reshape(-1, 3)[pixels], np.asarray(factor, np.float32), np.asarray(mirrored, np.float32))

    def under(self, opaque: FloatArray, coverage: float) -> FloatArray:
        """What the photo shows (N, 3) with the film `opaque`, given per chart point, laid on at `coverage`."""
        film = opaque[self.at]
        amount = np.full(len(self.at), coverage, np.float32)
        return reflect(self.albedo, film, film_exponents(film), amount) * self.factor + self.mirrored


def _on_skin_of(wearer: Unrolled, film: ReadFilm, colour: FloatArray) -> FloatArray:
    """Linear colour (..., 3) that `colour`, Lab relative to skin, has on the wearer under even light.

    The contrast with the skin stays. Where deep skin leaves no room below itself, colours that cannot be shown give way step
    by step: lightness rises towards the reference's own, and chroma drops a little; a red lip stays red on deep skin.
    """
    skin = lab_from_linear(wearer.photo_skin)
    lowest = np.maximum(skin[0] + colour[..., 0], _DARKEST_SHARE * skin[0])
    highest = np.maximum(film.skin[0] + colour[..., 0], lowest)
    own = (film.skin + colour)[..., 1:]
    # Grey on golden skin is no blue on rosy skin: a colour may lose its warmth, not turn into the opposite.
    chroma = np.maximum((skin + colour)[..., 1:], np.minimum(own, 0))
    result = np.zeros_like(colour)
    for share in np.linspace(1.0, 0.0, 8, dtype=np.float32):
        lightness = lowest + (highest - lowest) * share
        tried = linear_from_lab(np.concatenate([lightness[..., None], chroma * (1 - _CHROMA_GIVEN * share)], -1))
        fits = tried.min(-1, keepdims=True) >= 0
        result = np.where(fits, tried, result if share < 1 else _displayable(lab_from_linear(tried)))
    return np.asarray(np.clip(result, 5e-4, 1.0), np.float32)


def _displayable(lab: FloatArray) -> FloatArray:
    """Linear colour (..., 3) of `lab`, with as little chroma taken away as the gamut asks: hue and lightness stay."""
    result = np.repeat(linear_from_lab(lab * np.array([1, 0, 0], np.float32)).mean(-1, keepdims=True), 3, -1)
    for share in np.linspace(0.1, 1.0, 10, dtype=np.float32):
        tried = linear_from_lab(lab * np.array([1, share, share], np.float32))
        result = np.where(tried.min(-1, keepdims=True) >= 0, tried, result)
    return np.asarray(np.clip(result, 0, 1), np.float32)


def continue_hidden(values: FloatArray, seen: Mask, sigma: float) -> FloatArray:
    """Blur (S, S, C) over what is seen (S, S), by `sigma` in chart units; worked out around what is seen, and its mirror image, alone.

    Where nothing is seen nearby, the other half of the face stands in, then ever wider surroundings, then the median.
    """
    box = _mirrored_box(seen, round(3 * sigma * len(seen)) + 2)
    result = np.zeros_like(values)
    if box is not None:
        result[box] = _continue_in(np.ascontiguousarray(values[box]), np.ascontiguousarray(seen[box]), sigma * len(seen))
    return result


def _mirrored_box(seen: Mask, margin: int) -> tuple[slice, slice] | None:
    """The box around all that is seen, widened to its mirror image across the chart's middle."""
    rows, columns = np.flatnonzero(seen.max(1) > 0), np.flatnonzero(seen.max(0) > 0)
    if not rows.size:
        return None
    side = len(seen)
    left = max(0, min(int(columns[0]), side - 1 - int(columns[-1])) - margin)
    return slice(max(0, int(rows[0]) - margin), min(side, int(rows[-1]) + margin + 1)), slice(left, side - left)


def _continue_in(values: FloatArray, seen: Mask, spread: float) -> FloatArray:
    result = np.zeros_like(values)
    missing = np.ones((*seen.shape, 1), np.float32)
    own, other = (values, seen), (np.ascontiguousarray(values[:, ::-1]), np.ascontiguousarray(seen[:, ::-1]))
    for (source, weight), sigma in ((own, spread), (other, spread), (own, 3 * spread), (other, 6 * spread)):
        mean, total = _mean_around(source, weight, sigma)
        trust = np.clip((total - 0.08) / 0.25, 0, 1)[..., None] * missing
        result += mean * trust
        missing = missing - trust
        if missing.max() < 1e-3:
            return result
    inside = seen > 0.3
    overall = np.median(values[inside], axis=0) if inside.any() else np.zeros(values.shape[-1])
    return np.asarray(result + missing * overall, np.float32)


def _mean_around(values: FloatArray, weight: Mask, sigma: float) -> tuple[FloatArray, Mask]:
    """Weighted Gaussian mean (h, w, C) and the weight it rests on, `sigma` in pixels; wide ones are taken on a coarser grid."""
    height, width = weight.shape
    step = max(1, int(sigma / 3))
    stacked = np.concatenate([values * weight[..., None], weight[..., None]], -1)
    if step > 1:
        stacked = cv2.resize(stacked, (max(1, width // step), max(1, height // step)), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(stacked, (0, 0), max(sigma / step, 0.6), borderType=cv2.BORDER_REPLICATE)
    if step > 1:
        blurred = cv2.resize(blurred, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(blurred[..., :-1] / np.maximum(blurred[..., -1:], 1e-6), np.float32), np.asarray(blurred[..., -1], np.float32)
