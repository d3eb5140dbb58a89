"""Medians, by sorting: numpy's own selects, which takes twice as long, and on small arrays its checks take longest."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import AnyArray


def median(values: AnyArray) -> AnyArray:
    """The median (...) of `values` (N, ...) along their first axis, as `numpy.median` has it; N at least 1, no NaN among them."""
    return np.asarray(np.sort(values, axis=0)[(len(values) - 1) // 2 : len(values) // 2 + 1].mean(axis=0))
