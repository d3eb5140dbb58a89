"""How often a method gives no result that can be used; those cases are counted, never dropped."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kohl.core.arrays import AnyArray, Image
from kohl.core.errors import UsageError


def is_usable(result: object, source: Image) -> bool:
    """Whether `result` is a picture of the source's size: floats (H, W, 3), all finite and in [0, 1] up to rounding."""
    if not isinstance(result, np.ndarray) or result.shape != source.shape or not np.issubdtype(result.dtype, np.floating):
        return False
    picture: AnyArray = result
    low, high = float(picture.min()), float(picture.max())
    # Written so that NaN, for which nothing holds, is refused.
    return low >= -1e-3 and high <= 1 + 1e-3


def failure_share(results: Sequence[object], sources: Sequence[Image]) -> float:
    """Share of cases without a usable result; None stands for a method that raised. Range [0, 1], lower is better.

    Raises UsageError unless there are as many results as sources, at least one.
    """
    if len(results) != len(sources) or not sources:
        raise UsageError(f"expected a result or None for every source, got {len(results)} results and {len(sources)} sources; count every case")
    return sum(not is_usable(result, source) for result, source in zip(results, sources, strict=True)) / len(sources)
