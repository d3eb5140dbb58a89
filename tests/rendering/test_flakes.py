"""Flakes stick to the chart, are about a pixel, and come from their seed."""

from __future__ import annotations

import numpy as np
import pytest
from painting import drawn, normals_of

from kohl.core.arrays import FloatArray, Mask
from kohl.rendering.flakes import ChartSpot, Flakes, sparkle

GLITTER = Flakes(520, 0.75, 1.9)
FRONT = np.array([0, 0, 1], np.float32)


def flat_chart(size: tuple[int, int], step: tuple[float, float] = (0.001, 0.001), start: tuple[float, float] = (0.3, 0.3)) -> FloatArray:
    columns, rows = np.meshgrid(np.arange(size[1]) + 0.5, np.arange(size[0]) + 0.5)
    return np.stack([start[0] + columns * step[0], start[1] + rows * step[1]], -1).astype(np.float32)


def sparkle_all(uv: FloatArray, normals: FloatArray, half: FloatArray, flakes: Flakes, seed: int) -> Mask:
    """The flakes of every pixel of a picture (h, w)."""
    spot = ChartSpot.of(uv, lambda picture: picture.reshape(1, -1, 2))
    return sparkle(spot, normals.reshape(1, -1, 3), half, flakes, seed).reshape(uv.shape[:2])


def flat_normals(size: tuple[int, int]) -> FloatArray:
    return np.broadcast_to(FRONT, (*size, 3)).copy()


def test_the_same_seed_gives_the_same_flakes_and_another_others():
    uv, normals = flat_chart((60, 80)), flat_normals((60, 80))
    first, again, other = (sparkle_all(uv, normals, FRONT, GLITTER, seed) for seed in (1, 1, 2))
    assert (first == again).all()
    assert np.corrcoef(first.ravel(), other.ravel())[0, 1] < 0.2


def test_flakes_stick_to_the_chart():
    size = (60, 80)
    still = sparkle_all(flat_chart(size), flat_normals(size), FRONT, GLITTER, 0)
    moved = sparkle_all(flat_chart(size, start=(0.3 - 7e-3, 0.3)), flat_normals(size), FRONT, GLITTER, 0)
    np.testing.assert_allclose(moved[:, 7:], still[:, :-7], atol=0.02)


def test_a_flake_is_a_pixel_or_two_wide_not_noise_nor_blots():
    bright = sparkle_all(flat_chart((120, 120)), flat_normals((120, 120)), FRONT, GLITTER, 3) > 0.35
    lone = bright[1:-1, 1:-1]
    assert 0.005 < lone.mean() < 0.25
    rows = [len(run) for row in bright for run in "".join("x" if pixel else " " for pixel in row).split()]
    assert 1 <= np.mean(rows) < 2.5


@pytest.mark.parametrize("squeeze", [1.0, 2.5])
def test_flakes_are_round_where_the_chart_is_squeezed(squeeze):
    bright = sparkle_all(flat_chart((200, 200), step=(4e-4, 4e-4 * squeeze)), flat_normals((200, 200)), FRONT, Flakes(200, 0.9, 2), 5) > 0.4
    across, down = (np.mean([len(run) for line in lines for run in "".join("x" if p else " " for p in line).split()]) for lines in (bright, bright.T))
    assert across / down == pytest.approx(1, abs=0.3)


def test_few_flakes_flash_and_many_glow():
    light = sparkle_all(flat_chart((200, 200)), flat_normals((200, 200)), FRONT, GLITTER, 0)
    shining = light[light > 0.02]
    assert np.median(shining) < 0.35 * shining.max()


def test_a_surface_turned_from_the_light_stays_dark():
    size = (60, 60)
    away = np.broadcast_to(np.array([0.98, 0, 0.2], np.float32), (*size, 3)).copy()
    front, aside = (sparkle_all(flat_chart(size), normals, FRONT, GLITTER, 0).mean() for normals in (flat_normals(size), away))
    assert aside < 0.2 * front


def test_more_share_more_flakes():
    few, many = (sparkle_all(flat_chart((80, 80)), flat_normals((80, 80)), FRONT, Flakes(500, share, 1), 0) for share in (0.1, 0.6))
    assert ((few > 0) <= (many > 0)).all()
    assert (many > 0.1).sum() > 3 * (few > 0.1).sum()


def test_a_box_of_one_pixel_works():
    assert np.isfinite(sparkle_all(flat_chart((1, 1)), flat_normals((1, 1)), FRONT, GLITTER, 0)).all()


def test_flakes_on_a_face_are_finite():
    face = drawn()[1]
    light = sparkle_all(face.field.uv, normals_of(face), FRONT, GLITTER, 0)
    assert np.isfinite(light).all()
    assert light.min() >= 0


def test_some_pixels_of_a_box_have_the_flakes_that_they_have_among_all():
    uv, normals = flat_chart((40, 50)), flat_normals((40, 50))
    chosen = np.array([3, 77, 500, 1999])
    spot = ChartSpot.of(uv, lambda picture: picture.reshape(-1, 2)[chosen][None])
    some = sparkle(spot, normals.reshape(1, -1, 3)[:, chosen], FRONT, GLITTER, 7)
    assert (some == sparkle_all(uv, normals, FRONT, GLITTER, 7).ravel()[chosen]).all()
