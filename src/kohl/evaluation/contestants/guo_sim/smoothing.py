"""Edge-preserving smoothing by weighted least squares, as one sparse linear system.

Farbman, Fattal, Lischinski, Szeliski: "Edge-preserving decompositions for multi-scale tone and detail manipulation" (SIGGRAPH 2008):
(1 + λ L_g) s = l, with the weights of neighbours 1 / (|∂l|^α + ε). Guo & Sim let λ vary over the face.
"""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import AnyArray, FloatArray, Mask
from kohl.core.extras import require

ALPHA, LAMBDA = 1.2, 0.2
_EPSILON = 1e-4
_PURPOSE = "the baseline guo-sim"


def smooth(lightness: FloatArray, amount: Mask) -> FloatArray:
    """Smooth `lightness` (h, w) in [0, 1], by λ times `amount` (h, w) in [0, 1] at every pixel; 0 keeps a pixel as it is.

    Raises MissingExtraError without scipy.
    """
    values = lightness.astype(np.float64)
    down = _weights(np.diff(values, axis=0), (amount[1:] + amount[:-1]) / 2)
    across = _weights(np.diff(values, axis=1), (amount[:, 1:] + amount[:, :-1]) / 2)
    return solve(down, across, values)


def solve(down: AnyArray, across: AnyArray, wanted: AnyArray, held: float | AnyArray = 1.0) -> FloatArray:
    """Return the x (h, w) that minimises Σ held (x - wanted / held)² + Σ w (x_p - x_q)² over neighbours.

    `down` (h - 1, w) and `across` (h, w - 1) are the weights w >= 0; `wanted` (h, w) the right-hand side, `held` its diagonal.
    """
    sparse = require("scipy.sparse", extra="eval", purpose=_PURPOSE)
    linalg = require("scipy.sparse.linalg", extra="eval", purpose=_PURPOSE)
    height, width = wanted.shape
    below, beside = np.zeros((height, width)), np.zeros((height, width))
    below[:-1], beside[:, :-1] = down, across
    total = held + below + beside
    total[1:] += down
    total[:, 1:] += across
    size = height * width
    bands = [total.ravel(), -beside.ravel()[:-1], -beside.ravel()[:-1], -below.ravel()[:-width], -below.ravel()[:-width]]
    matrix = sparse.diags(bands, [0, 1, -1, width, -width], shape=(size, size), format="csc")
    factor = linalg.splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    return np.asarray(factor.solve(wanted.ravel()).reshape(height, width), np.float32)


def _weights(steps: AnyArray, amount: AnyArray) -> AnyArray:
    return np.asarray(LAMBDA * amount / (np.abs(steps) ** ALPHA + _EPSILON))
