"""What a line is fitted over, place by place: how wide a window, and whether the face's other side counts too.

Blush is smooth, and a wide window averages the pairs' own blotches away; a lash line is not, and a wide window loses it. Most looks are alike
on both sides, and then five people show ten; a beauty mark is not. No one knows an artist's brush beforehand, but the pairs can tell: lines
read from all of them but some are tried on those, and what foretells them best is taken.

Rules of the look's own regions (`region_rules.py`) stand the same trial, and where they foretell better, the change is left to them. And it says
which pair is unlike the others, and where: a slip of the brush, a blush that was forgotten. There it is heard less.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from kohl.core.arrays import Box, FloatArray, Mask
from kohl.methods.amplifier.chart_lines import (
    COARSE,
    NUM_COLOURS,
    NUM_FEATURES,
    NUM_LOCAL,
    both_sides,
    mirrored,
    regress,
    squared_error,
    weight_of,
)

_WINDOWS: Mapping[float, tuple[int, ...]] = {
    0.5: (NUM_COLOURS,),
    1.0: (NUM_COLOURS,),
    2.0: (NUM_COLOURS, NUM_FEATURES),
    4.0: (NUM_LOCAL, NUM_FEATURES),
    8.0: (NUM_LOCAL, NUM_FEATURES),
}
"""Standard deviation in chart pixels → how many features: blotches want a wide window, being much the same around."""
_READINGS = tuple((reach, both, count) for both in (False, True) for reach, counts in _WINDOWS.items() for count in counts)
"""All ways to read a line: the windows over each side for itself, then over both. Readings of one window stand together."""
_ALONE, _CAUTION_ALONE = (2.0, NUM_COLOURS), 16.0
"""The window and the features that read a single pair, that nothing can be left out of, and how much flatter its slopes are kept: how a change goes
with the colour of skin is not seen on one person (1.2 dB, mean of five artists on 10 training faces).
"""
_ONE_SIDED, _FAINT = 1.4, 0.1
"""A single pair counts as different on both sides where one misses more of the other than this times what no change at all would, and than what
is faint on skin, sRGB [0, 1]: one person's blush never sits quite alike."""
_WIDE = 4.0
"""From this standard deviation on windows are fitted at every `COARSE` chart points alone."""
_COMPARED_OVER = 3.0
"""Standard deviation, in compared points, over which errors are averaged."""
_DECISION = 10
"""How sharply a smaller error decides: weights go by its power of -10."""
_LEAST_ERROR = 1e-7
_UNUSUAL, _NO_CHANGE = 1.5, 5.0
"""By how much the error of two pairs is raised for readings other than the one that serves a single pair, and for no change at all. From one pair
each foretells the other badly; no change never gets better, lines from both do. More pairs need this less.
"""
_HEARD_OVER = 8.0
"""Standard deviation, in compared points, over which a pair is held against the others."""
_LEAST_HEARD = 0.25
"""Weight of a pair that is unlike the others; above it, it goes by how much worse than the middle one they foretell it."""
_ENOUGH, _TRACE = 0.05, 1e-3
"""Weight in a window from which on it is taken in full, and below which places count as not shown."""


@dataclass(frozen=True, eq=False)
class PartLines:
    """Of one part of the face: `lines` (S, S, NUM_FEATURES, 3), `missed` (S, S) mean square of what they miss on pairs that were left out, `heard`
    (len(folds),) in [0, 1], how far each fold counts where the look is, and `change`: how much look there is, the squares of all changes. `left`
    (S, S) in [0, 1]: the share of the change that the lines leave to the rules of the look's own regions.
    """

    lines: FloatArray
    missed: FloatArray
    heard: FloatArray
    change: float
    left: Mask


def fit_lines(folds: Sequence[FloatArray], by_rules: Sequence[FloatArray] | None = None) -> PartLines:
    """Fit one part's lines. `folds`: sums (NUM_SUMS, S, S) of one or more pairs each, that are left out in turn. `by_rules`: for each, on the coarse
    grid, the weighted square that rules fitted to the others miss of it, where there are rules.
    """
    total = _sum(folds)
    box = _box_of(weight_of(total))
    side = len(total[0])
    lines, (missed, left) = np.zeros((side, side, NUM_FEATURES, 3), np.float32), np.zeros((2, side, side), np.float32)
    heard = np.ones(len(folds), np.float32)
    if box is not None:
        coarse = tuple(slice(along.start // COARSE, along.stop // COARSE) for along in box)
        rivals = None if by_rules is None else [error[coarse] for error in by_rules]
        lines[box], missed[box], heard, left[box] = _fit_box([fold[:, *box] for fold in folds], rivals)
    return PartLines(lines, missed, heard, float(total[-1].sum()), left)


def _box_of(weight: Mask) -> Box | None:
    """The part of the chart that was seen, on this side or the other, with room around it; None where nothing was.

    Its sides are multiples of `COARSE`, and its columns their own mirror image.
    """
    rows, columns = (np.flatnonzero((weight > _TRACE).any(axis)) for axis in (1, 0))
    if not rows.size:
        return None
    room, side = 8 * COARSE, len(weight)
    outermost = min(int(columns[0]), side - 1 - int(columns[-1]))
    top, left = (max(0, first - room) // COARSE * COARSE for first in (int(rows[0]), outermost))
    return slice(top, min(side, (int(rows[-1]) + room) // COARSE * COARSE)), slice(left, side - left)


def _fit_box(folds: Sequence[FloatArray], by_rules: Sequence[FloatArray] | None) -> tuple[FloatArray, FloatArray, FloatArray, Mask]:
    """Lines (h, w, NUM_FEATURES, 3), those of all readings mixed as chosen, the error to be expected (h, w), how far each fold is heard, (F,), and
    what is left to rules (h, w).
    """
    total = _sum(folds)
    size = total.shape[2], total.shape[1]
    choice, missed, heard = _choose(folds, by_rules) if len(folds) > 1 else _choose_alone(total)
    heard_where_changed = np.average(heard, axis=(1, 2), weights=np.broadcast_to(total[-1, ::COARSE, ::COARSE] + _LEAST_ERROR, np.shape(heard)))
    total = _sum([fold * cv2.resize(share, size) for fold, share in zip(folds, heard, strict=True)])
    mixed = np.zeros((*total.shape[1:], NUM_FEATURES, 3), np.float32)
    # No change at all has a say too, and so have rules: the lines of both are 0.
    left = cv2.resize(choice[-2], size)
    weights = left + cv2.resize(choice[-1], size)
    for (reach, both), readings in itertools.groupby(zip(_READINGS, choice, strict=False), lambda reading: reading[0][:2]):
        taken = [(count, chosen) for (_, _, count), chosen in readings if chosen.any()]
        if not taken:
            continue
        smooth = _smoothed(both_sides(total) if both else total, reach)
        shown = cv2.resize(np.clip(weight_of(smooth) / _ENOUGH, 0, 1), size)
        for count, chosen in taken:
            weight = cv2.resize(chosen, size) * shown
            mixed += weight[..., None, None] * _resized(regress(smooth, count, 1.0 if len(folds) > 1 else _CAUTION_ALONE), size)
            weights += weight
    weights = np.maximum(weights, 1e-6)
    return mixed / weights[..., None, None], cv2.resize(missed, size), heard_where_changed, left / weights


def _choose(folds: Sequence[FloatArray], by_rules: Sequence[FloatArray] | None) -> tuple[FloatArray, FloatArray, Sequence[FloatArray]]:
    """Weights of the readings, then of the rules and last of no change at all, (len(_READINGS) + 2, h, w), the error to be expected (h, w), and how
    far each of the `folds` is heard, (h, w): on the coarse grid. `by_rules`: see `fit_lines`.
    """
    thinned = [_thinned(fold) for fold in folds]
    errors: list[list[FloatArray]] = []
    for (reach, both), readings in itertools.groupby(_READINGS, lambda reading: reading[:2]):
        smooth = [_windowed(both_sides(fold) if both else fold, reach) for fold in folds]
        whole = _sum(smooth)
        for _, _, count in readings:
            errors.append([squared_error(regress(whole - part, count), fold) for part, fold in zip(smooth, thinned, strict=True)])
    if by_rules is not None:
        errors.append(list(by_rules))
    errors.append([fold[-1] for fold in thinned])
    shown = [weight_of(fold) for fold in thinned]
    seen = _averaged(_sum(shown))
    choice, least = _decide([_sum(of_all) for of_all in errors], seen, _handicaps(len(folds), len(errors)))
    missed = [_sum([share * of_all[number] for share, of_all in zip(choice, errors, strict=True)]) for number in range(len(folds))]
    if by_rules is None:
        choice = np.insert(choice, len(_READINGS), 0, axis=0)
    return choice, np.asarray(np.where(seen > _TRACE, least, 0), np.float32), _heard(missed, shown)


def _heard(missed: Sequence[FloatArray], seen: Sequence[FloatArray]) -> Sequence[FloatArray]:
    """How far each of some folds counts, (h, w) in [`_LEAST_HEARD`, 1], by what the others missed of it, (h, w), where it was `seen`. Two cannot tell
    which of them is unlike.
    """
    if len(missed) < 3:
        return [np.ones_like(error) for error in missed]
    each = [_over(error, _HEARD_OVER) / np.maximum(_over(weight, _HEARD_OVER), _TRACE) for error, weight in zip(missed, seen, strict=True)]
    typical = np.median(each, axis=0)
    return [np.asarray(np.clip(typical / np.maximum(error, _LEAST_ERROR), _LEAST_HEARD, 1), np.float32) for error in each]


def _handicaps(num_folds: int, num_ways: int) -> FloatArray:
    """(num_ways, 1, 1): what the error of each reading, of rules where there are any, and last of no change is multiplied by where they are
    compared.
    """
    at_two = np.full(num_ways, _UNUSUAL)
    at_two[_reading_alone(both=True)], at_two[-1] = 1.0, _NO_CHANGE
    return np.asarray(at_two ** (1 / (num_folds - 1)), np.float32)[:, None, None]


def _choose_alone(total: FloatArray) -> tuple[FloatArray, FloatArray, Sequence[FloatArray]]:
    """As `_choose`, for a single pair: one window, no error that could be told, and heard in full. Both sides are read where one foretells
    the other.
    """
    reach, count = _ALONE
    other = _windowed(mirrored(total), reach)
    thinned = _thinned(total)
    seen = weight_of(thinned)
    errors = [squared_error(regress(other, count, _CAUTION_ALONE), thinned), _ONE_SIDED * thinned[-1] + np.float32(3 * _FAINT**2) * seen]
    # A mark on one cheek is missed on that, and put on the other in vain: over both, twice the error of no change.
    alike, unlike = _decide([both_sides(error) for error in errors], _averaged(both_sides(seen)))[0]
    choice = np.zeros((len(_READINGS) + 2, *alike.shape), np.float32)
    choice[_reading_alone(both=False)], choice[_reading_alone(both=True)] = unlike, alike
    return choice, np.zeros(alike.shape, np.float32), [np.ones(alike.shape, np.float32)]


def _reading_alone(*, both: bool) -> int:
    """Which of the readings a single pair is read by."""
    reach, count = _ALONE
    return _READINGS.index((reach, both, count))


def _decide(errors: Sequence[FloatArray], seen: FloatArray, handicaps: FloatArray | None = None) -> tuple[FloatArray, FloatArray]:
    """Weights (len(errors), h, w) that sum to 1, the more for smaller errors (h, w), and the least error, each per point seen (h, w)."""
    expected = np.stack([_averaged(error) for error in errors]) / np.maximum(seen, 1e-6)
    expected = np.maximum(expected, _LEAST_ERROR)
    compared = expected if handicaps is None else handicaps * expected
    choice = (compared.min(axis=0) / compared) ** _DECISION
    return np.asarray(choice / choice.sum(axis=0), np.float32), expected.min(axis=0)


def _sum(folds: Sequence[FloatArray]) -> FloatArray:
    """One after the other: numpy's own sum would first copy them all into one array."""
    return functools.reduce(np.add, folds)


def _averaged(plane: FloatArray) -> FloatArray:
    return _over(plane, _COMPARED_OVER)


def _over(plane: FloatArray, reach: float) -> FloatArray:
    return np.asarray(cv2.GaussianBlur(plane, None, reach), np.float32)


def _thinned(sums: FloatArray) -> FloatArray:
    return np.ascontiguousarray(sums[:, ::COARSE, ::COARSE])


def _windowed(sums: FloatArray, reach: float) -> FloatArray:
    """Sums over windows, all on the coarse grid."""
    smooth = _smoothed(sums, reach)
    return _thinned(smooth) if reach < _WIDE else smooth


def _smoothed(sums: FloatArray, reach: float) -> FloatArray:
    """Sums over windows; those of wide ones on the coarse grid."""
    if reach < _WIDE:
        return np.stack([cv2.GaussianBlur(plane, None, reach) for plane in sums])
    size = sums.shape[2] // COARSE, sums.shape[1] // COARSE
    return np.stack([cv2.GaussianBlur(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), None, reach / COARSE) for plane in sums])


def _resized(lines: FloatArray, size: tuple[int, int]) -> FloatArray:
    """Lines on a grid of `size` (w, h)."""
    if (lines.shape[1], lines.shape[0]) == size:
        return lines
    planes = np.moveaxis(lines.reshape(*lines.shape[:2], -1), -1, 0)
    resized = np.stack([cv2.resize(np.ascontiguousarray(plane), size, interpolation=cv2.INTER_LINEAR) for plane in planes], axis=-1)
    return np.asarray(resized.reshape(size[1], size[0], NUM_FEATURES, 3), np.float32)
