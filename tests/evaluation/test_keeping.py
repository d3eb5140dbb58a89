"""What a method must leave alone: analytic cases of every metric."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from kohl.color.lab import lab_from_srgb, srgb_from_lab
from kohl.core.arrays import Image
from kohl.core.errors import UsageError
from kohl.core.region import Region
from kohl.evaluation.metrics import places
from kohl.evaluation.metrics.background import background_change
from kohl.evaluation.metrics.leakage import region_leakage
from kohl.evaluation.metrics.outlines import outline_displacement
from kohl.evaluation.metrics.skin_tone import skin_drift
from kohl.evaluation.metrics.texture import texture_kept
from kohl.faces import landmarks as at
from kohl.faces.face import Face

EVERYWHERE = np.ones((40, 40), np.float32)


@pytest.fixture(scope="module")
def grain() -> Image:
    rng = np.random.default_rng(1)
    return np.clip(0.5 + rng.normal(0, 0.03, (40, 40, 1)) + np.zeros(3), 0, 1).astype(np.float32)


def test_background_change_of_one_pixel(grain: Image):
    after = grain.copy()
    after[3, 4, 1] += np.float32(0.25)
    found = background_change(grain, after, EVERYWHERE)
    assert found.largest == pytest.approx(0.25, abs=1e-6)
    assert found.mean == pytest.approx(0.25 / 4800, rel=1e-5)
    assert found.l2_m == pytest.approx(0.0625 / 4800, rel=1e-5)
    assert found.bg_mse == pytest.approx(0.0625 / 4800 * 255**2, rel=1e-5)


def test_background_change_takes_pictures_of_two_float_types(grain: Image):
    after = grain.astype(np.float64)
    after[2, 3, 0] += 0.25
    assert background_change(grain, after, EVERYWHERE) == background_change(grain, after.astype(np.float32), EVERYWHERE)


def test_background_change_sees_only_the_background(grain: Image):
    background = EVERYWHERE.copy()
    background[10:20] = 0
    after = grain.copy()
    after[10:20] = 0
    assert background_change(grain, after, background).largest == 0


def test_skin_drift_in_known_steps_of_lab():
    skin = np.full((20, 20, 3), (60.0, 12.0, 18.0), np.float32)
    before, after = srgb_from_lab(skin), srgb_from_lab(skin + np.float32([2, -1, 0]))
    found = skin_drift(before, after, np.ones((20, 20), np.float32))
    assert [found.lightness, found.redness, found.yellowness] == pytest.approx([2, -1, 0], abs=0.01)
    assert found.ita == pytest.approx(np.degrees(np.arctan2(12, 18) - np.arctan2(10, 18)), abs=0.05)
    assert 1 < found.mean == pytest.approx(found.p95, abs=0.01)
    same = skin_drift(before, before, np.ones((20, 20), np.float32))
    assert (same.ita, same.mean, same.p95) == (0, 0, 0)


def test_texture_survives_tint_and_contrast_but_not_blur_or_another_skin(grain: Image):
    lab = lab_from_srgb(grain)
    tinted = srgb_from_lab(lab * np.float32([0.8, 1, 1]) + np.float32([0, 20, 5]))
    other = np.ascontiguousarray(grain[::-1])
    assert texture_kept(grain, tinted, EVERYWHERE, 50) == pytest.approx(1, abs=1e-3)
    assert abs(texture_kept(grain, other, EVERYWHERE, 50)) < 0.15
    assert texture_kept(grain, np.full_like(grain, 0.5), EVERYWHERE, 50) == 0


def test_texture_is_the_correlation_of_the_grain(grain: Image):
    noise = np.random.default_rng(2).normal(0, 0.03, (40, 40, 1)).astype(np.float32)
    # As much noise as grain: the share of common variance is one half, so r = sqrt(1/2).
    assert texture_kept(grain, np.clip(grain + noise, 0, 1), EVERYWHERE, 200) == pytest.approx(np.sqrt(0.5), abs=0.05)


def test_outlines_of_a_known_shift(drawn_face: Face):
    points, moved = drawn_face.points, drawn_face.points.copy()
    moved[at.LIPS_OUTER, 1] += np.float32(0.01 * drawn_face.eye_distance)
    found = outline_displacement(points, moved)
    assert found.eyes == pytest.approx(0, abs=1e-4)
    # A lip moved up as a whole: the curve's distance is at most the shift, and all of it where the outline is level.
    assert 0.5 < found.lips <= 1.0
    assert outline_displacement(points, points).lips == pytest.approx(0, abs=1e-4)


def test_points_that_slide_along_the_outline_are_no_displacement(drawn_face: Face):
    slid = drawn_face.points.copy()
    upper = at.LIPS_UPPER_OUTER
    slid[upper[1:-1]] = 0.9 * slid[upper[1:-1]] + 0.1 * slid[upper[2:]]
    plain = float(np.linalg.norm(slid - drawn_face.points, axis=1)[upper].mean()) / drawn_face.eye_distance * 100
    assert outline_displacement(drawn_face.points, slid).lips < 0.2 * plain


def test_outlines_of_something_that_is_no_mesh_are_refused(drawn_face: Face):
    with pytest.raises(UsageError, match="478"):
        outline_displacement(drawn_face.points, drawn_face.points[:100])


def test_leakage_is_what_changed_outside(grain: Image):
    allowed = EVERYWHERE.copy()
    allowed[:, 20:] = 0
    inside, both = grain.copy(), grain.copy()
    inside[:, :20] *= np.float32(0.7)
    both *= np.float32(0.7)
    assert region_leakage(grain, inside, allowed) == region_leakage(grain, grain, allowed)
    assert region_leakage(grain, inside, allowed).largest == 0
    assert region_leakage(grain, both, allowed).share == pytest.approx(0.5, abs=0.02)
    assert region_leakage(grain, both, allowed).largest > 5


def test_masks_that_do_not_fit_and_empty_ones_are_refused(grain: Image):
    with pytest.raises(UsageError, match="picture's size"):
        background_change(grain, grain, np.ones((9, 9), np.float32))
    with pytest.raises(UsageError, match="nowhere above"):
        skin_drift(grain, grain, np.zeros((40, 40), np.float32))


def test_lips_that_stand_out_from_the_mesh_are_no_background(drawn_face: Face) -> None:
    """On a turned head they do by a pixel or two; what lies beside them is background as before."""
    masks, beyond = drawn_face.masks, drawn_face.field.facing <= 0
    ring = beyond & (cv2.dilate((~beyond).astype(np.uint8), np.ones((5, 5))) > 0)
    rows = np.flatnonzero(masks.lips.max(1) > 0.5)
    ring[: rows[0]] = ring[rows[-1] + 1 :] = False
    lips = np.where(ring, np.float32(0.4), masks.lips)
    background = places.background_of(dataclasses.replace(drawn_face, masks=dataclasses.replace(masks, lips=lips)))[drawn_face.window_slices] > 0.5
    assert ring.sum() > 10
    np.testing.assert_array_equal(background, beyond & ~ring)


def test_places_do_not_overlap(drawn_face: Face):
    background, skin, bare = places.background_of(drawn_face), places.skin_of(drawn_face), places.bare_skin_of(drawn_face)
    regions = {region: places.region_of(drawn_face, region) > 0.5 for region in places.MEASURED}
    assert background.shape == drawn_face.size
    assert not ((background > 0.5) & (skin > 0)).any()
    assert background[0, 0] == 1
    for region in (Region.LIPS, Region.EYES, Region.BROWS):
        assert regions[region].any(), region
        assert not (regions[region] & (bare > 0.5)).any(), region
    assert (bare > 0.5).sum() > 0.25 * (skin > 0.5).sum(), "forehead, nose and jaw are a good part of the skin"
