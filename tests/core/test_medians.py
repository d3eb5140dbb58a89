"""Our median is numpy's."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from kohl.core.arrays import AnyArray
from kohl.core.medians import median

numbers = st.floats(-1e6, 1e6, width=32)


@given(arrays(np.float32, array_shapes(min_dims=1, max_dims=3, max_side=9), elements=numbers))
def test_it_is_numpys(values: AnyArray):
    found = median(values)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, np.median(values, axis=0))
