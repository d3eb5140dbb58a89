"""Where a zone ends: soft shapes have tails that go on for ever, and would be looked up all over the face."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import FloatArray, Mask

_TAIL = 1 / 8192
"""An eighth of what could change an 8-bit pixel."""


def without_tails(zone: FloatArray) -> Mask:
    """`zone` (S, S) with what nobody could see set to 0."""
    return np.asarray(np.where(zone < _TAIL, 0, zone), np.float32)
