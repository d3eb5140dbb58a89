"""Eyeliner: a tapering line on the upper lid that runs out into a wing, and a fine one below."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import FloatArray, Mask, Points
from kohl.faces.contours import fill_all, fill_shown, ribbon
from kohl.faces.face import Face
from kohl.rendering.lines.eye import EyeLines, eye_lines

_THICKEST = 0.1
"""Width of thickness 1, in eye widths."""
_INTO_EYE = 0.25
"""How far the line starts inside the lid's edge, in its own widths, so that no skin shows between lashes and line."""

_LEAVE = 0.1
_JOIN = (0.16, 0.26)
"""Where a wing's lower and upper edges leave the line, in shares of the lid's length from the outer corner; a longer wing joins later."""
_SAG = 0.5
"""How far a wing's upper edge hangs from its chord towards where the line would run on to: a wing is a flick, not a wedge."""
_BODY = 1.3
"""Least distance between the points that a wing's edges are drawn towards, in widths of the line at the corner."""


def draw_liner(face: Face, thickness: float, wing: float, wing_angle: float) -> Mask:
    """(h, w) mask of the upper lines of both eyes; `thickness` and `wing` in [0, 1], `wing_angle` in degrees."""
    outlines = [_upper_outline(eye, thickness, wing, wing_angle) for eye in eye_lines(face)]
    size = face.masks.eyes.shape[0], face.masks.eyes.shape[1]
    return fill_all(outlines, size)


def draw_lower_liner(face: Face, thickness: float, extent: float) -> Mask:
    """(h, w) mask of the lower lines; `extent` is how far they run from the outer corner, in [0, 1]. Closed eyes have none."""
    size = face.masks.eyes.shape[0], face.masks.eyes.shape[1]
    return fill_shown(((eye.lower_shown, [_lower_outline(eye, thickness, extent)]) for eye in eye_lines(face)), size)


def _lower_outline(eye: EyeLines, thickness: float, extent: float) -> Points:
    """Closed outline of a line that thins out inwards."""
    count = max(3, round(len(eye.lower) * extent))
    widths = _THICKEST * eye.size * (0.16 + 0.2 * thickness) * (1 - np.linspace(0, 1, count)) ** 0.5
    return ribbon(eye.lower[:count] - eye.up * (0.012 * eye.size), np.maximum(widths, 0.3))


def _upper_outline(eye: EyeLines, thickness: float, wing: float, wing_angle: float) -> Points:
    """Closed outline: along the lashes from the inner corner to the outer one, out to the tip, and back above."""
    share = np.linspace(0, 1, len(eye.upper))[:, None]
    widths = _THICKEST * eye.size * (0.08 + 0.92 * thickness) * (0.10 + 0.90 * (1 - share) ** 0.8) * np.clip((1.02 - share) / 0.12, 0.1, 1)
    # At the corner it starts on the lid's very edge: what lies further in hangs below the eye there.
    lashes = eye.upper - eye.up * widths * _INTO_EYE * np.minimum(share / 0.15, 1)
    above = eye.upper + eye.up * widths
    tip = _wing_tip(eye, wing, wing_angle)
    if tip is None:
        return np.asarray(np.concatenate([lashes[::-1], above]), np.float32)
    leave, join = (round(share * len(above)) for share in (_LEAVE, _JOIN[0] + _JOIN[1] * wing))
    # Its lower edge flows out of the lid and turns over the corner, which it never falls below.
    below = 0.7 * lashes[0] + 0.3 * tip
    over = (1 - _SAG) * (tip + above[join]) / 2 + _SAG * _onwards(above, join)
    # A closed lid has no arch to fill: there the wing is as thick as the line, or it would be a hair.
    aside = _across(tip - lashes[0], eye.up)
    over = over + aside * max(_BODY * float(widths[0, 0]) - float((over - below) @ aside), 0.0)
    lower_edge, upper_edge = _arc(lashes[leave], below, tip), _arc(tip, over, above[join])
    return np.asarray(np.concatenate([lashes[:leave:-1], lower_edge, upper_edge, above[join:]]), np.float32)


def _across(way: Points, up: FloatArray) -> Points:
    """The unit vector square to `way` (2,) on the side of `up`."""
    aside = np.array([-way[1], way[0]]) / max(float(np.linalg.norm(way)), 1e-6)
    return np.asarray(aside if aside @ up > 0 else -aside, np.float32)


def _onwards(line: Points, place: int) -> Points:
    """Where somebody is who leaves a line at a place, for its start, and walks straight on."""
    along = line[place - 1] - line[place]
    along /= max(float(np.linalg.norm(along)), 1e-6)
    return np.asarray(line[place] + along * max(float((line[0] - line[place]) @ along), 0.0), np.float32)


def _wing_tip(eye: EyeLines, wing: float, wing_angle: float) -> Points | None:
    """A turned head narrows a wing as it narrows the eye, and leaves its height."""
    if wing <= 0:
        return None
    angle = np.radians(wing_angle)
    way = np.cos(angle) * eye.width * eye.out + np.sin(angle) * eye.size * eye.up
    return np.asarray(eye.upper[0] + 0.5 * wing * way, np.float32)


def _arc(start: Points, pull: Points, end: Points, steps: int = 12) -> Points:
    """Quadratic Bézier curve from `start` to `end`, drawn towards `pull`."""
    share = np.linspace(0, 1, steps)[:, None]
    return np.asarray((1 - share) ** 2 * start + 2 * share * (1 - share) * pull + share**2 * end, np.float32)
