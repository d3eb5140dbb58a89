"""Brows are tinted within their hair; `defined` fills with strokes and never with a block."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from painting import difference, drawn, look_of, painted, whole

from drawn import SKINS
from kohl.color.lab import lab_from_srgb
from kohl.looks.layers import Brows
from kohl.rendering.renderer import render


@pytest.mark.parametrize("pattern", ["natural", "defined"])
def test_only_brows_change(pattern):
    image, face = drawn("fair")
    moved = difference(image, painted(Brows(pattern=pattern, coverage=0.8), tone="fair"))
    masks = face.masks
    assert moved[whole(masks.brows, face) > 0.5].mean() > 0.5
    rows = np.nonzero(moved.max(1))[0]
    points = face.points
    assert rows.min() > points[[105, 334], 1].min() - 25
    assert rows.max() < points[[159, 386], 1].max()
    if pattern == "natural":
        # Skin between hairs takes part, skin beside the brow does not.
        near = cv2.GaussianBlur(whole(masks.brows, face), (0, 0), 0.025 * face.eye_distance) > 0.1
        assert moved[~near].max() == 0


def test_defined_fills_more_than_natural():
    image, _ = drawn("fair")
    natural, defined = (difference(image, painted(Brows(pattern=pattern, coverage=0.8), tone="fair")).sum() for pattern in ("natural", "defined"))
    assert defined > natural


@pytest.mark.parametrize("tone", SKINS)
def test_hair_is_hardly_lightened(tone):
    image, face = drawn(tone)
    hair = whole(face.masks.brows, face) > 0.9
    lighter = painted(Brows(pigment="#d8c08a", coverage=1.0), tone=tone)
    before, after = (lab_from_srgb(picture)[hair][:, 0].mean() for picture in (image, lighter))
    assert after < before + 4


def test_the_head_gets_less_than_the_body():
    image, face = drawn("fair")
    moved = difference(image, painted(Brows(pigment="#7a3b1c", coverage=0.9), tone="fair")) * (whole(face.masks.brows, face) > 0.8)
    head, tail = face.points[[107, 55], 0].mean(), face.points[[70, 46], 0].mean()
    share = (np.arange(image.shape[1]) - head) / (tail - head)
    near, far = (moved[:, (share > low) & (share < high)] for low, high in ((0.0, 0.2), (0.45, 0.8)))
    assert near[near > 0].mean() < 0.85 * far[far > 0].mean()


def test_strands_stay_visible_under_a_full_tint():
    image, face = drawn("fair")
    rng = np.random.default_rng(0)
    hair = whole(face.masks.brows, face)
    strands = np.clip(image * (1 + 0.6 * hair * rng.standard_normal(face.size))[..., None].astype(np.float32), 0, 1).astype(np.float32)
    tinted = render(strands, face, look_of(Brows(coverage=1.0)))
    inside = hair > 0.95
    assert np.corrcoef(strands.mean(-1)[inside], tinted.mean(-1)[inside])[0, 1] > 0.6


def test_a_tint_is_as_even_as_the_product():
    """Hairs between fair and dark, as on a blurred photo, get the same tint: covered in proportion, the dark ones alone would be painted."""
    image, face = drawn("fair", side=640)
    hair = whole(face.masks.brows, face)
    shape = cv2.GaussianBlur(hair, (0, 0), 0.03 * face.eye_distance) > 0.35
    halves = np.where(np.arange(image.shape[1])[None] % 4 < 2, 0.35, 1.0).astype(np.float32) * shape
    face = replace(face, masks=replace(face.masks, brows=halves[face.window_slices], skin=1 - halves[face.window_slices]))
    flat = np.where(shape[..., None], np.float32(0.4), image).astype(np.float32)
    moved = difference(flat, render(flat, face, look_of(Brows(pigment="#7a3b1c", coverage=0.7, pattern="natural"))))
    inside = cv2.erode(shape.astype(np.uint8), np.ones((5, 5))) > 0
    assert moved[inside & (halves == np.float32(0.35))].mean() > 0.65 * moved[inside & (halves == 1)].mean()
