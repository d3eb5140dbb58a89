"""Rules of the look's own regions: how much is worn at each place, times what it does to a pixel by where that stands in its region.

A colourist who matches a palette, an automatic tone curve, a film of which just enough is taken: each looks at the whole region first, and what a
pixel becomes depends on the mean and the spread of all of them (Reinhard et al. 2001, "Color Transfer between Images", carries just these two). No
line over a small window can say that, because a window of five people shows too little of it; a rule has the whole region to be fitted on.
What a face shows of its region is counted in the picture's pixels, as its artist counted them, and paint may fade towards the outline
(`outlines.py`). Whether lines or rules foretell better is asked place by place (`windows.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Image, Mask
from kohl.faces.face import Face
from kohl.faces.unrolling import ChartView
from kohl.methods.amplifier.chart_lines import COARSE, SKIN, both_sides, first_moments, mean_and_spread, slopes_near_cover, standing_of, weights_on
from kohl.methods.amplifier.outlines import KNOTS, faded, fit_fade, shares_of
from kohl.methods.amplifier.own_regions import OwnRegion, Places, find_regions, joined

FEWEST = 3
"""Pairs from which on there are rules: where one of two is left out, the other says nothing of how a rule goes with the region's colours."""
_NUM_KNOWN = 13
"""What a rule knows of a pixel: 1, its colour (3), its standing in the region (3), and the region's mean (3) and spread (3)."""
_RIDGES = np.array([0.03**2] * 3 + [0.01**2] * 3 + [0.02**2] * 3 + [0.03**2] * 3, np.float32)
"""Variance of all these but 1 below which a region says nothing about how their slopes differ from those of cover."""
_LEAST_SEEN = 2.0
"""Chart points of a core without which a face does not show its region."""
_SEEN_BY_FEW = 0.3
"""Pairs that show a place below which its change counts for less: one person's edge is not yet a region."""
_DOUBTFUL = 0.8
"""Share of a part in a point up to which it says nothing of a rule."""
_TRACE, _LEAST_POWER = 0.02, 1e-4
"""Weight below which a place counts as not shown, and square of the full change below which its cover is kept near nothing."""
_TURNS = 3
"""Rounds in which line, cover and fade are fitted."""
_COVER_OVER = 0.5
"""Standard deviation, in points of the coarse chart, over which cover is the same."""


@dataclass(frozen=True, eq=False)
class Glimpse:
    """A face on the coarse chart: `colour` (s, s, 3) sRGB, `change` (s, s, 3) that the artist made to it, and `weights` (NUM_PARTS, s, s), how well
    each part is seen. `areas` (NUM_PARTS, s, s): how many pixels of the picture show it there; who looks at a whole region sees those.
    `depth` (s, s): how far it lies within the face's outline (`outlines.py`).
    """

    colour: FloatArray
    change: FloatArray
    weights: FloatArray
    areas: FloatArray
    depth: FloatArray

    def undoubted(self, part: int) -> FloatArray:
        """(s, s): how many pixels show that part and nothing else, in units of the mean of all points that do.

        On an edge, and under a strand of hair, the artist's own mask may have ended before ours.
        """
        pixels = self.areas[part] * np.clip((self.weights[part] - _DOUBTFUL) / (1 - _DOUBTFUL), 0, 1)
        return np.asarray(pixels / max(float(pixels.sum()), 1e-6) * max(int((pixels > 0).sum()), 1), np.float32)

    @classmethod
    def of_sums(cls, sums: FloatArray) -> Glimpse:
        """Of the sums (NUM_PARTS, NUM_SUMS, S, S) that a single pair gave."""
        return cls(*first_moments(sums[:, :, ::COARSE, ::COARSE]))

    @classmethod
    def of_face(cls, pixels: Image, depth: FloatArray, face: Face, side: int) -> Glimpse:
        """Of `pixels` (h, w, 3), the window of `face`, and their `depth` (h, w), on a chart of `side` points before it is made coarse: nothing is
        changed.
        """
        view = ChartView.of(face.points, face.window, side)
        colour, within = (view.unroll(plane)[::COARSE, ::COARSE] for plane in (pixels, depth))
        weights = weights_on(view, face)[:, ::COARSE, ::COARSE]
        return cls(colour, np.zeros_like(colour), weights, weights * view.areas[::COARSE, ::COARSE], within)


@dataclass(frozen=True, eq=False)
class RegionRule:
    """What a look does in one region: change = cover × fade × (known @ line). `core` (s, s) on the coarse chart, `cover` (s, s) or, as worn, (S, S),
    0 where the region ends, `fade` (len(KNOTS),) by the depth within the face's outline, and `line` (_NUM_KNOWN, 3), sRGB.
    """

    core: Places
    cover: FloatArray
    fade: FloatArray
    line: FloatArray

    def full(self, colours: FloatArray, glimpse: Glimpse, part: int) -> FloatArray | None:
        """The change (…, 3) under full cover, of `colours` (…, 3) of the face that `glimpse` shows; None where that does not show the region."""
        known = _known(colours, glimpse, self.core, part)
        return None if known is None else np.asarray(known @ self.line, np.float32)

    def worn(self, share: Mask) -> RegionRule:
        """The rule on the fine chart, as far as it is chosen there: `share` (S, S)."""
        return replace(self, cover=cv2.resize(self.cover, share.shape[::-1], interpolation=cv2.INTER_LINEAR) * share)


def fit_rules(glimpses: Sequence[Glimpse], part: int) -> list[RegionRule]:
    """The rules of one part of the face, one for each region that the look has there."""
    seen = both_sides(np.sum([glimpse.weights[part] for glimpse in glimpses], axis=0))
    power = both_sides(np.sum([glimpse.weights[part] * np.square(glimpse.change).sum(-1) for glimpse in glimpses], axis=0))
    strength = np.asarray(np.sqrt(power / np.maximum(seen, _SEEN_BY_FEW) / 3) * (seen > _TRACE), np.float32)
    found = find_regions(strength)
    # Lips are one region, whatever each of them is made: their colours are taken together.
    regions = found if part == SKIN or not found else [joined(found)]
    fitted = [_fit(region, strength, glimpses, part) for region in regions]
    return [rule for rule in fitted if rule is not None]


def missed_by_rules(folds: Sequence[Sequence[Glimpse]], part: int) -> list[FloatArray] | None:
    """For each fold, of one or more pairs, the weighted square (s, s) of what rules fitted to all the others miss of it. None for too few."""
    if len(folds) < FEWEST:
        return None
    missed = []
    for number, fold in enumerate(folds):
        rules = fit_rules([glimpse for other in (*folds[:number], *folds[number + 1 :]) for glimpse in other], part)
        missed.append(np.sum([_missed(rules, glimpse, part) for glimpse in fold], axis=0, dtype=np.float32))
    return missed


def change_by_rules(rules: Sequence[RegionRule], part: int, pixels: Image, depth: FloatArray, face: Face, glimpse: Glimpse) -> FloatArray:
    """The change (h, w, 3) that the rules of one part make to `pixels` (h, w, 3), sRGB [0, 1], the window of `face`, before the part's own mask.

    `depth` (h, w): see `outlines.depth_of`.
    """
    change = np.zeros_like(pixels)
    for rule in rules:
        box = face.field.reach(rule.cover)
        if box is None:
            continue
        full = rule.full(pixels[box], glimpse, part)
        if full is not None:
            worn = face.field.sample(rule.cover, box) * faded(depth[box], rule.fade)
            change[box] += worn[..., None] * full
    return change


def _missed(rules: Sequence[RegionRule], glimpse: Glimpse, part: int) -> FloatArray:
    left = glimpse.change.copy()
    for rule in rules:
        full = rule.full(glimpse.colour, glimpse, part)
        if full is not None:
            left -= (rule.cover * faded(glimpse.depth, rule.fade))[..., None] * full
    return np.asarray(glimpse.weights[part] * np.square(left).sum(-1), np.float32)


@dataclass(frozen=True, eq=False)
class _Shown:
    """What one pair shows of a region, at its N points: `known` (N, _NUM_KNOWN), `shares` (N, len(KNOTS)) of a fade, `change` (N, 3), `weight`
    (N,).
    """

    known: FloatArray
    shares: FloatArray
    change: FloatArray
    weight: FloatArray


def _fit(region: OwnRegion, strength: FloatArray, glimpses: Sequence[Glimpse], part: int) -> RegionRule | None:
    """Line, cover and fade by turns, each in least squares beside the others."""
    shown = [found for glimpse in glimpses if (found := _show(region, glimpse, part)) is not None]
    if not shown:
        return None
    cover, fade = strength[region.domain] / float(strength[region.domain].max()), np.ones(len(KNOTS), np.float32)
    for _ in range(_TURNS):
        line = _fit_line(shown, cover, fade)
        worn = _fit_cover(shown, line, fade, region.domain)
        cover = worn[region.domain]
        fade = _fit_fade(shown, line, cover)
    return RegionRule(region.core, worn, fade, _fit_line(shown, cover, fade))


def _show(region: OwnRegion, glimpse: Glimpse, part: int) -> _Shown | None:
    inside = region.domain
    known = _known(glimpse.colour[inside], glimpse, region.core, part)
    return None if known is None else _Shown(known, shares_of(glimpse.depth[inside]), glimpse.change[inside], glimpse.undoubted(part)[inside])


def _known(colours: FloatArray, glimpse: Glimpse, core: Places, part: int) -> FloatArray | None:
    """(…, _NUM_KNOWN) of `colours` (…, 3) in a region of one part, the `core` (s, s) of which `glimpse` shows; None where it hardly does."""
    if float((core * glimpse.weights[part]).sum()) < _LEAST_SEEN:
        return None
    mean, spread = mean_and_spread(glimpse.colour, core * glimpse.areas[part])
    level = np.broadcast_to(np.concatenate([mean, spread]), (*colours.shape[:-1], 6))
    return np.asarray(np.concatenate([np.ones_like(colours[..., :1]), colours, standing_of(colours, mean, spread), level], axis=-1), np.float32)


def _fit_line(shown: Sequence[_Shown], cover: FloatArray, fade: FloatArray) -> FloatArray:
    """(_NUM_KNOWN, 3) in least squares, given the cover (N,) and the fade (len(KNOTS),)."""
    square, crossed, count = np.zeros((_NUM_KNOWN, _NUM_KNOWN)), np.zeros((_NUM_KNOWN, 3)), 1e-6
    for pair in shown:
        worn = cover * (pair.shares @ fade)
        under = pair.known * worn[:, None]
        square += under.T @ (under * pair.weight[:, None])
        crossed += under.T @ (pair.change * pair.weight[:, None])
        count += float((pair.weight * np.square(worn)).sum())
    mean, change = square[0, 1:] / count, crossed[0] / count
    spread, together = square[1:, 1:] / count - np.outer(mean, mean), crossed[1:] / count - np.outer(mean, change)
    slope = slopes_near_cover(np.asarray(spread, np.float32), np.asarray(together, np.float32), _RIDGES)
    return np.asarray(np.concatenate([(change - mean @ slope)[None], slope]), np.float32)


def _fit_cover(shown: Sequence[_Shown], line: FloatArray, fade: FloatArray, domain: Places) -> FloatArray:
    """(s, s) in least squares, given the line and the fade: the same on both sides, never less than nothing."""
    planes = np.zeros((2, *domain.shape), np.float32)
    for pair in shown:
        full = pair.known @ line * (pair.shares @ fade)[:, None]
        planes[:, domain] += pair.weight * np.stack([(full * pair.change).sum(-1), np.square(full).sum(-1)])
    together, power = (cv2.GaussianBlur(both_sides(plane), None, _COVER_OVER) for plane in planes)
    return np.asarray(np.clip(together / (power + _LEAST_POWER), 0, None) * domain, np.float32)


def _fit_fade(shown: Sequence[_Shown], line: FloatArray, cover: FloatArray) -> FloatArray:
    """(len(KNOTS),) in least squares, given the line and the cover (N,)."""
    square, crossed = np.zeros((len(KNOTS), len(KNOTS)), np.float32), np.zeros(len(KNOTS), np.float32)
    for pair in shown:
        full = pair.known @ line * cover[:, None]
        square += pair.shares.T @ (pair.shares * (pair.weight * np.square(full).sum(-1))[:, None])
        crossed += pair.shares.T @ (pair.weight * (full * pair.change).sum(-1))
    return fit_fade(square, crossed)
