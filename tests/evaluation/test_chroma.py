"""Sliced Wasserstein distance of chroma, beside scipy's of every projection and cases that are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import wasserstein_distance

from kohl.color.lab import srgb_from_lab
from kohl.core.region import Region
from kohl.evaluation.metrics.chroma import chroma_distance, chroma_of


def cloud(seed: int, count: int = 1500) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.normal(0, [3, 6], (count, 2)) + rng.uniform(-5, 5, 2)).astype(np.float32)


def test_it_is_the_mean_of_scipy_s_distances_of_the_projections():
    first, second = cloud(1), cloud(2, 900) * np.float32([1.5, 0.4])
    angles = np.pi * np.arange(12) / 12
    expected = np.mean([wasserstein_distance(first @ way, second @ way) for way in np.stack([np.cos(angles), np.sin(angles)], 1)]) * np.pi / 2
    assert chroma_distance(first, second) == pytest.approx(expected, rel=0.01)


@settings(max_examples=20, deadline=None)
@given(st.floats(-30, 30), st.floats(-30, 30), st.integers(0, 99))
def test_a_shift_is_as_far_as_it_is_long(across: float, along: float, seed: int):
    points = cloud(seed)
    assert chroma_distance(points, points + np.float32([across, along])) == pytest.approx(np.hypot(across, along), rel=0.01, abs=1e-3)


def test_equal_sets_are_not_apart_and_spread_counts_where_means_agree():
    points = cloud(3)
    assert chroma_distance(points, points[::-1].copy()) == 0
    centred = points - points.mean(0)
    assert chroma_distance(centred, 2 * centred) > 1


def test_too_few_pixels_say_nothing():
    assert np.isnan(chroma_distance(cloud(1), cloud(2, 19)))


def test_chroma_is_taken_from_the_region_alone_and_on_its_own_skin_stays():
    skin = np.float32([60, 10, 15])
    lab = np.full((8, 8, 3), skin, np.float32)
    lab[2:6, 2:6] = (50, 30, 5)
    region = np.zeros((8, 8), np.float32)
    region[2:6, 2:6] = 1
    found = chroma_of(srgb_from_lab(lab), region, Region.LIPS, skin, skin)
    assert found.shape == (16, 2)
    np.testing.assert_allclose(found, np.tile([30, 5], (16, 1)), atol=0.05)
