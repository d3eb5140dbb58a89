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
_LEAF = 8
"""Pixels that are not divided further."""
_PURPOSE = "the baseline guo-sim"


def smooth(lightness: FloatArray, amount: Mask, inside: AnyArray) -> FloatArray:
    """Smooth `lightness` (h, w) in [0, 1], by λ times `amount` (h, w) in [0, 1] at every pixel; 0 keeps a pixel as it is.

    `inside` (h, w) bool: what is smoothed; nothing outside is looked at or changed. Raises MissingExtraError without scipy.
    """
    values = lightness.astype(np.float64)
    down = _weights(np.diff(values, axis=0), (amount[1:] + amount[:-1]) / 2) * (inside[1:] & inside[:-1])
    across = _weights(np.diff(values, axis=1), (amount[:, 1:] + amount[:, :-1]) / 2) * (inside[:, 1:] & inside[:, :-1])
    return np.where(inside, solve(down, across, values, 1.0, inside), lightness)


def solve(down: AnyArray, across: AnyArray, wanted: AnyArray, held: float, inside: AnyArray) -> FloatArray:
    """Return the x (h, w) that is 0 outside of `inside`, bool, and minimises Σ held x² - 2 wanted x + Σ w (x_p - x_q)² over neighbours.

    `down` (h - 1, w) and `across` (h, w - 1) are the weights w >= 0 of neighbours, those across the border of `inside` too.
    """
    order = _dissected(inside)
    if not order.size:
        return np.zeros(wanted.shape, np.float32)
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
    matrix = sparse.diags(bands, [0, 1, -1, width, -width], shape=(size, size), format="csr")[order][:, order].tocsc()
    # Single columns at a time (relax, panel_size): SuperLU's own blocks are for denser matrices.
    factor = linalg.splu(matrix, permc_spec="NATURAL", diag_pivot_thresh=0.0, relax=1, panel_size=8, options={"SymmetricMode": True})
    found = np.zeros(size, np.float32)
    found[order] = factor.solve(wanted.ravel()[order])
    return found.reshape(height, width)


def _dissected(inside: AnyArray) -> AnyArray:
    """The numbers of the pixels `inside` (h, w), in the order in which eliminating them fills in least: halves first, the line between them last.

    George: "Nested dissection of a regular finite element mesh" (SIAM J. Numer. Anal. 1973).
    """
    numbers = np.arange(inside.size).reshape(inside.shape)

    def dissect(top: int, bottom: int, left: int, right: int) -> list[AnyArray]:
        high, wide = bottom - top, right - left
        if high * wide <= _LEAF:
            return [numbers[top:bottom, left:right].ravel()]
        if high >= wide:
            middle = (top + bottom) // 2
            return [*dissect(top, middle, left, right), *dissect(middle + 1, bottom, left, right), numbers[middle, left:right]]
        middle = (left + right) // 2
        return [*dissect(top, bottom, left, middle), *dissect(top, bottom, middle + 1, right), numbers[top:bottom, middle]]

    order = np.concatenate(dissect(0, inside.shape[0], 0, inside.shape[1]))
    kept: AnyArray = order[inside.ravel()[order]]
    return kept


def _weights(steps: AnyArray, amount: AnyArray) -> AnyArray:
    return np.asarray(LAMBDA * amount / (np.abs(steps) ** ALPHA + _EPSILON))
