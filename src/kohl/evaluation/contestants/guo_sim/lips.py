"""Lip makeup: every lip pixel takes the colour of the example's lip pixel that lies near it and is as light (Guo & Sim 2009, equation 10)."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import AnyArray, FloatArray, Mask
from kohl.core.extras import require

NEAR = 0.06
"""Standard deviation of the spatial Gaussian, in eye distances."""
ALIKE = 0.08
"""Standard deviation of the Gaussian of lightness, in shares of the equalised range."""
_FEWEST = 20


def paint_lips(own: FloatArray, own_lips: Mask, theirs: FloatArray, their_lips: Mask, eye_distance: float) -> FloatArray:
    """Return Lab (h, w, 3) of the source with its lips painted; `theirs` (h, w, 3) is the example, aligned with it.

    For a pixel p, the q that maximises G(|p - q|) G(|L(q) - L(p)|) over the example's lips, with the lightness of both equalised:
    the nearest neighbour in place and lightness, each over its deviation. The source's own wrinkles choose, so they stay.
    """
    to_paint, to_take = own_lips > 0.02, their_lips > 0.5
    if min(to_paint.sum(), to_take.sum()) < _FEWEST:
        return own
    tree = require("scipy.spatial", extra="eval", purpose="the baseline guo-sim").cKDTree(_key(theirs, to_take, eye_distance))
    _, nearest = tree.query(_key(own, to_paint, eye_distance))
    painted = own.copy()
    painted[to_paint] = theirs[to_take][nearest]
    return painted


def _key(lab: FloatArray, where: AnyArray, eye_distance: float) -> AnyArray:
    """(N, 3): place and equalised lightness of the pixels `where`, in deviations."""
    rows, columns = np.nonzero(where)
    ranks = lab[..., 0][where].argsort().argsort() / max(len(rows) - 1, 1)
    return np.stack([columns / (NEAR * eye_distance), rows / (NEAR * eye_distance), ranks / ALIKE], 1)
