"""Metrics against a ground truth, each beside an independent implementation."""

from __future__ import annotations

import colour
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from skimage import metrics as reference

from kohl.core.arrays import Image
from kohl.core.errors import UsageError
from kohl.evaluation.metrics.color_error import color_error
from kohl.evaluation.metrics.fidelity import psnr
from kohl.evaluation.metrics.structure import ms_ssim, ssim, ssim_where

SIZE = (192, 208)


@pytest.fixture(scope="module")
def pair() -> tuple[Image, Image]:
    rng = np.random.default_rng(5)
    smooth = ndimage.gaussian_filter(rng.random((*SIZE, 3)), (3, 3, 0))
    first = np.clip((smooth - smooth.min()) / np.ptp(smooth), 0, 1).astype(np.float32)
    return first, np.clip(first + rng.normal(0, 0.05, first.shape), 0, 1).astype(np.float32)


def test_psnr_is_scikit_image_s(pair: tuple[Image, Image]):
    assert psnr(*pair) == pytest.approx(reference.peak_signal_noise_ratio(*pair, data_range=1), abs=1e-4)


def test_psnr_of_a_known_error():
    black = np.zeros((8, 8, 3), np.float32)
    assert psnr(black + np.float32(0.1), black) == pytest.approx(20, abs=1e-4)
    assert psnr(black, black) == float("inf")


def test_ssim_is_scikit_image_s(pair: tuple[Image, Image]):
    expected = reference.structural_similarity(*pair, data_range=1, channel_axis=-1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)
    assert ssim(*pair) == pytest.approx(expected, abs=1e-5)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 39), st.integers(0, 29), st.integers(1, 12))
def test_ssim_is_the_same_wherever_the_pictures_differ(row: int, column: int, size: int):
    """It is worked out only around differences; scikit-image looks everywhere."""
    first = np.random.default_rng(9).random((40, 30, 3)).astype(np.float32)
    second = first.copy()
    second[row : row + size, column : column + size] *= np.float32(0.5)
    expected = reference.structural_similarity(
        first, second, data_range=1, channel_axis=-1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
    )
    assert ssim(first, second) == pytest.approx(expected, abs=1e-6)
    assert ssim_where(first, second, np.ones((40, 30), np.float32)) == pytest.approx(expected, abs=1e-6)


def test_ssim_of_a_part_is_the_mean_of_scikit_image_s_map_there(pair: tuple[Image, Image]):
    first, second = pair[0], pair[0].copy()
    second[40:90, 50:120] = pair[1][40:90, 50:120]
    mask = np.zeros(SIZE, np.float32)
    mask[60:150, 30:] = 1
    options = {"data_range": 1, "channel_axis": -1, "gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    _, found = reference.structural_similarity(first, second, full=True, **options)
    inside = np.zeros(SIZE, bool)
    inside[5:-5, 5:-5] = mask[5:-5, 5:-5] > 0.5
    assert ssim_where(first, second, mask) == pytest.approx(found.mean(-1)[inside].mean(), abs=1e-6)
    assert ssim_where(first, second, 1 - mask) < 1
    assert ssim_where(first, first, mask) == 1
    with pytest.raises(UsageError, match="nowhere above"):
        ssim_where(first, second, np.zeros_like(mask))


def plain_ms_ssim(first: Image, second: Image) -> float:
    """Wang et al. 2003 once more, from scipy's filters."""

    def mean(values: Image) -> Image:
        taps = np.exp(-0.5 * (np.arange(-5, 6) / 1.5) ** 2)
        for axis in (0, 1):
            values = ndimage.convolve1d(values, taps / taps.sum(), axis=axis)
        return values[5:-5, 5:-5]

    value = 1.0
    x, y = first.astype(float), second.astype(float)
    for scale, weight in enumerate((0.0448, 0.2856, 0.3001, 0.2363, 0.1333)):
        if scale:
            x, y = (ndimage.uniform_filter(picture, (2, 2, 1), origin=(-1, -1, 0))[::2, ::2] for picture in (x, y))
        contrast = (2 * (mean(x * y) - mean(x) * mean(y)) + 9e-4) / (mean(x * x) + mean(y * y) - mean(x) ** 2 - mean(y) ** 2 + 9e-4)
        lightness = (2 * mean(x) * mean(y) + 1e-4) / (mean(x) ** 2 + mean(y) ** 2 + 1e-4)
        value *= float((contrast * lightness if scale == 4 else contrast).mean()) ** weight
    return value


def test_ms_ssim_is_what_the_paper_s_formula_gives(pair: tuple[Image, Image]):
    assert ms_ssim(*pair) == pytest.approx(plain_ms_ssim(*pair), abs=1e-5)


def test_equal_pictures_are_equal_in_structure(pair: tuple[Image, Image]):
    assert ssim(pair[0], pair[0]) == pytest.approx(1)
    assert ms_ssim(pair[0], pair[0]) == pytest.approx(1)


def test_small_pictures_and_other_shapes_are_refused(pair: tuple[Image, Image]):
    with pytest.raises(UsageError, match="at least 11 px"):
        ms_ssim(pair[0][:100], pair[1][:100])
    for metric in (psnr, ssim, ms_ssim):
        with pytest.raises(UsageError, match="of one shape"):
            metric(pair[0], pair[1][1:])


def test_color_error_is_colour_science_s_inside_and_outside(pair: tuple[Image, Image]):
    before = pair[0]
    after = before.copy()
    after[20:80, 30:90] = np.clip(before[20:80, 30:90] * [1, 0.5, 0.6], 0, 1)
    result = np.clip(after + np.float32(0.02), 0, 1)
    found = color_error(result, before, after)
    lab = [
        colour.XYZ_to_Lab(colour.sRGB_to_XYZ(picture), colour.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["D65"])
        for picture in (result, after)
    ]
    error = colour.delta_E(*lab, method="CIE 2000")
    changed = np.abs(after - before).max(-1) > 2 / 255
    assert found.inside == pytest.approx(error[changed].mean(), rel=2e-3)
    assert found.outside == pytest.approx(error[~changed].mean(), rel=2e-3)
    assert found.share == pytest.approx(changed.mean())


def test_without_a_change_there_is_no_inside(pair: tuple[Image, Image]):
    found = color_error(pair[0], pair[0], pair[0])
    assert np.isnan(found.inside)
    assert found.outside == 0
