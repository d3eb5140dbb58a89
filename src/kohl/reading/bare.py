"""What a bare face looks like, relative to its own skin: the mean of many people, by skin tone, with its spread."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib.resources import files

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Mask
from kohl.core.medians import median
from kohl.reading.unrolled import SIDE, Unrolled
from kohl.reading.zones import CHEEKS, LIDS, LIPS, zone_mask
from kohl.rendering.light import luminance

ZONES = (LIPS, LIDS, CHEEKS)
_CHROMA = np.array([[1, -1, 0], [0, -1, 1]], np.float64)
"""Log red, green and blue → log red and log blue over green."""


@dataclass(frozen=True, eq=False)
class BarePrior:
    """Per point of a coarse chart (s, s, 3): `middle` log ratio to the own skin, `slope` of it per unit of `skin_depth`, `spread`. Per zone of
    `ZONES`: `zone_middle`, `zone_slope` (3, 3) and `zone_covariance` (3, 3, 3) of the zone's mean.
    """

    middle: FloatArray
    slope: FloatArray
    spread: FloatArray
    zone_middle: FloatArray
    zone_slope: FloatArray
    zone_covariance: FloatArray

    def expected(self, skin: FloatArray, side: int = SIDE) -> FloatArray:
        """(side, side, 3) log ratio that a bare face of this skin (3,) shows."""
        coarse = self.middle + self.slope * np.float32(skin_depth(skin))
        return np.asarray(cv2.resize(coarse, (side, side), interpolation=cv2.INTER_LINEAR), np.float32)

    def strangeness(self, zone: str, mean: FloatArray, skin: FloatArray) -> float:
        """How many standard deviations hue and chroma of the zone's `mean` (3,) lie from a bare face's (Mahalanobis distance of the log ratios of
        red and of blue to green); how light it is does not count.
        """
        number = ZONES.index(zone)
        left = _CHROMA @ (mean - self.zone_middle[number] - self.zone_slope[number] * skin_depth(skin))
        covariance = _CHROMA @ self.zone_covariance[number] @ _CHROMA.T
        return float(np.sqrt(max(left @ np.linalg.solve(covariance, left), 0.0)))


def skin_depth(skin: FloatArray) -> float:
    """0 for medium skin, positive for deep, negative for fair: minus the log of its luminance, centred."""
    return float(np.clip(-np.log(max(float(luminance(skin)), 1e-3)) - 1.3, -1.2, 2.0))


def zone_means(unrolled: Unrolled) -> FloatArray:
    """(3, 3) robust mean log ratio of lips, lids and cheeks; NaN where too little is seen."""
    return np.stack([zone_mean(unrolled.ratio, zone_weight(unrolled, zone)) for zone in ZONES])


def zone_weight(unrolled: Unrolled, zone: str) -> Mask:
    """(S, S) weights of a zone's pixels that are seen."""
    seen = unrolled.lips_seen if zone == LIPS else unrolled.skin_seen
    return np.asarray(zone_mask(zone, unrolled.side) * seen, np.float32)


def zone_mean(ratio: FloatArray, weight: Mask) -> FloatArray:
    """Median over the zone's core, (3,); NaN when it is not seen."""
    inside = weight > 0.5
    if inside.sum() < 12:
        return np.full(3, np.nan, np.float32)
    return np.asarray(median(ratio[inside]), np.float32)


@functools.cache
def load_bare_prior() -> BarePrior:
    """The one prior of kohl; read once."""
    with (files("kohl.reading") / "bare.npz").open("rb") as handle, np.load(handle, allow_pickle=False) as data:
        arrays = {name: np.asarray(data[name], np.float32) for name in data.files}
    for array in arrays.values():
        array.flags.writeable = False
    return BarePrior(**arrays)
