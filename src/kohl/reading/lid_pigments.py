"""What lids show, turned back into pigments: through the film, from one thickness after another.

A pigment's Lab is far from linear in the log ratios that are measured. Which thickness it was, and how dark the lid was before, the networks
have to find out; what would follow from each they are told.
"""

from __future__ import annotations

import numpy as np

from kohl.color.lab import lab_from_linear
from kohl.core.arrays import FloatArray
from kohl.rendering.film import LIGHTEST, solve_opaque
from kohl.rendering.zones.eyes import ZONES

_COVERAGES = np.array([0.25, 0.4, 0.55, 0.7, 0.85, 0.97], np.float32)
_BARE = -0.2
"""Log ratio of a bare lid to the skin, on all channels …"""
_SHADES = np.array([0.0, 0.25], np.float32)
"""… and by how much shade, lashes and liner may have darkened it on top."""
_BESIDE_LASHES, _UNDER_CREASE, _MIDDLE = slice(1, 3), slice(3, 5), slice(3, 8)
"""Rows, and the columns, of the eyes' map in which lids are looked at."""
_DARKEST = 1e-3
_UNIT = 40.0
"""Lab per unit: numbers of a reader stay within three."""


def lid_pigments(skin: FloatArray, pans: FloatArray, cells: FloatArray) -> FloatArray:
    """(87,) scaled Lab: of the `skin` (3,), a reflectance; of the lid, the crease, the lid beside the lashes and under the crease as they are seen;
    and of the pigments that lids would be painted with.

    `pans` (zones, 3) and `cells` (ROWS, COLUMNS, 3): log ratios to the skin, see `pan_colours` and `eye_map`; of hidden pans, NaN.
    """
    lid, crease = (np.nan_to_num(pans[ZONES.index(zone)]) for zone in ("lid", "crease"))
    beside, under = (cells[rows, _MIDDLE].mean((0, 1)) for rows in (_BESIDE_LASHES, _UNDER_CREASE))
    seen = lab_from_linear(_reflectance(skin, np.stack([np.zeros(3), lid, crease, beside, under])))
    behind = lab_from_linear(_pigments(skin, np.stack([lid, beside])))
    return np.asarray(np.concatenate([seen.ravel(), behind.ravel()]) / np.float32(_UNIT), np.float32)


def _pigments(skin: FloatArray, seen: FloatArray) -> FloatArray:
    """(N, shades, coverages, 3) reflectance of the pigments that give the log ratios `seen` (N, 3)."""
    ground, painted = (_reflectance(skin, ratio) for ratio in (np.full(3, _BARE), seen[:, None] + _SHADES[:, None]))
    return solve_opaque(ground, painted[:, :, None], _COVERAGES)


def _reflectance(skin: FloatArray, ratio: FloatArray) -> FloatArray:
    return np.asarray(np.clip(skin * np.exp(ratio), _DARKEST, LIGHTEST), np.float32)
