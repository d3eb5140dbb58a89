"""Foundation evens and keeps pores; concealer lifts without a patch."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from painting import difference, drawn, look_of, painted, whole

from drawn import SKINS
from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import Image, Mask
from kohl.faces.face import Face
from kohl.looks.layers import Concealer, Foundation
from kohl.rendering.renderer import render
from kohl.rendering.zones.face import face_zone


def skin_of(face: Face) -> Mask:
    return whole(face.masks.skin, face)


def high_pass(image: Image) -> Mask:
    grey = image.mean(-1)
    return grey - cv2.GaussianBlur(grey, (0, 0), 2.0)


def blotched(image: Image, face: Face, amount: float = 0.05) -> Image:
    """Red blotches of the size of a fingertip."""
    noise = cv2.GaussianBlur(np.random.default_rng(1).standard_normal(face.size).astype(np.float32), (0, 0), 0.02 * face.size[0])
    weight = (noise / noise.std() * amount * skin_of(face))[..., None] * np.array([0.3, -1.0, -0.8], np.float32)
    return np.clip(image + weight, 0, 1).astype(np.float32)


def unevenness(image: Image, face: Face) -> float:
    inside = skin_of(face) > 0.95
    red_green = lab_from_srgb(image)[..., 1]
    band = cv2.GaussianBlur(red_green, (0, 0), 2) - cv2.GaussianBlur(red_green, (0, 0), 0.03 * face.size[0])
    return float(band[cv2.erode(inside.astype(np.uint8), np.ones((13, 13))) > 0].std())


@pytest.mark.parametrize("tone", SKINS)
@pytest.mark.parametrize("finish", ["satin", "matte", "dewy", "velvet"])
def test_pores_stay(finish, tone):
    image, face = drawn(tone)
    inside = skin_of(face) > 0.98
    before, after = high_pass(image)[inside], high_pass(painted(Foundation(coverage=0.8, finish=finish), tone=tone))[inside]
    assert np.corrcoef(before, after)[0, 1] >= 0.95
    assert after.std() > 0.7 * before.std()


def test_blotches_go():
    image, face = drawn()
    uneven = blotched(image, face)
    evened = render(uneven, face, look_of(Foundation(coverage=0.8)))
    assert unevenness(evened, face) < 0.6 * unevenness(uneven, face)


def test_more_coverage_evens_more():
    image, face = drawn()
    uneven = blotched(image, face)
    left = [unevenness(render(uneven, face, look_of(Foundation(coverage=coverage))), face) for coverage in (0.1, 0.4, 0.8)]
    assert left == sorted(left, reverse=True)


@pytest.mark.parametrize("tone", SKINS)
def test_without_a_pigment_the_tone_stays_the_persons_own(tone):
    image, face = drawn(tone)
    inside = skin_of(face) > 0.95
    moved = lab_from_srgb(painted(Foundation(coverage=0.5), tone=tone))[inside].mean(0) - lab_from_srgb(image)[inside].mean(0)
    assert np.linalg.norm(moved) < 2.5


def test_a_pigment_moves_the_skin_towards_it():
    image, face = drawn("medium")
    inside = skin_of(face) > 0.95
    fairer = painted(Foundation(pigment="#f0d2be", coverage=0.6))
    assert lab_from_srgb(fairer)[inside][:, 0].mean() > lab_from_srgb(image)[inside][:, 0].mean() + 2


def test_dewy_shines_more_than_matte():
    inside = skin_of(drawn("deep")[1]) > 0.95
    bright = {finish: np.percentile(painted(Foundation(finish=finish), tone="deep").mean(-1)[inside], 98) for finish in ("matte", "dewy")}
    assert bright["dewy"] > bright["matte"] + 0.01


def test_foundation_leaves_lips_eyes_and_the_background_alone():
    image, face = drawn()
    changed = (painted(Foundation(coverage=0.9)) != image).any(-1)
    masks = face.masks
    for mask in (masks.eyes, masks.mouth, masks.lips):
        assert not changed[whole(mask, face) > 0.999].any()
    corner = np.s_[:40, :40]
    assert not changed[corner].any()


@pytest.mark.parametrize("tone", SKINS)
def test_concealer_lifts_the_under_eye_gently(tone):
    image, face = drawn(tone)
    zone = whole(face.field.sample(face_zone("concealer")) * face.masks.skin, face)
    shadow = image * (1 - 0.14 * zone)[..., None]
    lifted = render(shadow, face, look_of(Concealer(coverage=0.7)))
    inside = zone > 0.6
    before, after = (lab_from_srgb(picture)[inside][:, 0].mean() for picture in (shadow, lifted))
    assert before + 0.5 < after < lab_from_srgb(image)[inside][:, 0].mean() + 4
    assert difference(shadow, lifted)[whole(face.masks.lips, face) > 0.9].max() == 0


def test_a_dewy_glow_lifts_deep_skin_less_than_fair_skin():
    """A glow is broad: laid on deep skin as on fair skin it is a grey veil, and lightened a forehead by 11 L*."""
    lifts = {}
    for tone in ("fair", "deep"):
        inside = skin_of(drawn(tone)[1]) > 0.9
        dewy, satin = (lab_from_srgb(painted(Foundation(finish=finish), tone=tone))[inside][:, 0] for finish in ("dewy", "satin"))
        lifts[tone] = float(np.percentile(dewy - satin, 98))
    assert 0.5 < lifts["deep"] < 0.8 * lifts["fair"]
