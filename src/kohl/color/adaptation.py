"""A colour under one light or beside one skin, as it is under or beside another."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import AnyArray, FloatArray

_DARKEST_WHITE = 2e-3
"""Linear light below which a channel of what counts as white, such as skin, is noise."""


def carry_by_ratio(light: AnyArray, white: AnyArray, other: AnyArray) -> FloatArray:
    """Linear `light` (..., 3) seen beside `white` (3,) as it is beside `other` (3,): the ratio stays, channel by channel (von Kries' rule).

    Not cut: where `other` is brighter it may be above 1.
    """
    return np.asarray(light / np.maximum(white, _DARKEST_WHITE) * np.maximum(other, _DARKEST_WHITE), np.float32)
