"""Features: no holes, always as long as the networks expect, blind to the light's strength."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_linear, lab_from_srgb
from kohl.core.arrays import FloatArray, Image
from kohl.faces.face import Face
from kohl.looks.pigment import Pigment
from kohl.reading.eye_map import COLUMNS, ROWS
from kohl.reading.eye_patches import SHAPE, along, cut_eyes, height
from kohl.reading.features import LIMIT, cheek_features, eye_features, line_features, lip_features
from kohl.reading.lid_pigments import lid_pigments
from kohl.reading.lids import pan_colours, pan_pixels, pan_unevenness, zone_weights
from kohl.reading.lips import chroma
from kohl.reading.networks import load_readers
from kohl.reading.places import places
from kohl.reading.unrolled import unroll_face, unroll_window, window_light
from kohl.rendering.film import LIGHTEST, Film
from kohl.rendering.zones.eyes import ZONES


def _features(image: Image, face: Face) -> dict[str, FloatArray]:
    linear = window_light(image, face)
    unrolled = unroll_window(linear, face)
    eyes = cut_eyes(linear, face, unrolled)
    return {
        "lips": lip_features(unrolled),
        "eyes": eye_features(unrolled, eyes),
        "cheeks": cheek_features(unrolled),
        "lines": line_features(unrolled, eyes),
    }


def test_features_fit_the_networks_and_have_no_holes(drawn_image: Image, drawn_face: Face) -> None:
    for part, features in _features(drawn_image, drawn_face).items():
        numbers = next(given for given in load_readers()[part].session.get_inputs() if given.name == "numbers")
        assert tuple(numbers.shape) == features.shape, part
        assert np.isfinite(features).all(), part


def test_hidden_face_still_gives_features(drawn_image: Image, drawn_face: Face) -> None:
    unrolled = unroll_face(drawn_image, drawn_face)
    nothing = np.zeros_like(unrolled.skin_seen)
    hidden = type(unrolled)(**{**vars(unrolled), "skin_seen": nothing, "lips_seen": nothing})
    assert np.isfinite(lip_features(hidden)).all()
    assert np.isfinite(cheek_features(hidden)).all()


def test_chroma_is_blind_to_light() -> None:
    ratio = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    assert chroma(ratio + 0.7) == pytest.approx(chroma(ratio), abs=1e-6)


@pytest.mark.parametrize("rgb", [(0.5, 0.2, 0.25), (0.15, 0.35, 0.4), (0.8, 0.7, 0.6)])
def test_one_of_the_pigments_a_lid_may_wear_is_the_one_it_wears(rgb: tuple[float, float, float]) -> None:
    pigment, skin = Pigment.from_rgb(rgb), np.array([0.4, 0.27, 0.2], np.float32)
    ground = (skin * np.exp(-0.2))[None, None].astype(np.float32)
    painted = Film.of(pigment).over(ground, np.array([[0.7]], np.float32))[0, 0]
    pans = np.full((len(ZONES), 3), np.nan, np.float32)
    pans[0] = np.log(painted / skin)
    pigments = 40 * lid_pigments(skin, pans, np.zeros((ROWS, COLUMNS, 3), np.float32)).reshape(-1, 3)
    assert pigments[0] == pytest.approx(lab_from_linear(skin), abs=0.1)
    assert pigments[1] == pytest.approx(lab_from_linear(painted), abs=0.1)
    assert delta_e2000(pigments[5:], lab_from_srgb(np.array(pigment.rgb, np.float32))).min() < 1.5


def test_pigments_of_any_lid_are_finite_and_small() -> None:
    random = np.random.default_rng(3)
    for _ in range(20):
        pans, cells = random.normal(0, 2, (len(ZONES), 3)), random.normal(0, 2, (ROWS, COLUMNS, 3))
        pigments = lid_pigments(random.uniform(1e-3, LIGHTEST, 3).astype(np.float32), pans.astype(np.float32), cells.astype(np.float32))
        assert np.abs(pigments).max() <= LIMIT


def test_places_are_symmetric() -> None:
    for name, mask in places().items():
        assert (mask != mask[:, ::-1]).mean() < 2e-3, name
        assert mask.any(), name


def test_eye_patches_show_the_eye_between_its_corners(drawn_image: Image, drawn_face: Face) -> None:
    unrolled = unroll_face(drawn_image, drawn_face)
    for eye in cut_eyes(window_light(drawn_image, drawn_face), drawn_face, unrolled):
        assert eye.eye.shape == SHAPE == eye.ratio.shape[:2]
        rows, columns = np.nonzero(eye.eye > 0.5)
        assert 0.3 < along()[columns].mean() < 0.7
        assert abs(height()[rows].mean()) < 0.15
        assert eye.upper[np.abs(along() - 0.5) < 0.1].min() > eye.lower[np.abs(along() - 0.5) < 0.1].max()


def test_pan_zones_lie_apart(drawn_image: Image, drawn_face: Face) -> None:
    unrolled = unroll_face(drawn_image, drawn_face)
    eyes = cut_eyes(window_light(drawn_image, drawn_face), drawn_face, unrolled)
    pixels = pan_pixels(eyes)
    assert tuple(pixels) == ZONES
    assert pan_colours(pixels).shape == (len(ZONES), 3)
    weights = zone_weights(eyes[0])
    lid, lower = weights["lid"] > 0.2, weights["lower_lash"] > 0.2
    assert (lid & lower).sum() < 0.1 * min(lid.sum(), lower.sum())
    assert np.nonzero(lid)[0].mean() < np.nonzero(lower)[0].mean()


def test_hidden_pans_have_no_colour_and_even_ones_no_unevenness() -> None:
    even = np.tile(np.array([0.1, -0.2, 0.3], np.float32), (40, 1))
    pixels = {"lid": even, "crease": even[:0]}
    assert pan_colours(pixels)[0] == pytest.approx(even[0])
    assert pan_unevenness(pixels)[0] == pytest.approx(np.zeros(5), abs=1e-6)
    assert np.isnan(pan_colours(pixels)[1]).all()
    assert np.isnan(pan_unevenness(pixels)[1]).all()
    shaded = even + np.linspace(-1, 1, 40, dtype=np.float32)[:, None]
    spread = pan_unevenness({"lid": shaded})[0]
    assert spread[:2] == pytest.approx(np.zeros(2), abs=1e-5), "shade is no colour"
    assert spread[2] == pytest.approx(0.5, abs=0.05)
