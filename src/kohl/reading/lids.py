"""The pans of an eyeshadow, measured where each lies alone, on the eyes' own patches: a lid is too thin for the chart."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Mask
from kohl.core.medians import median
from kohl.reading.eye_patches import EyePatch, height
from kohl.reading.lips import chroma
from kohl.rendering.light import luminance
from kohl.rendering.zones.eyes import ZONES, eyeshadow_zone

_OFF_LASHES = 0.05
"""Eye widths: nearer to a lid's edge, lashes and liner hide the shadow."""
_FEWEST = 6.0
"""Pixels (weighted) below which a zone counts as hidden."""


def pan_pixels(eyes: Sequence[EyePatch]) -> dict[str, FloatArray]:
    """Log ratios (N, 3) of the pixels that show a zone of `ZONES` and nothing else, both eyes together; none where too little is seen."""
    weights = [zone_weights(eye) for eye in eyes]
    ratios = np.concatenate([eye.ratio.reshape(-1, 3) for eye in eyes])
    return {zone: _shown(ratios, np.concatenate([weight[zone].ravel() for weight in weights])) for zone in ZONES}


def pan_colours(pixels: Mapping[str, FloatArray]) -> FloatArray:
    """(zones, 3) median log ratio of what `pan_pixels` found; NaN where a zone is hidden."""
    return np.asarray([median(shown) if len(shown) else np.full(3, np.nan) for shown in pixels.values()], np.float32)


def pan_unevenness(pixels: Mapping[str, FloatArray]) -> FloatArray:
    """(zones, 5) of what `pan_pixels` found: median absolute deviations of the two log chromas and of log luminance, and how far its
    10th and 90th per cent lie from the middle. A film evens colour out, and lets light and shade through. NaN where a zone is hidden.
    """
    return np.asarray([_unevenness(shown) if len(shown) else np.full(5, np.nan) for shown in pixels.values()], np.float32)


def zone_weights(eye: EyePatch) -> dict[str, Mask]:
    """(h, w) weights of every zone: how much a pixel belongs to it and to no other, is skin, and is clear of the lashes."""
    masks = dict(zip(ZONES, np.moveaxis(_sample_zones(eye), -1, 0), strict=True))
    clear = eye.skin * _off_lashes(eye)
    weights = {}
    for zone, mask in masks.items():
        others = np.max([other for name, other in masks.items() if name != zone], axis=0)
        alone = np.clip((mask - 0.8 * others) / 0.3, 0, 1)
        weights[zone] = np.asarray(mask * alone * clear, np.float32)
    return weights


def _sample_zones(eye: EyePatch) -> FloatArray:
    """(h, w, zones): the zones' masks over the patch."""
    zones, top = _stacked_zones()
    at = eye.uv * np.float32(zones.shape[1]) - np.array([0.5, 0.5 + top], np.float32)
    return np.asarray(cv2.remap(zones, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT), np.float32)


@functools.cache
def _stacked_zones() -> tuple[FloatArray, int]:
    """(rows, S, zones): all zones in one texture, cut to the chart's rows that hold any; and the first of these rows."""
    zones = np.stack([eyeshadow_zone(zone, "classic") for zone in ZONES], -1)
    rows = np.flatnonzero(zones.max((1, 2)) > 0)
    top, end = max(int(rows[0]) - 1, 0), int(rows[-1]) + 2
    stacked = np.ascontiguousarray(zones[top:end])
    stacked.flags.writeable = False
    return stacked, top


def _off_lashes(eye: EyePatch) -> Mask:
    rows = height()[:, None]
    over, under = rows - eye.upper[None], eye.lower[None] - rows
    return np.asarray(np.clip(np.maximum(over, under + 0.02) / _OFF_LASHES - 0.5, 0, 1), np.float32)


def _shown(values: FloatArray, weights: FloatArray) -> FloatArray:
    chosen = weights > 0.25 * max(float(weights.max()), 1e-6)
    return values[chosen] if weights[chosen].sum() >= _FEWEST else values[:0]


def _unevenness(pixels: FloatArray) -> FloatArray:
    bright = luminance(pixels)
    low, middle, high = np.percentile(bright, (10, 50, 90))
    apart = np.concatenate([chroma(pixels), bright[:, None]], 1)
    spread = median(np.abs(apart - median(apart)))
    return np.array([*spread, low - middle, high - middle], np.float32)
