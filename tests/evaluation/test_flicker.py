"""Flicker is 0 for makeup that moves with the face, and what it should be for makeup that trembles."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.core.arrays import Image, Mask
from kohl.core.errors import UsageError
from kohl.evaluation.metrics.flicker import flicker, warp_error


def scene(shift: int = 0, noise: float = 0.0, seed: int = 0) -> Image:
    """A textured picture (96, 128, 3), shifted to the right."""
    rng = np.random.default_rng(1)
    coarse = rng.random((24, 40, 3)).astype(np.float32)
    big = np.repeat(np.repeat(coarse, 6, axis=0), 6, axis=1)[:96, 40 - shift : 168 - shift]
    smooth = (big + np.roll(big, 2, 0) + np.roll(big, 2, 1) + np.roll(big, 3, 0)) / 4
    grain = np.random.default_rng(seed).normal(0, noise, smooth.shape)
    return np.clip(0.25 + 0.5 * smooth + grain, 0, 1).astype(np.float32)


def spot(shift: int = 0) -> Mask:
    mask = np.zeros((96, 128, 1), np.float32)
    mask[30:60, 40 + shift : 80 + shift] = 1
    return mask


def test_makeup_that_stands_still_does_not_flicker():
    frames = [scene()] * 3
    assert flicker(frames, [frame - 0.1 * spot() for frame in frames]) == pytest.approx(0, abs=1e-4)


def test_makeup_that_moves_with_the_face_hardly_flickers():
    frames = [scene(shift) for shift in (0, 3, 6)]
    moving = flicker(frames, [frame - 0.1 * spot(shift) for frame, shift in zip(frames, (0, 3, 6), strict=True)])
    stuck = flicker(frames, [frame - 0.1 * spot() for frame in frames])
    assert moving < 0.35 * stuck


@pytest.mark.parametrize("step", [0.01, 0.05])
def test_trembling_is_measured_in_255ths(step: float):
    frames = [scene()] * 4
    painted = [frame - (0.1 + step * (number % 2)) * spot() for number, frame in enumerate(frames)]
    assert flicker(frames, painted) == pytest.approx(255 * step, rel=0.02)


def test_noise_of_the_film_itself_is_not_flicker():
    frames = [scene(noise=0.01, seed=seed) for seed in range(3)]
    assert flicker(frames, [np.clip(frame - 0.1 * spot(), 0, 1) for frame in frames]) < 0.5


def test_no_makeup_is_not_a_number():
    assert np.isnan(flicker([scene()] * 2, [scene()] * 2))


def test_warp_error_follows_the_guide():
    frames = [scene(shift) for shift in (0, 3, 6)]
    assert warp_error([scene()] * 2) == pytest.approx(0, abs=1e-4)
    flashing = [np.clip(frame + 0.1 * (number % 2), 0, 1) for number, frame in enumerate(frames)]
    assert warp_error(frames) < 6
    assert warp_error(flashing, frames) == pytest.approx(25.5, rel=0.15)


@pytest.mark.parametrize("frames", [[], [scene()], [scene(), scene()[:50]]])
def test_bad_frames(frames: list[Image]):
    with pytest.raises(UsageError):
        flicker(frames, frames)
    with pytest.raises(UsageError):
        warp_error(frames)
    with pytest.raises(UsageError):
        flicker([scene()] * 2, [scene()] * 3)
