"""Lips and mouth opening: the mesh's contours, moved onto the edges that the picture shows, by no more than a narrow band."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray, Image, IntArray, Mask, Points, Points3
from kohl.core.ramps import ramp
from kohl.faces import landmarks as at
from kohl.faces.contours import at_shares, between, smooth_curve
from kohl.faces.patch import Patch, cut_patch, signed_distance
from kohl.faces.tones import local_mean, tones_of

_WORKING_WIDTH = 132.0
"""Pixels across the mouth at the working scale."""
_BAND = 0.035
"""Shares of the mouth width: how far the outer edge may move from the contour."""
_CORNER = 0.06
"""Shares of the mouth width around its corners within which the outer edge hardly moves."""
_INNER_BAND = (0.012, 0.04)
"""The same for the inner edge of a mouth that is hardly open, where every shine looks like teeth, and of an open one."""
_OPEN = (0.03, 0.09)
"""Heights of the opening, in shares of the mouth width, that stand for hardly open and open."""
_MISTAKEN = (0.13, 0.1)
"""Heights of the opening of a mouth that is open for sure, and of one that the mesh may have opened by mistake."""
_MOST_WITHIN, _PALE_WITHIN, _LIGHT_WITHIN = 0.97, (0.045, 0.03), (0.0, -0.1)
"""What is seen in an opening that shows teeth, and in one that is no more than the shade between closed lips: how much paler than both lips, and
how much lighter than the lighter one, is no more than the share `_MOST_WITHIN` of it.
"""
_DARK_SHARE = (0.4, 0.3)
"""Share of an opening that is as dark as a mouth's inside where it is one, and where it is a seam."""
_DARK_WITHIN, _NOISE = (-0.5, -0.8), 0.045
"""Log lightness beside the lighter lip below which a pixel's chromaticity begins to be noise, and is; and how pale that makes it."""
_RING = 0.11
"""Shares of the mouth width: the skin around the lips that they are told from."""
_WITHIN = 1.0
"""Working pixels from the contour of an opening from which on a pixel lies in it."""
_FEWEST_WITHIN, _LIGHTEST_WITHIN, _LIGHTER_THAN_TEETH = 40, 0.9, (0.35, 0.1)
"""Working pixels of an opening in which teeth can be looked at, the share of them that is no lighter than teeth, and how much
lighter than they are what surely is none, and what may be one.
"""
_DEEP, _TEETH_WITHIN = 0.5, 0.15
"""Of the opening's depth, from which on a pixel lies far from its edge; the share of an opening that its teeth fill where they can be asked."""
_SHINE_REACH = 2.0
"""Bands by which the inner edge moves off a shine that is none of the teeth."""
_WIDE_OPEN = (0.4, 0.28)
"""Heights of an opening in which lower teeth and a tongue may be what is light at its lower edge, and in which a shine is a lip's."""
_UPPER_LIP, _LOWER_LIP = (at.LIPS_UPPER_OUTER, at.LIPS_UPPER_INNER), (at.LIPS_LOWER_OUTER, at.LIPS_LOWER_INNER)
_FEWEST_OF_A_LIP = 20
"""Working pixels by which a lip's colour is known."""
_EDGE_POINTS, _EDGE_SMOOTH = 128, 4.0
"""Points along the lips' outline at which the edge is looked for, and the standard deviation, in points, over which it may not jump: a lip's
edge runs smoothly, whatever stubble or shade lies beside it.
"""
_EDGE_ROUNDS, _BITE = 5, 3
"""Rounds in which the edge is found, and the points to either side of a bite that is no lip's."""
_SEPARABLE = (1.0, 2.2)
"""Distance between lips and skin, in standard deviations, at which the picture begins to count, and counts fully."""


def find_mouth(pixels: Image, points: Points3) -> tuple[Mask, Mask]:
    """Return (lips, mouth opening), each (h, w), of the mesh `points` (478, 3) in pixels of the window `pixels`."""
    lips, mouth = np.zeros(pixels.shape[:2], np.float32), np.zeros(pixels.shape[:2], np.float32)
    width = float(np.linalg.norm(points[61] - points[291]))
    patch = cut_patch(pixels, points[at.LIPS_OUTER], 0.2 * width, _WORKING_WIDTH / max(width, 1.0))
    if patch is None:
        return lips, mouth
    outline = _contour(patch, points, at.LIPS_UPPER_OUTER, at.LIPS_LOWER_OUTER)
    outer = signed_distance(outline, patch.size)
    inner = signed_distance(_contour(patch, points, at.LIPS_UPPER_INNER, at.LIPS_LOWER_INNER), patch.size)
    tones = tones_of(patch.pixels)
    gap = np.linalg.norm(points[at.LIPS_UPPER_INNER[3:8]] - points[at.LIPS_LOWER_INNER[3:8]], axis=1).max() / max(width, 1.0)
    upper, lower = (signed_distance(_contour(patch, points, *edges), patch.size) for edges in (_UPPER_LIP, _LOWER_LIP))
    opening = _refine_opening(tones, outer, inner, upper > lower, float(gap))
    push = _outline_push(tones, outer, opening, _reach(patch, points))
    outside = patch.draw_edge(_smooth(signed_distance(_moved(outline, push), patch.size)))
    inside = patch.draw_edge(opening) * ramp(gap, 0.01, 0.03)
    inside = np.minimum(inside, outside)
    lips[patch.slices], mouth[patch.slices] = outside - inside, inside
    return lips, mouth


def _contour(patch: Patch, points: Points3, upper: IntArray, lower: IntArray) -> Points:
    """The closed curve of the mouth's upper and lower edge, in working pixels."""
    flat = patch.place(points)
    return between(smooth_curve(flat[upper]), smooth_curve(flat[lower]))


def _reach(patch: Patch, points: Points3) -> FloatArray:
    """(h, w) in [0.3, 1]: how freely the outer edge may move; at the corners a shadow is easily taken for lips."""
    columns, rows = np.arange(patch.size[1], dtype=np.float32) + 0.5, np.arange(patch.size[0], dtype=np.float32) + 0.5
    away = [np.hypot(columns - x, rows[:, None] - y) for x, y in patch.place(points[[61, 291]])]
    return 0.3 + 0.7 * ramp(np.minimum(*away), _CORNER * _WORKING_WIDTH, 3 * _CORNER * _WORKING_WIDTH)


def _outline_push(tones: FloatArray, outer: FloatArray, opening: FloatArray, reach: FloatArray) -> FloatArray:
    """(h, w): how far outwards, in working pixels, the colour there moves the outer edge: to where it is halfway between the lips and the skin
    beside them.
    """
    band = _BAND * _WORKING_WIDTH
    core = ramp(outer, band, 1.5 * band) * ramp(opening, -1, -4)
    ring = ramp(outer, -band, -1.5 * band) * ramp(outer, -_RING * _WORKING_WIDTH, -0.9 * _RING * _WORKING_WIDTH)
    axis, separation = _discriminant(tones, core, ring)
    trust = float(ramp(np.float32(separation), *_SEPARABLE))
    if trust == 0:
        return np.zeros_like(outer)
    score = tones @ axis
    sigma = 0.07 * _WORKING_WIDTH
    red = local_mean(score[..., None], core, sigma)[..., 0]
    pale = local_mean(score[..., None], ring, sigma)[..., 0]
    share = (cv2.GaussianBlur(score, (0, 0), 1.5) - pale) / np.maximum(red - pale, 0.3 * abs(separation))
    return np.asarray(trust * band * reach * np.clip(2 * share - 1, -1, 1), np.float32)


def _moved(outline: Points, push: FloatArray) -> Points:
    """The closed `outline` (N, 2), moved along its normals to where `push` (h, w) no longer moves it, smoothly along its length."""
    edge = at_shares(np.concatenate([outline, outline[:1]]), np.linspace(0, 1, _EDGE_POINTS, endpoint=False))
    along = np.roll(edge, -1, axis=0) - np.roll(edge, 1, axis=0)
    out = np.stack([along[:, 1], -along[:, 0]], 1) / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-6)
    x, y = edge.T
    if float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) < 0:
        out = -out
    far = np.zeros((len(edge), 1), np.float32)
    for _ in range(_EDGE_ROUNDS):
        place = (edge + far * out - 0.5).astype(np.float32)[:, None]
        far = (far + cv2.remap(push, place, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)) / 2
    width = round(3 * _EDGE_SMOOTH)
    ring = np.concatenate([far[-width:], far, far[:width]])
    # Sorted along a window of seven: numpy's median takes five times as long.
    near = np.sort(np.lib.stride_tricks.sliding_window_view(ring[:, 0], 2 * _BITE + 1), axis=1)[:, _BITE]
    smooth = cv2.GaussianBlur(near[:, None], (1, 2 * (width - _BITE) + 1), _EDGE_SMOOTH)[width - _BITE : _BITE - width]
    return np.asarray(edge + smooth.reshape(-1, 1) * out, np.float32)


def _discriminant(tones: FloatArray, core: Mask, ring: Mask) -> tuple[FloatArray, float]:
    """Fisher's axis between lips and skin (Fisher 1936), of unit deviation, and how many deviations lie between them."""
    picks = core > 0.5, ring > 0.5
    if min(pick.sum() for pick in picks) < 20:
        return np.zeros(3, np.float32), 0.0
    means = [tones[pick].mean(0) for pick in picks]
    spreads = [np.cov(tones[pick], rowvar=False) for pick in picks]
    # Lightness differs across lips by light alone, chromaticity hardly: the floor keeps either from being trusted blindly.
    spread = (spreads[0] + spreads[1]) / 2 + np.diag([4e-3, 5e-5, 5e-5])
    axis = np.linalg.solve(spread, means[0] - means[1])
    separation = float(np.sqrt(max((means[0] - means[1]) @ axis, 0)))
    return (axis / max(separation, 1e-6)).astype(np.float32), separation


def _refine_opening(tones: FloatArray, outer: FloatArray, inner: FloatArray, above: npt.NDArray[np.bool_], gap: float) -> FloatArray:
    """Move the inner edge to where teeth or the dark of the mouth begin; the tongue is left to the contour, and a narrow opening that shows none of
    them is closed. `above` (h, w): nearer to the upper lip; `gap`: the contour's height, in shares of the mouth width.
    """
    openness = float(ramp(np.float32(gap), *_OPEN))
    band = (_INNER_BAND[0] + openness * (_INNER_BAND[1] - _INNER_BAND[0])) * _WORKING_WIDTH
    core = ramp(outer, 2, 6) * ramp(inner, -3, -6)
    # Each lip is asked: an upper one in shade, or darker by nature, is as dark beside the lower one as a mouth's inside.
    lips = [local_mean(tones, lip, 0.15 * _WORKING_WIDTH) for lip in (core * above, core * ~above) if lip.sum() >= _FEWEST_OF_A_LIP]
    if not lips:
        return _smooth(inner)
    lighter, paler = np.stack([tones[..., 0] - lip[..., 0] for lip in lips]), np.stack([lip[..., 1] - tones[..., 1] for lip in lips])
    pale = ramp(paler, 0.03, 0.08).min(0)
    own = _as_light_as_within(tones[..., 0], inner, above, pale)
    teeth = (ramp(paler, 0.03, 0.08) * ramp(lighter, -0.2, 0.15)).min(0) * own
    dark = ramp(lighter, -0.6, -1.1).min(0)
    foreign = cv2.GaussianBlur(np.maximum(teeth, dark), (0, 0), 2.0)
    plain = cv2.GaussianBlur((ramp(np.abs(lighter), 0.45, 0.25) * ramp(paler, 0.04, 0.02)).max(0), (0, 0), 2.0)
    shine = cv2.GaussianBlur(pale * (1 - own) * ~above, (0, 0), 5.0, sigmaY=2.0) * ramp(np.float32(gap), *_WIDE_OPEN)
    shut = _shut(lighter.min(0), paler.min(0), dark, inner, gap) * (gap / 2 * _WORKING_WIDTH + band)
    nothing = 1 - np.maximum(foreign, cv2.GaussianBlur(pale, (0, 0), 2.0))
    return _smooth(inner + band * (foreign - (1 - 0.5 * openness) * plain - _SHINE_REACH * shine) - shut * nothing * ramp(inner, -1, 1))


def _shut(lighter: FloatArray, paler: FloatArray, dark: Mask, inner: FloatArray, gap: float) -> float:
    """How surely the contour's opening is none, in [0, 1]: of thick lips, and in the shade between dark ones, the mesh opens the mouth by mistake.
    `lighter` (h, w): than the lighter lip; `paler` (h, w): than either; `dark` (h, w): as a mouth's inside is.
    """
    within = inner > _WITHIN
    if within.sum() < _FEWEST_WITHIN:
        return 0.0
    light = lighter[within]
    pale = paler[within] - _NOISE * ramp(light, *_DARK_WITHIN)
    lightest, palest = (np.sort(values)[int(_MOST_WITHIN * len(values))] for values in (light, pale))
    no_teeth = ramp(palest, *_PALE_WITHIN) * ramp(lightest, *_LIGHT_WITHIN)
    return float(no_teeth * ramp(dark[within].mean(), *_DARK_SHARE) * ramp(np.float32(gap), *_MISTAKEN))


def _as_light_as_within(light: FloatArray, inner: FloatArray, above: npt.NDArray[np.bool_], pale: Mask) -> FloatArray:
    """(h, w): 1 where a pixel is no lighter than the mouth's inside, 0 where it clearly is: a shine on wet lips is as pale as teeth, and lighter.

    Such a shine lies on the lower lip, and may reach into the contour: teeth that are seen away from there say how light teeth are.
    """
    within = inner > _WITHIN
    if within.sum() < _FEWEST_WITHIN:
        return np.ones_like(light)
    teeth = within & (pale > 0.5) & (above | (inner > _DEEP * inner.max()))
    if teeth.sum() >= max(_FEWEST_WITHIN, _TEETH_WITHIN * within.sum()):
        within = teeth
    lightest = np.sort(light[within])[int(_LIGHTEST_WITHIN * within.sum())]
    return np.asarray(ramp(light - lightest, *_LIGHTER_THAN_TEETH), np.float32)


def _smooth(distance: FloatArray) -> FloatArray:
    return np.asarray(cv2.GaussianBlur(distance, (0, 0), 1.8), np.float32)
