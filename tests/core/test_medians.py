"""Our median is numpy's."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from kohl.core.arrays import AnyArray
from kohl.core.medians import median, weighted_median

numbers = st.floats(-1e6, 1e6, width=32)


@given(arrays(np.float32, array_shapes(min_dims=1, max_dims=3, max_side=9), elements=numbers))
def test_it_is_numpys(values: AnyArray):
    found = median(values)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, np.median(values, axis=0))


@given(arrays(np.float32, st.tuples(st.integers(1, 9), st.integers(1, 3)), elements=numbers), st.data())
def test_a_weight_counts_as_so_many_values(values: AnyArray, data: st.DataObject):
    """With whole weights the lower median of each value repeated as often as it weighs."""
    weights = data.draw(arrays(np.int64, len(values), elements=st.integers(0, 5)).filter(lambda drawn: drawn.any()))
    repeated = np.sort(np.repeat(values, weights, axis=0), axis=0)
    found = weighted_median(values, weights)
    assert (found.dtype, found.shape) == (np.float32, values.shape[1:])
    np.testing.assert_array_equal(found, repeated[(len(repeated) - 1) // 2])
