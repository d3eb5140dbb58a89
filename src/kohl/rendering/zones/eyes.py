"""Eyeshadow zones on the UV chart, in a frame that follows the eye.

Across the eye runs t: 0 at the outer corner, 1 at the inner one. Upwards runs s: 0 on the lash line, 1 in the crease, 2 at
the brow. Below the eye r grows downwards from the lower lashes, in eye widths.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray, Mask
from kohl.core.ramps import eased, ramp
from kohl.faces import landmarks
from kohl.faces.topology import load_topology
from kohl.rendering.zones.tails import without_tails

SIDE = 1024
"""Pixels along the chart for eye zones: a lid is only a fiftieth of the chart high."""

Zone = str
ZONES: tuple[Zone, ...] = ("lid", "crease", "outer_v", "inner_corner", "lower_lash")


@dataclass(frozen=True, eq=False)
class EyeFrame:
    """t, s, r of the module's docstring at every chart pixel of one eye, (SIDE, SIDE) each."""

    t: FloatArray
    s: FloatArray
    r: FloatArray


@functools.lru_cache(maxsize=32)
def eyeshadow_zone(zone: Zone, pattern: str) -> Mask:
    """(SIDE, SIDE) mask of `zone` for both eyes under `pattern` ("classic", "smoky" or "cut_crease")."""
    return _on_both_eyes(_ZONE_SHAPES[zone](right_eye_frame(), pattern))


@functools.cache
def orbit_zone() -> Mask:
    """(SIDE, SIDE) mask of both eyes' surroundings, from the lash line to the brow and out towards the temple: as far as shadow is blended."""
    eye = right_eye_frame()
    return _on_both_eyes(_rise(eye.s, -0.6, -0.2) * _rise(eye.s, 2.0, 1.7) * _rise(eye.t, -0.6, -0.3) * _rise(eye.t, 1.12, 0.85))


def _on_both_eyes(one: FloatArray) -> Mask:
    """A zone of the right eye (SIDE, SIDE), and its mirror image."""
    # In rows, whatever it was made of: OpenCV would copy all of it at every look-up.
    both = np.ascontiguousarray(without_tails(np.maximum(one, one[:, ::-1])))
    both.flags.writeable = False
    return both


@functools.cache
def right_eye_frame() -> EyeFrame:
    """The frame of the subject's right eye, which is on the chart's left."""
    chart = load_topology().chart
    centre = (np.arange(SIDE) + 0.5) / SIDE
    lid = _curve(chart[landmarks.RIGHT_LID_UPPER], centre)
    crease = _curve(chart[landmarks.RIGHT_CREASE], centre)
    brow = _curve(chart[landmarks.RIGHT_BROW_LOWER], centre)
    lower = _curve(chart[landmarks.RIGHT_LID_LOWER], centre)
    outer, inner = chart[33, 0], chart[133, 0]
    width = inner - outer
    crease = np.minimum(crease, lid - 0.14 * width)
    brow = np.minimum(brow, crease - 0.20 * width)
    above = lid[None] - centre[:, None]
    first = above / (lid - crease)
    second = 1 + (above - (lid - crease)) / (crease - brow)
    t = np.broadcast_to((centre - outer) / width, first.shape)
    return EyeFrame(*(np.asarray(array, np.float32) for array in (t, np.where(first < 1, first, second), (centre[:, None] - lower[None]) / width)))


def _curve(points: npt.NDArray[np.float32], at: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Height of the curve through `points` at chart columns `at`; beyond its ends it goes on, flattening out."""
    points = points[np.argsort(points[:, 0])].astype(np.float64)
    x, y = points[:, 0], points[:, 1]
    inside = np.interp(at, x, y)
    start, end = (y[2] - y[0]) / (x[2] - x[0]), (y[-1] - y[-3]) / (x[-1] - x[-3])
    before, after = np.maximum(x[0] - at, 0), np.maximum(at - x[-1], 0)
    reach = 0.03
    return np.asarray(inside - start * reach * (1 - np.exp(-before / reach)) + end * reach * (1 - np.exp(-after / reach)))


def _rise(value: FloatArray, low: float, high: float) -> FloatArray:
    """Smoothstep from 0 at `low` to 1 at `high` (or down, when low > high)."""
    return eased(ramp(value, low, high))


def _bump(value: FloatArray, centre: float, width: float) -> FloatArray:
    return np.asarray(np.exp(-0.5 * ((value - centre) / width) ** 2), np.float32)


def _lid(eye: EyeFrame, pattern: str) -> FloatArray:
    top = {"classic": (1.15, 0.55), "smoky": (1.55, 0.7), "cut_crease": (1.04, 0.94)}[pattern]
    ends = _rise(eye.t, -0.16, 0.1) * _rise(eye.t, 1.04, 0.80)
    return _rise(eye.s, -0.6, -0.2) * _rise(eye.s, *top) * ends


def _crease(eye: EyeFrame, pattern: str) -> FloatArray:
    centre, width = {"classic": (1.12, 0.26), "smoky": (1.18, 0.31), "cut_crease": (1.16, 0.15)}[pattern]
    along = _rise(eye.t, -0.22, 0.12) * _rise(eye.t, 1.0, 0.55)
    edge = _rise(eye.s, 0.92, 1.06) if pattern == "cut_crease" else 1.0
    return _bump(eye.s, centre, width) * along * edge * _rise(eye.s, 1.9, 1.35)


def _outer_v(eye: EyeFrame, pattern: str) -> FloatArray:
    reach = 0.46 if pattern == "smoky" else 0.36
    upwards = _rise(eye.s, -0.55, 0.05) * _rise(eye.s, 1.6, 0.65)
    # The tip of the V slants from the corner up towards the end of the brow.
    slant = eye.t + 0.16 * np.clip(eye.s, 0, 2)
    return upwards * _rise(eye.t, reach, 0.04) * _rise(slant, -0.24, 0.06)


def _inner_corner(eye: EyeFrame, pattern: str) -> FloatArray:
    return _bump(eye.t, 1.02, 0.065) * _bump(eye.s, 0.15, 0.5) * _rise(eye.r, 0.16, 0.02)


def _lower_lash(eye: EyeFrame, pattern: str) -> FloatArray:
    depth = 0.30 if pattern == "smoky" else 0.19
    along = _rise(eye.t, -0.12, 0.06) * _rise(eye.t, 1.05, 0.7)
    return _rise(eye.r, depth, 0.01) * _rise(eye.r, -0.25, -0.1) * along


_ZONE_SHAPES = {"lid": _lid, "crease": _crease, "outer_v": _outer_v, "inner_corner": _inner_corner, "lower_lash": _lower_lash}
