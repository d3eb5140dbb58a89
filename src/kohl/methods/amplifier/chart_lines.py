"""Lines on the chart: how the colour after follows from the colour before, and the sums over the pairs that such lines are fitted to.

The change is regressed on ten features of the bare face: 1, its colour (3), its blotches (3), and its standing (3): how it compares with all
of that person's lips, or skin. A film of pigment keeps a share of the skin and adds its own: a line in colour. Foundation evens the skin: a
share of its blotches is taken away. What is a highlight or a dark corner, and meets the film as such, only the standing tells: one person's
darkest lip is another's lightest. Lips, eyeballs and the rest of the face have lines of their own, or lipstick would run onto the chin, and
liner into the eye, wherever two meshes disagree about an edge.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch

from kohl.core.arrays import FloatArray, Image, Mask
from kohl.faces.face import Face
from kohl.faces.unrolling import ChartView
from kohl.methods.amplifier.outlines import depth_of

NUM_FEATURES, NUM_LOCAL, NUM_COLOURS = 10, 7, 4
"""All features, those of them that need no more of the face than what is near, and those that need the pixel alone: 1 and the colour."""
NUM_PARTS, SKIN = 3, 2
"""Lips, eyeballs, and all the rest, and the number of that."""
COARSE = 2
"""Chart points between those where ways to read a look are compared: every second, along and across."""
_FINE, _AROUND = 0.06, 0.3
"""Standard deviations, in distances between the eyes: blotches are larger than the first and smaller than the second."""
_MOST_APART, _LEAST_SPREAD = 3.0, 0.01
"""Of a pixel's standing: at most so many standard deviations, which count as no less than this, sRGB [0, 1]."""
_STANDING_UNIT = 0.1
"""What one standard deviation is as a feature, so that it varies about as much as colour does."""
_RIDGES = np.array([0.07**2] * 3 + [0.01**2] * 3 + [0.01**2] * 3, np.float32)
"""Variance of colour, blotches and standing below which a window says nothing about how their slopes differ from those of cover."""
_COVER_RIDGE = 0.01**2
"""The same for cover."""
_COLOUR = np.arange(3)
"""Of the features without 1: the colour, and in the change: its channels."""
_UPPER = tuple((i, j) for i in range(NUM_FEATURES) for j in range(i, NUM_FEATURES))
_SQUARES, _CROSSED = len(_UPPER), 3 * NUM_FEATURES
_AREA, _DEPTH = _SQUARES + _CROSSED, _SQUARES + _CROSSED + 1
NUM_SUMS = _DEPTH + 2


@dataclass(frozen=True, eq=False)
class Example:
    """One pair: `before`, `after` (H, W, 3) sRGB [0, 1], aligned to the pixel, and the `face` found in `before`."""

    before: Image
    after: Image
    face: Face


def features(pixels: Image, face: Face) -> FloatArray:
    """(h, w, NUM_FEATURES) of `pixels` (h, w, 3), sRGB [0, 1], the window of `face`."""
    skin = np.ascontiguousarray(face.masks.skin + np.float32(1e-3))
    fine, around = (_mean_over(pixels, skin, share * face.eye_distance) for share in (_FINE, _AROUND))
    return np.concatenate([np.ones_like(skin)[..., None], pixels, fine - around, _standing(pixels, skin, face.masks.lips)], axis=-1)


def _standing(pixels: Image, skin: Mask, lips: Mask) -> FloatArray:
    """(h, w, 3): how far each pixel is from the mean of all lips where it shows lips, of all skin elsewhere, in their standard deviations."""
    (of_skin, skin_spread), (of_lips, lips_spread) = (mean_and_spread(pixels, weight) for weight in (skin, lips))
    share = lips[..., None]
    mean, spread = of_skin + share * (of_lips - of_skin), skin_spread + share * (lips_spread - skin_spread)
    return standing_of(pixels, mean, spread)


def standing_of(pixels: FloatArray, mean: FloatArray, spread: FloatArray) -> FloatArray:
    """(…, 3), in units of `_STANDING_UNIT`: how many standard deviations `spread` (…, 3) `pixels` (…, 3) sRGB are from `mean` (…, 3)."""
    apart = (pixels - mean) / (spread + _LEAST_SPREAD)
    return np.asarray(_STANDING_UNIT * np.clip(apart, -_MOST_APART, _MOST_APART), np.float32)


def mean_and_spread(pixels: Image, weight: Mask) -> tuple[FloatArray, FloatArray]:
    """(3,) each: mean and standard deviation of (h, w, 3) in which each pixel counts by its weight (h, w)."""
    share = weight / max(float(weight.sum()), 1e-6)
    mean, square = (np.einsum("hw,hwc->c", share, values, dtype=np.float64) for values in (pixels, np.square(pixels)))
    return np.asarray(mean, np.float32), np.asarray(np.sqrt(np.maximum(square - np.square(mean), 0)), np.float32)


def _mean_over(pixels: Image, weight: FloatArray, reach: float) -> FloatArray:
    """Gaussian mean of (h, w, 3) in which each pixel counts by its weight (h, w)."""
    blurred = cv2.GaussianBlur(pixels * weight[..., None], None, reach)
    return np.asarray(blurred / cv2.GaussianBlur(weight, None, reach)[..., None], np.float32)


def parts(face: Face) -> FloatArray:
    """(NUM_PARTS, h, w) masks on the window that sum to 1: lips, eyeballs, and the rest."""
    lips = face.masks.lips
    eyes = face.masks.eyes * (1 - lips)
    return np.stack([lips, eyes, 1 - lips - eyes])


def sums_of(example: Example, side: int) -> FloatArray:
    """What one example adds to the sums, (NUM_PARTS, NUM_SUMS, S, S) float32 on a chart of `side` pixels.

    Per part and chart point, weighted by how well it is seen: features times features (upper triangle), features times change, how many
    pixels of the picture it fills, how far within the face's outline it lies, change squared.
    """
    face, window = example.face, example.face.window_slices
    view = ChartView.of(face.points, face.window, side)
    before = np.ascontiguousarray(example.before[window])
    known = features(before, face)
    on_chart = np.concatenate([view.unroll(np.ascontiguousarray(known[..., first : first + 4])) for first in range(0, NUM_FEATURES, 4)], axis=-1)
    change = view.unroll(np.ascontiguousarray(example.after[window] - before))
    squares = [on_chart[..., i] * on_chart[..., j] for i, j in _UPPER]
    crossed = [on_chart[..., i] * change[..., channel] for i in range(NUM_FEATURES) for channel in range(3)]
    products = np.stack([*squares, *crossed, view.areas, view.unroll(depth_of(face)), np.square(change).sum(-1)])
    return np.asarray(np.stack([products * weight for weight in weights_on(view, face)]), np.float32)


def weights_on(view: ChartView, face: Face) -> FloatArray:
    """(NUM_PARTS, S, S) in [0, 1]: how well each part of the face is seen at each chart point."""
    seen = view.seen * view.unroll(face.masks.clear)
    return np.stack([seen * view.unroll(np.ascontiguousarray(part)) for part in parts(face)])


def first_moments(sums: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """What a single example's sums (NUM_PARTS, NUM_SUMS, h, w) say of its pixels: colour and change, (h, w, 3), the weights (NUM_PARTS, h, w), how
    many pixels are seen of each part (NUM_PARTS, h, w), and their depth within the face's outline (h, w).
    """
    weights = sums[:, 0]
    total = np.maximum(weights.sum(axis=0), 1e-6)
    colour, change = (np.moveaxis(sums[:, first : first + 3].sum(axis=0) / total, 0, -1) for first in (1, _SQUARES))
    return colour, change, np.ascontiguousarray(weights), np.ascontiguousarray(sums[:, _AREA]), sums[:, _DEPTH].sum(axis=0) / total


def weight_of(sums: FloatArray) -> FloatArray:
    """(…) how much was seen, of sums (NUM_SUMS, …)."""
    seen: FloatArray = sums[0]
    return seen


def mirrored(sums: FloatArray) -> FloatArray:
    """Sums, or any planes (…, h, w), of the mirrored faces: the chart is its own mirror image."""
    return np.ascontiguousarray(sums[..., ::-1])


def both_sides(sums: FloatArray) -> FloatArray:
    """Sums, or any planes (…, h, w), of the faces and their mirror images together."""
    both: FloatArray = sums + mirrored(sums)
    return both


def regress(sums: FloatArray, num_features: int, caution: float = 1.0) -> FloatArray:
    """Ridge regression at each place: sums (NUM_SUMS, h, w) → lines (h, w, NUM_FEATURES, 3), 0 for features beyond `num_features`.

    Where the data say little, slopes are those of mere cover: what lies over skin takes the same share away from all its channels. A few people
    differ in lightness and hardly in hue, and flat slopes across hue would keep their own red under paint that covers it.
    caution: times the usual ridges; slopes get the flatter for it.
    """
    square, crossed = _matrices(sums)
    count = np.maximum(weight_of(sums), 1e-6)[..., None]
    mean, change = square[..., 0, 1:num_features] / count, crossed[..., 0, :] / count
    spread = square[..., 1:num_features, 1:num_features] / count[..., None] - mean[..., :, None] * mean[..., None, :]
    together = crossed[..., 1:num_features, :] / count[..., None] - mean[..., :, None] * change[..., None, :]
    slope = slopes_near_cover(spread, together, caution * _RIDGES[: num_features - 1], caution * _COVER_RIDGE)
    lines = np.zeros((*sums.shape[1:], NUM_FEATURES, 3), np.float32)
    lines[..., 0, :] = change - np.einsum("hwf,hwfc->hwc", mean, slope)
    lines[..., 1:num_features, :] = slope
    return lines


def slopes_near_cover(spread: FloatArray, together: FloatArray, ridges: FloatArray, cover_ridge: float = _COVER_RIDGE) -> FloatArray:
    """Slopes (…, F, 3) by the variance of F features, `spread` (…, F, F), of which the first three are the colour, and how they vary `together`
    with the change (…, F, 3). `ridges` (F,): variances below which they stay near those of cover.
    """
    cover = np.zeros_like(together)
    cover[..., _COLOUR, _COLOUR] = _share_taken(spread, together, cover_ridge)[..., None]
    return _solved(spread + np.diag(ridges), together + ridges[:, None] * cover)


def _share_taken(spread: FloatArray, together: FloatArray, ridge: float) -> FloatArray:
    """(…) the one slope that serves all three channels: minus how far the skin is covered."""
    own, change = (matrix[..., _COLOUR, _COLOUR].sum(axis=-1) for matrix in (spread, together))
    share: FloatArray = change / (own + 3 * ridge)
    return share


def _solved(matrices: FloatArray, values: FloatArray) -> FloatArray:
    """X (..., F, 3) of matrices (..., F, F) X = values (..., F, 3). By torch: numpy asks BLAS's threads for every small system, ten times slower."""
    return np.asarray(torch.linalg.solve(torch.from_numpy(matrices), torch.from_numpy(values)).numpy(), np.float32)


def squared_error(lines: FloatArray, sums: FloatArray) -> FloatArray:
    """(h, w) weighted square of what `lines` (h, w, NUM_FEATURES, 3) miss at the points that `sums` (NUM_SUMS, h, w) tell of."""
    square, crossed = _matrices(sums)
    missed = sums[-1] + np.einsum("hwfc,hwfc->hw", lines, square @ lines - 2 * crossed)
    return np.asarray(np.maximum(missed, 0), np.float32)


def _matrices(sums: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(h, w, F, F) features times features and (h, w, F, 3) features times change."""
    size = sums.shape[1:]
    square = np.empty((*size, NUM_FEATURES, NUM_FEATURES), np.float32)
    for plane, (i, j) in zip(sums, _UPPER, strict=False):
        square[..., i, j] = square[..., j, i] = plane
    crossed = np.moveaxis(sums[_SQUARES : _SQUARES + _CROSSED], 0, -1).reshape(*size, NUM_FEATURES, 3)
    return square, np.ascontiguousarray(crossed)
