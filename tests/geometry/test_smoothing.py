"""A wide blur on a coarse grid is the wide blur."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from kohl.geometry.smoothing import blur_far


@pytest.mark.parametrize("sigma", [0.2, 1.0, 5.0, 12.0, 40.0])
@pytest.mark.parametrize("shape", [(150, 203), (150, 203, 3)])
def test_it_is_the_plain_blur_but_for_little(sigma, shape):
    values = cv2.resize(np.random.default_rng(0).uniform(0, 1, (12, 17, *shape[2:])).astype(np.float32), shape[1::-1])
    plain = cv2.GaussianBlur(values, (0, 0), max(sigma, 0.3))
    error = np.abs(blur_far(values, sigma) - plain)
    assert error.shape == shape
    # The last case is four sigmas high: nearly all of it is border.
    assert error.mean() < 0.01
    # A grid step from the border the coarse grid has no neighbour to lean on.
    assert error.max() < 0.1


@pytest.mark.parametrize("shape", [(1, 1), (3, 40), (40, 3)])
def test_pictures_smaller_than_the_blur_stay_finite(shape):
    values = np.ones(shape, np.float32)
    np.testing.assert_allclose(blur_far(values, 30.0), values, atol=1e-5)
