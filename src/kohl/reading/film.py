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

from kohl.color.lab import lab_from_linear, linear_from_lab
from kohl.core.arrays import FloatArray, Mask
from kohl.core.region import Region
from kohl.faces.chart import unroll
from kohl.reading.unrolled import SIDE, Unrolled
from kohl.reading.zones import CHEEKS, LIDS, LIPS, LOWER_LID, zone_mask
from kohl.rendering.canvas import Canvas
from kohl.rendering.chart_film import ChartFilm
from kohl.rendering.film import solve_opaque

COVERAGE = {Region.LIPS: 0.92, Region.EYES: 0.8, Region.CHEEKS: 0.75}
"""Coverage of the fitted films. High enough that the reference decides, low enough that the wearer's own unevenness lives on."""
_SMOOTH = {Region.LIPS: 0.008, Region.EYES: 0.006, Region.CHEEKS: 0.022}
"""Standard deviation, in chart units, of what counts as makeup; finer is skin and grain."""


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


def read_film(unrolled: Unrolled, presence: Mapping[Region, float]) -> ReadFilm:
    """Keep what is painted on lips, lids and cheeks; `presence` says per region how surely there is makeup, [0, 1]."""
    skin = lab_from_linear(unrolled.photo_skin)
    colour = lab_from_linear(np.clip(np.exp(unrolled.ratio) * unrolled.photo_skin, 0, 1.2)) - skin
    painted = {}
    for region in COVERAGE:
        seen = unrolled.lips_seen if region is Region.LIPS else unrolled.skin_seen
        half = _continue(colour, _without_highlights(colour, seen * (region_zone(region) > 0.02)), _SMOOTH[region])
        painted[region] = half if region is Region.LIPS else (half + half[:, ::-1]) / 2
    masks = {region: np.asarray(_full_within(region_zone(region)) * np.float32(presence[region]), np.float32) for region in COVERAGE}
    return ReadFilm(painted, masks, np.asarray(skin, np.float32))


def _without_highlights(colour: FloatArray, seen: Mask) -> Mask:
    """`seen`, less where a pixel is much lighter than its region: gloss is the photo's light, not the product's colour."""
    inside = seen > 0.5
    if not inside.any():
        return seen
    typical = float(np.median(colour[inside][:, 0]))
    return np.asarray(seen * np.exp(-np.maximum(colour[..., 0] - typical - 4, 0) / 5), np.float32)


def fit_films(film: ReadFilm, canvas: Canvas, wearer: Unrolled) -> dict[Region, ChartFilm]:
    """Solve for the films that give the wearer the painted colours, relative to her own skin and in her own light."""
    ground, factor = _unroll_canvas(canvas)
    films = {}
    for region, colour in film.painted.items():
        if film.presence[region].max() <= 0:
            continue
        wanted = _on_skin_of(wearer, film, colour) * wearer.even[..., None]
        seen = (wearer.lips_seen if region is Region.LIPS else wearer.skin_seen) * (region_zone(region) > 0.02)
        bare, light = _continue(ground, seen, _SMOOTH[region]), _continue(factor, seen, _SMOOTH[region])
        target = wanted / np.maximum(light, 1e-3)
        coverage = np.full((SIDE, SIDE), COVERAGE[region], np.float32)
        opaque = solve_opaque(np.clip(bare, 1e-3, 1), np.clip(target, 1e-3, 1.0), coverage)
        films[region] = ChartFilm(opaque, film.presence[region] * np.float32(COVERAGE[region]))
    return films


def _on_skin_of(wearer: Unrolled, film: ReadFilm, colour: FloatArray) -> FloatArray:
    """Linear colour (S, S, 3) that `colour`, Lab relative to skin, has on the wearer under even light.

    Lightness keeps its contrast with the skin, scaled to the room that a darker skin leaves below it. Where that leaves no
    room for the chroma, it rises towards the reference's own lightness: a red lip stays red on deep skin.
    """
    skin = lab_from_linear(wearer.photo_skin)
    room = float(np.clip(skin[0] / max(float(film.skin[0]), 1.0), 0.5, 1.15))
    lowest = np.maximum(skin[0] + colour[..., 0] * room, 3.0)
    highest = np.maximum(film.skin[0] + colour[..., 0], lowest)
    chroma = (skin + colour)[..., 1:]
    result = linear_from_lab(np.concatenate([highest[..., None], chroma], -1))
    for share in np.linspace(0.8, 0.0, 5):
        lightness = lowest + (highest - lowest) * np.float32(share)
        tried = linear_from_lab(np.concatenate([lightness[..., None], chroma], -1))
        fits = tried.min(-1, keepdims=True) >= 0.0
        result = np.where(fits, tried, result)
    return np.asarray(np.clip(result, 2e-3, 1.0), np.float32)


def _unroll_canvas(canvas: Canvas) -> tuple[FloatArray, FloatArray]:
    """(S, S, 3) each: the canvas's albedo, and the factor (shade times light) that makes it the photo."""
    face, shading = canvas.face, canvas.shading
    albedo, _ = unroll(canvas.albedo, face.points, face.window, SIDE)
    shade, _ = unroll(shading.shade, face.points, face.window, SIDE)
    return albedo, np.asarray(shade[..., None] * shading.light.color, np.float32)


def _continue(values: FloatArray, seen: Mask, sigma: float) -> FloatArray:
    """Blur (S, S, C) over what is seen; where nothing is, the other half of the face, then ever wider surroundings stand in."""
    result = np.zeros_like(values)
    missing = np.ones((*seen.shape, 1), np.float32)
    both = (values + 0, seen), (values[:, ::-1], seen[:, ::-1])
    for scale, side in ((1.0, 0), (1.0, 1), (3.0, 0), (9.0, 0), (9.0, 1)):
        source, weight = both[side]
        spread = max(sigma * scale * SIDE, 0.6)
        total = _blur(weight, spread)[..., None]
        mean = _blur(np.ascontiguousarray(source * weight[..., None]), spread) / np.maximum(total, 1e-6)
        trust = np.clip((total - 0.08) / 0.25, 0, 1) * missing if scale < 9 else np.clip(total / 1e-3, 0, 1) * missing
        result += mean * trust
        missing = missing - trust
    return np.asarray(result + missing * _overall(values, seen), np.float32)


def _overall(values: FloatArray, seen: Mask) -> FloatArray:
    inside = seen > 0.3
    return np.asarray(np.median(values[inside], axis=0) if inside.any() else np.zeros(values.shape[-1]), np.float32)


def _blur(array: FloatArray, sigma: float) -> FloatArray:
    return np.asarray(cv2.GaussianBlur(array, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), np.float32)
