"""Lashes: many fine, curved, tapering strokes from the lash lines, gathered in clusters, and the dark line of their roots."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray, Mask, Points
from kohl.faces.contours import SAMPLES, at_shares, fill_all, fill_shown, ribbon
from kohl.faces.face import Face
from kohl.looks.layers import Lashes
from kohl.rendering.lines.eye import EyeLines, eye_lines
from kohl.rendering.lines.strokes import stroke_outlines

_Floats = npt.NDArray[np.float64]

_LONGEST = 0.5
"""Length 1, in eye widths."""
_SHOWN = 0.62
"""Seen from the front a lash points at the viewer: this much of it shows."""
_WIDTH = 0.0085
"""Width of a lash at its root, in eye widths, at medium density: a hair with mascara on it, a quarter of a millimetre."""
_CLUSTER = (3, 6)
"""Mascara gathers so many neighbours, and a strip of false lashes is knotted so …"""
_GATHERED = 0.5
"""… their tips drawn this far towards their common point, or lashes look like a comb."""
_BEND, _LOWER_BEND = 1.25, 0.3
"""A lash leaves the lid lying to the side, then turns upwards: it leans at its root this much more, of its lean, than at its tip. Lower lashes
are too short to turn: they would lie along the lid.
"""
_STEEPEST = 1.15
"""Radians from upright that no lash leans beyond: the outermost would grow downwards."""
_FILLED = 0.5
"""Short fine hairs grow between the long ones, this share of their length."""
_ROOTS = 0.011
"""Thickness of the line that full rows of roots make, in eye widths; a few lashes make none."""
_LOWER = 0.45
"""Lower lashes are so much shorter than upper ones …"""
_LEAST_LOWER = 0.45
"""… and a touch of mascara on them is this share of their length and number: any shorter they are a row of dots along the lid."""
_LOWER_COVER = 0.5
"""They are finer than a pixel, and no line of ink."""
_OUTERMOST, _INNERMOST = 0.04, 0.9
"""Where a row begins and ends, in shares of the lid's length from the outer corner: no lash grows at the tear duct, and one at the very corner
would come out below a wing.
"""
_SMALL = 80
"""Eyes narrower than this, in pixels, have lashes finer than the usual samples: with twice as many, and run together
the more the smaller the eye, they are a soft fringe, not sticks.
"""
_RUN_TOGETHER = 0.6
"""Standard deviation of that, in pixels, for an eye of no size at all."""
_STEPS = 7


@dataclass(frozen=True)
class _Row:
    """One lash line: `away` is a unit vector off the eyeball, `lift` turns it: 1 upwards as drawn, -1 down on a closed lid."""

    line: Points
    away: FloatArray
    lift: float
    count: int
    scale: float
    bend: float


def draw_lashes(face: Face, lashes: Lashes, seed: int) -> Mask:
    """(h, w) mask of all strokes of both eyes. The same seed gives mirrored strokes on both sides."""
    size = face.masks.eyes.shape[0], face.masks.eyes.shape[1]
    eyes = eye_lines(face)
    small = max(1 - max(eye.size for eye in eyes) / _SMALL, 0.0)
    samples = 2 * SAMPLES if small else SAMPLES
    mask = fill_all([stroke for eye in eyes for stroke in _upper_row(eye, lashes, seed)], size, samples)
    if lashes.lower > 0:
        rows = ((_LOWER_COVER * eye.lower_shown, _lower_row(eye, lashes, seed + 1) if eye.lower_shown > 0 else []) for eye in eyes)
        mask = np.maximum(mask, fill_shown(rows, size, samples))
    return cv2.GaussianBlur(mask, (0, 0), _RUN_TOGETHER * small).astype(np.float32) if small else mask


def _upper_row(eye: EyeLines, lashes: Lashes, seed: int) -> list[Points]:
    # The lid carries its lashes: where it hangs below the corners, they hang with it, even if a slit is left open.
    lift = 2 * float(np.clip(eye.arch / 0.1, 0, 1)) - 1
    row = _Row(eye.upper, eye.up, lift, round(24 + 64 * lashes.density), 1.0, _BEND)
    return [*_strokes(eye, row, lashes, np.random.default_rng(seed)), _root_line(eye, lashes)]


def _lower_row(eye: EyeLines, lashes: Lashes, seed: int) -> list[Points]:
    some = _LEAST_LOWER + (1 - _LEAST_LOWER) * lashes.lower
    count = round((14 + 34 * lashes.density) * some)
    row = _Row(eye.lower - eye.up * (0.012 * eye.size), -eye.up, 1.0, count, _LOWER * some, _LOWER_BEND)
    return _strokes(eye, row, lashes, np.random.default_rng(seed))


def _strokes(eye: EyeLines, row: _Row, lashes: Lashes, random: np.random.Generator) -> list[Points]:
    """The outlines of one row's strokes. All that is random is drawn per stroke and cluster, so that it stays theirs from frame to frame."""
    number = np.arange(row.count)
    cluster = np.repeat(number, random.integers(*_CLUSTER, row.count))[: row.count]
    share = (number + random.uniform(0.1, 0.9, row.count)) / row.count * (_INNERMOST - _OUTERMOST) + _OUTERMOST
    lean = (0.95 - 1.6 * share) * (1.2 if lashes.pattern == "winged" else 0.85) + random.normal(0, 0.07, row.count)
    turn = row.bend * (lean + random.normal(0, 0.25, row.count)[cluster])
    long = _profile(lashes.pattern, share, cluster) * random.uniform(0.85, 1.05, row.count)[cluster] * random.uniform(0.78, 1.05, row.count)
    long = np.where(random.uniform(0, 1, row.count) < 0.3, _FILLED, 1.0) * long
    # One that lies to the side points less at the viewer.
    length = _LONGEST * (_SHOWN + (1 - _SHOWN) * np.abs(np.sin(lean))) * lashes.length * row.scale * long * eye.size
    fall = np.linspace(0, 1, _STEPS)
    angle = lean[:, None] + row.lift * turn[:, None] * ((1 - fall) ** 1.3 - 0.3)
    angle = _STEEPEST * np.tanh(angle / _STEEPEST)
    # In widths of the eye along the lid: a turned head narrows the fan with it.
    aside = np.sin(angle) * (eye.width / eye.size)
    way = aside[..., None] * eye.out + (row.lift * np.cos(angle))[..., None] * row.away
    steps = (way[:, 1:] + way[:, :-1]) / 2 * (length / (_STEPS - 1))[:, None, None]
    roots = at_shares(row.line, share) - row.away * (0.004 * eye.size)
    curves = roots[:, None] + np.concatenate([np.zeros_like(steps[:, :1]), np.cumsum(steps, 1)], 1)
    curves += (fall**2)[None, :, None] * _gathering(curves[:, -1], cluster)[:, None]
    width = _WIDTH * eye.size * (0.75 + 0.5 * lashes.density) * row.scale**0.35
    return stroke_outlines(curves, width * (1 - fall**1.5))


def _gathering(tips: Points, cluster: npt.NDArray[np.int64]) -> _Floats:
    """How far each tip (N, 2) is drawn towards the middle of its cluster."""
    members = np.maximum(np.bincount(cluster), 1)
    middle = np.stack([np.bincount(cluster, tips[:, axis]) / members for axis in (0, 1)], 1)
    return np.asarray(_GATHERED * (middle[cluster] - tips))


def _root_line(eye: EyeLines, lashes: Lashes) -> Points:
    """The outline of the line that the roots make along the lid: lashes stand densest there."""
    share = np.linspace(0, _INNERMOST, 24)
    widths = _ROOTS * eye.size * max(2 * lashes.density - 0.3, 0) * np.minimum(1, np.minimum(share, _INNERMOST - share) / 0.12)
    return ribbon(at_shares(eye.upper, share) + eye.up * (0.002 * eye.size), widths)


def _profile(pattern: str, share: _Floats, cluster: npt.NDArray[np.int64]) -> _Floats:
    """Relative length along the lid; 0 is the outer corner."""
    if pattern == "doll":
        return np.asarray(0.5 + 0.6 * np.sin(np.pi * share))
    # The longest lashes stand over the outer third, and the last ones before the corner are a little shorter again.
    lengths = [1.0, 1.15, 1.0, 0.75, 0.4] if pattern == "winged" else [0.78, 0.96, 1.0, 0.85, 0.42]
    long = np.interp(share, [0, 0.1, 0.28, 0.55, 0.9], lengths)
    return np.asarray(long * np.where(cluster % 2, 0.7, 1.0) if pattern == "wispy" else long)
