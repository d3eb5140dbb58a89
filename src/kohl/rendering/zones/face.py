"""Zones of blush, bronzer, contour, highlighter and concealer on the UV chart: soft ellipses and bands between landmarks."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray, Mask
from kohl.faces.topology import load_topology
from kohl.rendering.zones.tails import without_tails

SIDE = 384
"""Pixels along the chart: these zones are broad and soft."""


@functools.lru_cache(maxsize=32)
def face_zone(product: str, pattern: str = "") -> Mask:
    """(SIDE, SIDE) mask of a product's zone under `pattern`, symmetric."""
    one = _SHAPES[product, pattern]()
    both = without_tails(np.maximum(one, one[:, ::-1]))
    both.flags.writeable = False
    return both


def _grid() -> tuple[FloatArray, FloatArray]:
    centre = ((np.arange(SIDE) + 0.5) / SIDE).astype(np.float32)
    x, y = np.meshgrid(centre, centre)
    return x, y


def _at(*weights: tuple[int, float]) -> npt.NDArray[np.float64]:
    """Weighted mean of landmarks on the chart; the weights are (number, weight)."""
    chart = load_topology().chart.astype(np.float64)
    total = sum(weight for _, weight in weights)
    mean: npt.NDArray[np.float64] = sum((chart[number] * weight for number, weight in weights), np.zeros(2)) / total
    return mean


def _ellipse(centre: npt.NDArray[np.float64], radii: tuple[float, float], tilt: float = 0.0) -> FloatArray:
    """Gaussian ellipse; `radii` are standard deviations in chart units, `tilt` in degrees counter-clockwise as seen."""
    x, y = _grid()
    angle = np.radians(tilt)
    across, down = x - centre[0], y - centre[1]
    along = across * np.cos(angle) - down * np.sin(angle)
    aside = across * np.sin(angle) + down * np.cos(angle)
    return np.asarray(np.exp(-0.5 * ((along / radii[0]) ** 2 + (aside / radii[1]) ** 2)), np.float32)


def _band(numbers: Sequence[int], width: float) -> FloatArray:
    """Gaussian band along the polyline through landmarks; `width` is its standard deviation in chart units."""
    x, y = _grid()
    chart = load_topology().chart.astype(np.float64)
    nearest = np.full(x.shape, np.inf)
    for start, end in itertools.pairwise(numbers):
        a, b = chart[start], chart[end]
        share = np.clip(((x - a[0]) * (b[0] - a[0]) + (y - a[1]) * (b[1] - a[1])) / max(((b - a) ** 2).sum(), 1e-9), 0, 1)
        nearest = np.minimum(nearest, (x - a[0] - share * (b[0] - a[0])) ** 2 + (y - a[1] - share * (b[1] - a[1])) ** 2)
    return np.asarray(np.exp(-0.5 * nearest / width**2), np.float32)


def _union(*masks: FloatArray) -> FloatArray:
    """Soft union: overlapping zones never add up to more than 1."""
    rest = np.ones_like(masks[0])
    for mask in masks:
        rest = rest * (1 - mask)
    return np.asarray(1 - rest, np.float32)


def _below(mask: FloatArray, number: int, soft: float) -> FloatArray:
    """Fade `mask` out above the height of a landmark."""
    _, y = _grid()
    top = load_topology().chart[number, 1]
    return np.asarray(mask * np.clip((y - top) / soft + 0.5, 0, 1), np.float32)


def _apples() -> FloatArray:
    return _ellipse(_at((50, 1.5), (205, 0.6), (117, 0.5)), (0.058, 0.042), 22)


def _draped() -> FloatArray:
    return _band((205, 50, 123, 116, 143), 0.036)


def _sunkissed() -> FloatArray:
    return _union(_ellipse(_at((50, 1), (118, 0.5)), (0.06, 0.034), 8), _ellipse(_at((5, 1), (195, 1)), (0.05, 0.02)) * 0.85)


def _frame() -> FloatArray:
    forehead = _band((10, 109, 67, 103, 54, 21), 0.034) * 0.8
    return _union(forehead, _band((127, 116, 123), 0.032), _band((58, 172, 136, 150), 0.026) * 0.7)


def _frame_and_nose() -> FloatArray:
    return _union(_frame(), _ellipse(_at((195, 1), (5, 1)), (0.016, 0.05)) * 0.7)


def _under_cheekbone() -> FloatArray:
    return _band((93, 147, 187, 207), 0.021)


def _jaw() -> FloatArray:
    return _band((58, 172, 136, 150, 149, 176), 0.018)


def _beside_nose() -> FloatArray:
    return _band((193, 122, 196, 198, 131), 0.0085)


def _full_contour() -> FloatArray:
    return _union(_under_cheekbone(), _jaw() * 0.8, _beside_nose() * 0.7, _band((54, 103, 67), 0.026) * 0.7)


def _cheekbone_light() -> FloatArray:
    return _band((118, 117, 111, 143), 0.017)


def _nose_light() -> FloatArray:
    return _union(_band((6, 197, 195, 5), 0.0065), _ellipse(_at((4, 1)), (0.009, 0.009)))


def _full_light() -> FloatArray:
    brow_bone = _band((225, 224, 223), 0.009) * 0.6
    return _union(_cheekbone_light(), _nose_light() * 0.85, brow_bone, _ellipse(_at((164, 0.35), (0, 0.65)), (0.02, 0.007)) * 0.6)


def _under_eye() -> FloatArray:
    return _below(_band((233, 232, 231, 230, 229), 0.021), 145, 0.02)


_SHAPES = {
    ("blush", "apples"): _apples,
    ("blush", "draped"): _draped,
    ("blush", "sunkissed"): _sunkissed,
    ("bronzer", "frame"): _frame,
    ("bronzer", "nose"): _frame_and_nose,
    ("contour", "cheekbones"): _under_cheekbone,
    ("contour", "jaw"): _jaw,
    ("contour", "nose"): _beside_nose,
    ("contour", "full"): _full_contour,
    ("highlighter", "cheekbones"): _cheekbone_light,
    ("highlighter", "nose"): _nose_light,
    ("highlighter", "full"): _full_light,
    ("concealer", ""): _under_eye,
}
