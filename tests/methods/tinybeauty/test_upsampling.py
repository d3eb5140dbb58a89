"""Bringing a residual to full size: what must stay exact, and that edges come out sharper than by interpolation."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from drawn import Drawing, FixedDetector, draw
from kohl.core.arrays import FloatArray, Image
from kohl.faces.analyzer import Analyzer
from kohl.geometry.affine import compose, identity, invert, rotation, scaling
from kohl.geometry.warp import Border, warp_image
from kohl.looks import presets
from kohl.methods.base import Controls
from kohl.methods.procedural import Procedural
from kohl.methods.tinybeauty.crop import crop_from_image
from kohl.methods.tinybeauty.upsampling import fade_rim, fit_lines, upsample_residual

SIDE = 256
FINE = 1024
FINE_FROM_CROP = scaling(FINE / SIDE)


def psnr(one: FloatArray, other: FloatArray) -> float:
    return float(-10 * np.log10(((one - other) ** 2).mean()))


def interpolated(residual: FloatArray, matrix: FloatArray, size: tuple[int, int]) -> FloatArray:
    return warp_image(residual, matrix, size, border=Border.ZERO)


def lip_and_skin() -> tuple[Image, FloatArray]:
    """(photo, residual) at full size: a dark ellipse on pored skin, and a colour that lies on the ellipse alone."""
    y, x = np.mgrid[:FINE, :FINE] + 0.5
    inside = np.clip((1 - np.hypot((x - 512) / 300, (y - 530) / 140)) * 140, 0, 1)[..., None].astype(np.float32)
    pores = 0.01 * np.random.default_rng(1).standard_normal((FINE, FINE, 1)).astype(np.float32)
    photo = np.array([0.75, 0.55, 0.45], np.float32) * (1 - inside) + np.array([0.6, 0.35, 0.33], np.float32) * inside + pores
    return photo.astype(np.float32), (inside * np.array([0.1, -0.2, -0.1], np.float32)).astype(np.float32)


def test_a_sharp_edge_is_sharper_than_interpolation_leaves_it():
    photo, residual = lip_and_skin()
    small, crop = (cv2.resize(values, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for values in (residual, photo))
    ours = upsample_residual(small, crop, photo, FINE_FROM_CROP)
    plain = interpolated(small, FINE_FROM_CROP, (FINE, FINE))
    assert psnr(ours, residual) > psnr(plain, residual) + 4
    # Nobody's makeup lies away from the edge, pores or not.
    assert np.abs(ours[:300]).max() < 1e-3


@pytest.mark.parametrize("name", ["smoky-eye", "classic-red-lip"])
def test_rendered_looks_come_back_better_than_by_interpolation(name: str):
    drawing = draw((720, 720), seed=3)
    face = Analyzer(detector=FixedDetector(drawing.points)).analyze(drawing.image)[0]
    truth = Procedural().apply(drawing.image, face, presets.load(name), Controls()) - drawing.image
    matrix = crop_from_image(face.box)
    crop, residual = (warp_image(values, matrix, (SIDE, SIDE)) for values in (drawing.image, truth))
    painted = np.abs(truth).max(axis=2) > 1e-6
    ours = upsample_residual(residual, crop, drawing.image, invert(matrix))
    plain = interpolated(residual, invert(matrix), (720, 720))
    assert psnr(ours[painted], truth[painted]) > psnr(plain[painted], truth[painted]) + 0.5


def test_nothing_stays_nothing(drawing: Drawing):
    crop = cv2.resize(drawing.image, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    lifted = upsample_residual(np.zeros_like(crop), crop, drawing.image, scaling(2))
    assert not lifted.any()


def test_where_the_photo_is_flat_the_residual_passes_unchanged():
    flat = np.full((SIDE, SIDE, 3), 0.5, np.float32)
    residual = fade_rim(np.full((SIDE, SIDE, 3), 0.2, np.float32))
    lifted = upsample_residual(residual, flat, np.full((FINE, FINE, 3), 0.5, np.float32), FINE_FROM_CROP)
    np.testing.assert_allclose(lifted[100:-100, 100:-100], 0.2, atol=1e-6)


def test_the_lines_go_through_the_residual(drawing: Drawing):
    crop = cv2.resize(drawing.image, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    residual = fade_rim(np.random.default_rng(0).normal(0, 0.1, crop.shape).astype(np.float32))
    gain, offset = fit_lines(residual, crop, sharpness=0.0)
    np.testing.assert_allclose(gain * crop + offset, residual, atol=1e-6)


def test_twice_the_residual_is_lifted_to_twice():
    photo, residual = lip_and_skin()
    small, crop = (cv2.resize(values, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for values in (residual, photo))
    once, twice = (upsample_residual(small * scale, crop, photo, FINE_FROM_CROP) for scale in (0.3, 0.6))
    np.testing.assert_allclose(twice, 2 * once, atol=1e-6)


def test_the_rim_is_nothing_and_no_square_shows():
    faded = fade_rim(np.ones((SIDE, SIDE, 3), np.float32))
    assert not faded[[0, -1]].any()
    assert not faded[:, [0, -1]].any()
    assert (faded[12:-12, 12:-12] == 1).all()
    assert np.abs(np.diff(faded, axis=0)).max() < 0.2


def test_beyond_the_crop_everything_is_exactly_nothing():
    rng = np.random.default_rng(0)
    crop, part = rng.random((SIDE, SIDE, 3), np.float32), rng.random((400, 400, 3), np.float32)
    residual = fade_rim(np.full((SIDE, SIDE, 3), 0.3, np.float32))
    matrix = compose(rotation(20, about=(200, 200)), scaling(0.8), identity())
    lifted = upsample_residual(residual, crop, part, matrix)
    inside = warp_image(np.ones((SIDE, SIDE), np.float32), matrix, (400, 400), border=Border.ZERO) > 0
    assert not lifted[~inside].any()
    assert lifted[inside].any()
