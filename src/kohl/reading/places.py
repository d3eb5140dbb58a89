"""Places on the chart that reading measures: where each product lies, and the skin beside it that it is compared with."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray, Mask
from kohl.core.medians import median
from kohl.faces.topology import load_topology
from kohl.reading.unrolled import SIDE, Unrolled
from kohl.reading.zones import BARE, LIPS, zone_mask
from kohl.rendering.zones.eyes import ZONES as PAN_ZONES
from kohl.rendering.zones.eyes import eyeshadow_zone
from kohl.rendering.zones.face import face_zone

_SEEN = 0.5
_FEWEST = 10
"""Pixels: below this a place counts as hidden."""

CHEEK_PLACES = ("apples", "draped", "sunkissed")
BESIDE_LIDS = ("brow_bone", "under_eye", "temple", "forehead", "nose")
BESIDE_CHEEKS = ("under_eye", "jaw", "forehead", "nose", "chin", "around_lips")


@functools.cache
def places() -> Mapping[str, Mask]:
    """(S, S) mask in {0, 1} of every place, symmetric."""
    shapes = {**_cheek_places(), **_bare_places()}
    return {name: np.asarray(shape, np.float32) for name, shape in shapes.items()}


def measure(unrolled: Unrolled, names: Sequence[str]) -> FloatArray:
    """Median log ratio (len(names), 3) of places on the skin; NaN where one is hidden. Half a face is enough."""
    seen, ratio = (unrolled.skin_seen > _SEEN).ravel(), unrolled.ratio.reshape(-1, 3)
    return np.stack([_median(ratio[at[seen[at]]]) for at in map(_points_of, names)])


@functools.cache
def _points_of(name: str) -> npt.NDArray[np.intp]:
    """The chart points (flat) of a place."""
    return np.flatnonzero(places()[name] > 0)


def _median(values: FloatArray) -> FloatArray:
    if len(values) < _FEWEST:
        return np.full(3, np.nan, np.float32)
    return np.asarray(median(values), np.float32)


def _cheek_places() -> dict[str, FloatArray]:
    zones = {name: _enlarged(face_zone("blush", name)) for name in CHEEK_PLACES}
    shared = {"apples": zones["apples"], "draped": zones["draped"] * (1 - zones["apples"]), "sunkissed": zones["sunkissed"] * (1 - zones["apples"])}
    return {name: mask > 0.6 * mask.max() for name, mask in shared.items()}


def _bare_places() -> dict[str, FloatArray]:
    """Skin beside the products. The eyes' surroundings are told apart by their side of the eye."""
    lips = (zone_mask(LIPS, SIDE) > 0.05).astype(np.float32)
    around_lips = (_grown(lips, 0.045) > 0) & (_grown(lips, 0.018) == 0)
    shadow = np.max([shrunk(eyeshadow_zone(zone, "smoky")) for zone in PAN_ZONES], axis=0)
    around_eyes = (_grown((shadow > 0.12).astype(np.float32), 0.035) > 0) & (shadow < 0.12)
    chart = load_topology().chart
    rows, columns = (np.arange(SIDE)[:, None] + 0.5) / SIDE, (np.arange(SIDE)[None] + 0.5) / SIDE
    above = rows < chart[33, 1]
    beside = (columns < chart[33, 0]) | (columns > chart[263, 0])
    between = (columns > chart[133, 0]) & (columns < chart[362, 0])
    bare = zone_mask(BARE, SIDE) > 0.6
    return {
        "around_lips": around_lips,
        "chin": bare & (rows > chart[17, 1]) & (abs(columns - 0.5) < 0.1),
        "brow_bone": around_eyes & above & ~beside & ~between,
        "under_eye": around_eyes & ~above & ~beside & ~between,
        "temple": around_eyes & beside & above,
        "jaw": bare & (rows > chart[0, 1]) & (abs(columns - 0.5) > 0.15),
        "forehead": bare & (rows < chart[9, 1]),
        "nose": bare & (abs(columns - 0.5) < 0.03) & (rows > chart[6, 1]) & (rows < chart[4, 1]),
    }


def shrunk(mask: Mask) -> Mask:
    """A larger mask of the chart as one of (S, S)."""
    return np.asarray(cv2.resize(mask, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)


def _enlarged(mask: Mask) -> Mask:
    return np.asarray(cv2.resize(mask, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), np.float32)


def _grown(mask: FloatArray, reach: float) -> FloatArray:
    size = 2 * round(reach * SIDE) + 1
    return np.asarray(cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))))
