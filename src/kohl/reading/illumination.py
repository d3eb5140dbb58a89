"""The light on a face that may wear makeup: fitted where makeup rarely is, and continued from there.

`rendering.shading` follows the photo closely, which is right for painting and wrong for reading: it would take a dark lid
for a shaded one. Here a second-order spherical-harmonics model (Ramamoorthi & Hanrahan 2001, nine numbers) is fitted to
the luminance of forehead, nose, jaw and outer cheeks; what it leaves over is smoothed over the same places alone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray, Mask
from kohl.core.medians import median
from kohl.core.products import gram, product
from kohl.rendering.shading import blur

_ROUNDS = 4
"""Rounds of reweighting: enough for shadows and highlights to lose their vote."""
_SPREAD = 0.25
"""Natural log of luminance: deviations beyond this count less."""
_SMOOTH = 0.07
"""Standard deviation, in shares of the window, of the remainder that is kept."""


def fit_illumination(bright: Mask, trusted: Mask, normals: FloatArray) -> Mask:
    """Return the luminance (h, w) of unpainted skin everywhere, from `bright` (h, w) where `trusted` (h, w) says it is bare.

    normals: (h, w, 3) unit normals. All are coarse copies of a window.
    """
    log = np.log(np.maximum(bright, 1e-3))
    basis = _harmonics(normals)
    inside = trusted > 0.3
    if inside.sum() < 50:
        return np.full_like(bright, float(np.exp(median(log.ravel()))))
    design, values, weights = basis[inside].astype(np.float64), log[inside].astype(np.float64), trusted[inside].astype(np.float64)
    model = _robust_fit(design, values, weights)
    smooth = (basis @ model).astype(np.float32)
    smooth = np.clip(smooth, *np.percentile(smooth[inside], (1, 99)))
    left = np.clip(log - smooth, -2 * _SPREAD, 2 * _SPREAD)
    sigma = _SMOOTH * max(bright.shape)
    weight = blur(trusted, sigma)
    remainder = blur(left * trusted, sigma) / (weight + 0.04)
    return np.asarray(np.exp(smooth + remainder), np.float32)


def _robust_fit(design: npt.NDArray[np.float64], values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Least squares with weights 1 / (1 + (r / spread)²) (Cauchy), slightly held towards flat light."""
    ridge = np.diag([0.0, *[2e-3] * 3, *[2e-2] * 5]) * weights.sum()
    model = np.zeros(design.shape[1])
    robust = weights
    for _ in range(_ROUNDS):
        weighted = design * robust[:, None]
        model = np.linalg.solve(gram(weighted, design) + ridge, gram(weighted, values))
        robust = weights / (1 + ((values - product(design, model)) / _SPREAD) ** 2)
    return model


def _harmonics(normals: FloatArray) -> FloatArray:
    """(h, w, 9) second-order real spherical harmonics of `normals`, without their constant factors."""
    x, y, z = normals[..., 0], normals[..., 1], normals[..., 2]
    return np.asarray(np.stack([np.ones_like(x), x, y, z, x * y, x * z, y * z, x * x - y * y, 3 * z * z - 1], -1), np.float32)
