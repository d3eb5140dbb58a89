"""Lashes: many fine, curved, tapering strokes from the lash lines."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kohl.core.arrays import Mask, Points
from kohl.faces.contours import fill_all, ribbon
from kohl.faces.face import Face
from kohl.looks.layers import Lashes
from kohl.rendering.lines.eye import EyeLines, eye_lines

_LONGEST = 0.5
"""Length 1, in eye widths."""
_SHOWN = 0.62
"""Seen from the front a lash points at the viewer: this much of it shows."""
_STEPS = 7


def draw_lashes(face: Face, lashes: Lashes, seed: int) -> Mask:
    """(h, w) mask of all strokes of both eyes. The same seed gives mirrored strokes on both sides."""
    size = face.masks.eyes.shape[0], face.masks.eyes.shape[1]
    strokes: list[Points] = []
    for eye in eye_lines(face):
        strokes += _row(eye, eye.upper, eye.up, lashes, np.random.default_rng(seed), 1.0)
        if lashes.lower > 0 and eye.openness > 0.08:
            strokes += _row(eye, eye.lower, -eye.up, lashes, np.random.default_rng(seed + 1), 0.45 * lashes.lower)
    return fill_all(strokes, size)


def _row(eye: EyeLines, line: Points, away: Points, lashes: Lashes, random: np.random.Generator, scale: float) -> list[Points]:
    """The outlines of one lash line's strokes. `away` points from the eyeball; `scale` shortens the row."""
    count = round((14 + 34 * lashes.density) * (1.0 if scale == 1.0 else 0.6))
    share = (np.arange(count) + random.uniform(0.2, 0.8, count)) / count * 0.93 + 0.02
    roots = _along(line, share)
    # A closed lid carries its lashes downwards.
    lift = float(np.clip((eye.openness - 0.07) / 0.1, 0, 1)) * 2 - 1
    fan = (0.95 - 1.75 * share) * (0.85 if lashes.pattern != "winged" else 1.25) + random.normal(0, 0.07, count)
    length = _LONGEST * _SHOWN * eye.width * lashes.length * scale * _profile(lashes.pattern, share) * random.uniform(0.72, 1.08, count)
    width = np.maximum(0.013 * eye.width * (0.75 + 0.5 * lashes.density), 0.55)
    strokes = []
    for root, tilt, reach in zip(roots, fan, length, strict=True):
        direction = away * (lift if scale == 1.0 else 1.0) * np.cos(tilt) + eye.out * np.sin(tilt)
        strokes.append(_stroke(root - away * (0.006 * eye.width), direction * reach, away * (lift * 0.22 * reach), float(width)))
    return strokes


def _stroke(root: Points, reach: Points, curl: Points, width: float) -> Points:
    """Outline of one lash: it leaves along the lid, then curls, and tapers to nothing."""
    share = np.linspace(0, 1, _STEPS)[:, None]
    control = root + reach * 0.55 - curl
    curve = (1 - share) ** 2 * root + 2 * share * (1 - share) * control + share**2 * (root + reach)
    return ribbon(np.asarray(curve, np.float32), np.asarray(width * (1 - share[:, 0] ** 1.4), np.float32))


def _along(line: Points, share: npt.NDArray[np.float64]) -> Points:
    """Points at `share` of the curve's length."""
    steps = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    at = share * steps[-1]
    return np.stack([np.interp(at, steps, line[:, 0]), np.interp(at, steps, line[:, 1])], 1).astype(np.float32)


def _profile(pattern: str, share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Relative length along the lid; 0 is the outer corner."""
    if pattern == "winged":
        return np.asarray(0.45 + 0.75 * (1 - share) ** 1.1)
    if pattern == "doll":
        return np.asarray(0.55 + 0.55 * np.sin(np.pi * share))
    if pattern == "wispy":
        return np.asarray((0.62 + 0.42 * (1 - share)) * np.where(np.arange(len(share)) % 4 == 0, 1.12, 0.72))
    return np.asarray(0.55 + 0.42 * np.sin(np.pi * np.clip(1 - share, 0, 1) ** 1.3) + 0.08 * (1 - share))
