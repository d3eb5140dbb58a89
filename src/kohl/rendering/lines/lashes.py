"""Lashes: many fine, curved, tapering strokes from the lash lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray, Mask, Points
from kohl.faces.contours import at_shares, fill_all
from kohl.faces.face import Face
from kohl.looks.layers import Lashes
from kohl.rendering.lines.eye import EyeLines, eye_lines
from kohl.rendering.lines.strokes import stroke_outlines

_LONGEST = 0.5
"""Length 1, in eye widths."""
_SHOWN = 0.62
"""Seen from the front a lash points at the viewer: this much of it shows."""
_WIDTH = 0.011
"""Width of a lash at its root, in eye widths, at medium density: a hair with mascara on it, a third of a millimetre."""
_CLUMP, _GATHERED = 3, 0.4
"""Mascara gathers so many neighbouring tips, this far towards their common point: without it lashes look like a comb."""
_LOWER = 0.45
"""Lower lashes are so much shorter than upper ones …"""
_LEAST_LOWER = 0.45
"""… and a touch of mascara on them is this share of their length and number: any shorter they are a row of dots along the lid."""
_LOWER_COVER = 0.5
"""They are finer than a pixel, and no line of ink."""
_INNERMOST = 0.9
"""No lash grows at the tear duct: the row ends here, in shares of the lid's length from the outer corner."""
_CLOSED = 0.08
"""Gap between the lids, in eye widths, below which lower lashes lie under the upper ones."""
_STEPS = 7


@dataclass(frozen=True)
class _Row:
    """One lash line: `away` is a unit vector off the eyeball, `lift` turns it: 1 upwards as drawn, -1 down on a closed lid."""

    line: Points
    away: FloatArray
    lift: float
    count: int
    scale: float


def draw_lashes(face: Face, lashes: Lashes, seed: int) -> Mask:
    """(h, w) mask of all strokes of both eyes. The same seed gives mirrored strokes on both sides."""
    size = face.masks.eyes.shape[0], face.masks.eyes.shape[1]
    strokes: tuple[list[Points], list[Points]] = ([], [])
    for eye in eye_lines(face):
        for number, row in enumerate(_rows(eye, lashes)):
            strokes[number].extend(_strokes(eye, row, lashes, np.random.default_rng(seed + number)))
    upper, lower = (fill_all(row, size) for row in strokes)
    return np.maximum(upper, np.float32(_LOWER_COVER) * lower)


def _rows(eye: EyeLines, lashes: Lashes) -> list[_Row]:
    """Upper row, and the lower one where it is asked for and the eye is open."""
    count = 14 + 34 * lashes.density
    # A closed lid carries its lashes downwards.
    lift = float(np.clip((eye.openness - 0.07) / 0.1, 0, 1)) * 2 - 1
    rows = [_Row(eye.upper, eye.up, lift, round(count), 1.0)]
    if lashes.lower > 0 and eye.openness > _CLOSED:
        some = _LEAST_LOWER + (1 - _LEAST_LOWER) * lashes.lower
        rows.append(_Row(eye.lower - eye.up * (0.012 * eye.width), -eye.up, 1.0, round(0.75 * count * some), _LOWER * some))
    return rows


def _strokes(eye: EyeLines, row: _Row, lashes: Lashes, random: np.random.Generator) -> list[Points]:
    """The outlines of one row's strokes."""
    share = (np.arange(row.count) + random.uniform(0.1, 0.9, row.count)) / row.count * (_INNERMOST - 0.01) + 0.01
    fan = (0.95 - 1.75 * share) * (1.25 if lashes.pattern == "winged" else 0.85) + random.normal(0, 0.1, row.count)
    length = _LONGEST * _SHOWN * eye.width * lashes.length * row.scale * _profile(lashes.pattern, share) * random.uniform(0.6, 1.1, row.count)
    roots = at_shares(row.line, share) - row.away * (0.006 * eye.width)
    direction = row.away * (row.lift * np.cos(fan))[:, None] + eye.out * np.sin(fan)[:, None]
    reach = _gather(roots + direction * length[:, None]) - roots
    width = max(_WIDTH * eye.width * (0.75 + 0.5 * lashes.density) * row.scale**0.35, 0.5)
    curl = 0.22 * row.lift * np.linalg.norm(reach, axis=1, keepdims=True) * row.away
    # A lash leaves along the lid, then curls, and tapers to nothing.
    fall = np.linspace(0, 1, _STEPS)[None, :, None]
    curves = roots[:, None] + 2 * fall * (1 - fall) * (0.55 * reach - curl)[:, None] + fall**2 * reach[:, None]
    return stroke_outlines(curves, width * (1 - fall[0, :, 0] ** 1.4))


def _gather(tips: Points) -> Points:
    """Draw the tips (N, 2) of each clump of neighbours together."""
    gathered = tips.copy()
    for start in range(0, len(tips), _CLUMP):
        clump = tips[start : start + _CLUMP]
        gathered[start : start + _CLUMP] += _GATHERED * (clump.mean(0) - clump)
    return gathered


def _profile(pattern: str, share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Relative length along the lid; 0 is the outer corner."""
    if pattern == "winged":
        return np.asarray(0.38 + 0.8 * (1 - share) ** 1.1)
    if pattern == "doll":
        return np.asarray(0.5 + 0.6 * np.sin(np.pi * share))
    if pattern == "wispy":
        spike = np.arange(len(share)) % (2 * _CLUMP) < _CLUMP
        return np.asarray((0.55 + 0.45 * (1 - share)) * np.where(spike, 1.15, 0.66))
    return np.asarray(0.45 + 0.5 * np.sin(np.pi * np.clip(1 - share, 0, 1) ** 1.3) + 0.1 * (1 - share))
