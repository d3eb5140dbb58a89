"""What a contestant gave back, before anything is measured on it."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import Image

_SLACK = 1e-4
"""How far rounding may have carried a value beyond [0, 1]."""


def fault_of(result: object, source: Image) -> str | None:
    """Say what is wrong with a result for `source` (H, W, 3): no array, another size or type, not finite, out of range; None: nothing."""
    if not isinstance(result, np.ndarray):
        return f"expected a picture (H, W, 3) float32, got {type(result).__name__}"
    if result.shape != source.shape:
        return f"expected the source's size {source.shape}, got {result.shape}"
    if result.dtype != np.float32:
        return f"expected float32, got {result.dtype}"
    if not np.isfinite(result).all():
        return f"expected finite values, got {np.count_nonzero(~np.isfinite(result))} that are not"
    low, high = float(result.min()), float(result.max())
    if low < -_SLACK or high > 1 + _SLACK:
        return f"expected values in [0, 1], got {low:.4g} to {high:.4g}"
    return None
