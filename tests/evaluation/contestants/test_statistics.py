"""Reinhard's and BeautyGAN's statistics, beside scikit-image and what the papers promise."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.exposure import match_histograms as reference_match

from kohl.color.lab import lab_from_srgb
from kohl.evaluation.case import Case
from kohl.evaluation.contestants.face_regions import lay_back, soft_regions
from kohl.evaluation.contestants.histogram import Histogram, match_histograms
from kohl.evaluation.contestants.reinhard import Reinhard, match_moments

ALL = np.ones((60, 50), np.float32)


def noise(seed: int, low: float, high: float) -> np.ndarray:
    return np.random.default_rng(seed).uniform(low, high, (60, 50, 3)).astype(np.float32) ** 1.5


def test_matched_histograms_are_scikit_image_s():
    own, theirs = noise(1, 0.1, 0.9), noise(2, 0.3, 0.8)
    expected = reference_match(own, theirs, channel_axis=-1)
    np.testing.assert_allclose(match_histograms(own, ALL, theirs, ALL), expected, atol=0.004)


def test_a_histogram_matched_with_itself_stays():
    own = noise(3, 0, 1)
    np.testing.assert_allclose(match_histograms(own, ALL, own, ALL), own, atol=1e-6)


def test_matched_moments_are_the_reference_s():
    own, theirs = lab_from_srgb(noise(4, 0.2, 0.9)), lab_from_srgb(noise(5, 0.1, 0.6))
    matched = match_moments(own, ALL, theirs, ALL)
    np.testing.assert_allclose(matched.mean((0, 1)), theirs.mean((0, 1)), atol=1e-3)
    np.testing.assert_allclose(matched.std((0, 1)), theirs.std((0, 1)), rtol=1e-4)
    np.testing.assert_allclose(match_moments(own, ALL, own, ALL), own, atol=1e-3)


def test_moments_are_matched_affinely_channel_by_channel():
    own = lab_from_srgb(noise(6, 0.2, 0.9))
    twice = own * np.float32([2, 0.5, 1]) + np.float32([-20, 3, 4])
    np.testing.assert_allclose(match_moments(own, ALL, twice, ALL), twice, atol=1e-2)


@pytest.mark.parametrize("contestant", [Reinhard(), Histogram()], ids=lambda item: item.name)
def test_every_region_ends_with_the_reference_s_mean(contestant: Reinhard | Histogram, case: Case):
    result = contestant.transfer(case)[case.source.face.window_slices]
    wanted = case.reference.image[case.reference.face.window_slices]
    theirs = soft_regions(case.reference.face)
    for name, mask in soft_regions(case.source.face).items():
        made = result[mask > 0.9].mean(0)
        np.testing.assert_allclose(made, wanted[theirs[name] > 0.5].mean(0), atol=0.05, err_msg=name)


def test_regions_never_add_up_to_more_than_one(case: Case):
    total = sum(soft_regions(case.source.face).values())
    assert total.max() <= 1 + 1e-5
    assert min(mask.min() for mask in soft_regions(case.source.face).values()) >= 0


def test_what_no_mask_covers_is_laid_back_bit_for_bit(case: Case):
    face = case.source.face
    mask = np.zeros_like(face.masks.lips)
    mask[5:9, 5:9] = 0.5
    painted = np.ones((*mask.shape, 3), np.float32)
    result = lay_back(case.source.image, face, painted, mask)
    changed = (result != case.source.image).any(-1)
    assert changed.sum() == 16
    np.testing.assert_allclose(result[changed], (case.source.image[changed] + 1) / 2, atol=1e-6)
