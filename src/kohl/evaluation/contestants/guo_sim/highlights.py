"""Highlight and contour, carried over by their gradients (Guo & Sim 2009, equations 8 and 9)."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import AnyArray, FloatArray, Mask
from kohl.evaluation.contestants.guo_sim.smoothing import solve

_HELD = 1e-6
"""Of every pixel: where the face fills its window, no border holds the solution."""


def carry_highlights(own: FloatArray, theirs: FloatArray, beta: Mask, inside: AnyArray) -> FloatArray:
    """Give the structure layer `own` (h, w) the stronger ones of its own gradients and β times those of `theirs` (h, w).

    `inside` (h, w) bool: where values may change; around it they stay (Dirichlet), and the Poisson equation is solved for what
    lies within. Whose gradient is taken is decided by the gradient as a vector, pixel by pixel.
    """
    length_own, length_theirs = (np.hypot(_down(layer), _across(layer)) for layer in (own, theirs))
    takes = (beta * length_theirs > length_own) & inside
    # Solved for the change alone, which is zero around the face: rounding and the border then cost nothing.
    surplus = (theirs - own).astype(np.float64)
    pairs_down, pairs_across = takes[:-1], takes[:, :-1]
    step_down, step_across = np.diff(surplus, axis=0) * pairs_down, np.diff(surplus, axis=1) * pairs_across
    wanted = np.zeros(own.shape)
    wanted[:-1] -= step_down
    wanted[1:] += step_down
    wanted[:, :-1] -= step_across
    wanted[:, 1:] += step_across
    change = solve(np.ones_like(step_down), np.ones_like(step_across), wanted, _HELD, inside)
    return np.asarray(own + change, np.float32)


def _down(layer: FloatArray) -> FloatArray:
    return np.diff(layer, axis=0, append=layer[-1:])


def _across(layer: FloatArray) -> FloatArray:
    return np.diff(layer, axis=1, append=layer[:, -1:])
