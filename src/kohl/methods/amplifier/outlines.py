"""How paint fades towards the face's outline: as the picture shows it, not as the chart does.

Who makes up a photo sees where the face ends in it. A cheek that is turned away ends early there, and blush with it, though its chart is as
large as ever. How soon it fades is seen on pairs that are turned by a few degrees, and on the two sides of one face.
"""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import FloatArray
from kohl.faces import landmarks as at
from kohl.faces.face import Face
from kohl.faces.patch import signed_distance

KNOTS = np.array([0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5], np.float32)
"""Depths within the outline, in distances between the eyes, at which a fade is told; it is straight in between and level beyond."""
_SMOOTH, _NO_FADE = 0.003, 0.001
"""How much a bend and a fade must explain, as a share of all change, to be believed."""
_SWEEPS = 30
"""Rounds over the knots in which a fade is fitted."""


def depth_of(face: Face) -> FloatArray:
    """(h, w), on the window: how far each pixel lies within the face's outline, in distances between the eyes as if seen from the front; negative
    beyond it.
    """
    points, size = face.local_points, face.masks.clear.shape
    apart = points[[33, 133]].mean(axis=0) - points[[263, 362]].mean(axis=0)
    within = signed_distance(np.ascontiguousarray(points[at.FACE_OVAL, :2]), (size[0], size[1]))
    return np.asarray(within / max(float(np.linalg.norm(apart)), 1.0), np.float32)


def shares_of(depth: FloatArray) -> FloatArray:
    """(…, len(KNOTS)): how much of each knot is in a `depth` (…), so that a fade there is shares @ fade. They sum to 1."""
    inside = np.clip(depth, KNOTS[0], KNOTS[-1])
    place = np.interp(inside, KNOTS, np.arange(len(KNOTS)))
    return np.asarray(np.clip(1 - np.abs(place[..., None] - np.arange(len(KNOTS))), 0, 1), np.float32)


def faded(depth: FloatArray, fade: FloatArray) -> FloatArray:
    """(…) how much of the paint is left at a `depth` (…) by `fade` (len(KNOTS),)."""
    return np.asarray(np.interp(depth, KNOTS, fade), np.float32)


def fit_fade(square: FloatArray, crossed: FloatArray) -> FloatArray:
    """(len(KNOTS),) at least 0 and never less further within, in least squares: `square` (K, K), the sum of shares times shares under full change,
    `crossed` (K,) with what is seen.
    """
    num_knots = len(KNOTS)
    bends, unit = np.diff(np.eye(num_knots), axis=0), float(np.trace(square)) + 1e-6
    caution = unit * _NO_FADE * np.eye(num_knots)
    # In rises from knot to knot: what only grows is a sum of rises that are at least 0.
    grown = np.tril(np.ones((num_knots, num_knots)))
    square, crossed = grown.T @ (square + unit * _SMOOTH * bends.T @ bends + caution) @ grown, grown.T @ (crossed + caution.sum(axis=1))
    rises = np.eye(num_knots)[0]
    for _ in range(_SWEEPS):
        for knot in range(num_knots):
            rises[knot] = max(0.0, rises[knot] + (crossed[knot] - square[knot] @ rises) / square[knot, knot])
    return np.asarray(grown @ rises, np.float32)
