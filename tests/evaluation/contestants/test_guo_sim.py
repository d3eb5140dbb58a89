"""Guo & Sim's steps one by one: the linear system beside numpy's, the equations on small pictures, and the whole on the drawn case."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kohl.color.lab import lab_from_srgb
from kohl.core.errors import MissingExtraError
from kohl.evaluation.case import Case
from kohl.evaluation.contestants.guo_sim.feature_map import smoothing_map
from kohl.evaluation.contestants.guo_sim.highlights import carry_highlights
from kohl.evaluation.contestants.guo_sim.lips import paint_lips
from kohl.evaluation.contestants.guo_sim.method import Blend, GuoSim
from kohl.evaluation.contestants.guo_sim.smoothing import smooth, solve
from kohl.evaluation.metrics.texture import texture_kept
from kohl.faces.face import Face


def dense(down: np.ndarray, across: np.ndarray, held: float) -> np.ndarray:
    """The system of `solve` on the whole grid as numpy writes it: neighbour by neighbour."""
    height, width = across.shape[0], down.shape[1]
    matrix = held * np.eye(height * width)
    pairs = [((r, c), (r + 1, c), down[r, c]) for r in range(height - 1) for c in range(width)]
    pairs += [((r, c), (r, c + 1), across[r, c]) for r in range(height) for c in range(width - 1)]
    for first, second, weight in pairs:
        p, q = (row * width + column for row, column in (first, second))
        matrix[p, p] += weight
        matrix[q, q] += weight
        matrix[p, q] -= weight
        matrix[q, p] -= weight
    return matrix


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 7), st.integers(2, 7), st.integers(0, 999))
def test_the_solver_is_numpy_s(height: int, width: int, seed: int):
    rng = np.random.default_rng(seed)
    down, across = rng.uniform(0, 5, (height - 1, width)), rng.uniform(0, 5, (height, width - 1))
    wanted, held, inside = rng.normal(size=(height, width)), rng.uniform(0.1, 2), rng.random((height, width)) < 0.8
    numbers = np.flatnonzero(inside)
    expected = np.zeros((height, width))
    expected[inside] = np.linalg.solve(dense(down, across, held)[np.ix_(numbers, numbers)], wanted[inside])
    np.testing.assert_allclose(solve(down, across, wanted, held, inside), expected, atol=1e-5)


def test_smoothing_looks_at_nothing_outside():
    rng = np.random.default_rng(3)
    picture, amount = rng.uniform(0.4, 0.6, (30, 40)).astype(np.float32), np.ones((30, 40), np.float32)
    inside = np.zeros((30, 40), bool)
    inside[5:25, 8:31] = True
    other = np.where(inside, picture, 0).astype(np.float32)
    smoothed = smooth(picture, amount, inside)
    np.testing.assert_array_equal(smoothed[inside], smooth(other, amount, inside)[inside])
    np.testing.assert_array_equal(smoothed[~inside], picture[~inside])
    np.testing.assert_allclose(smoothed[5:25, 8:31], smooth(picture[5:25, 8:31], amount[5:25, 8:31], inside[5:25, 8:31]), atol=1e-5)


def test_smoothing_keeps_steps_takes_grain_and_leaves_what_is_not_to_be_smoothed():
    rng = np.random.default_rng(1)
    step = np.full((40, 60), 0.3, np.float32)
    step[:, 30:] = 0.8
    grainy = (step + rng.normal(0, 0.01, step.shape)).astype(np.float32)
    smoothed = smooth(grainy, np.ones_like(step), np.ones(step.shape, bool))
    assert smoothed[:, :25].std() < 0.5 * grainy[:, :25].std()
    assert smoothed[:, 31].mean() - smoothed[:, 28].mean() > 0.45
    np.testing.assert_allclose(smooth(grainy, np.zeros_like(step), np.ones(step.shape, bool)), grainy, atol=1e-6)


def test_the_feature_map_is_equation_4(drawn_face: Face):
    masks = drawn_face.masks
    beta = smoothing_map(masks)
    assert beta[masks.eyes > 0.9].max() < 1e-3
    assert beta[masks.brows > 0.9].min() < 0.31
    row, column = np.argwhere(masks.skin > 0.99)[0]
    nearest = {
        k: np.hypot(*(np.argwhere(mask > 0.5) - (row, column)).T).min() for k, mask in ((0.7, masks.brows), (1.0, masks.eyes), (1, masks.lips))
    }
    variance = min(beta.shape) / 25
    expected = min(1 - k * np.exp(-(far**2) / (2 * variance)) for k, far in nearest.items())
    assert beta[row, column] == pytest.approx(expected, abs=1e-4)


def test_stronger_gradients_of_the_example_are_carried_and_weaker_ones_are_not():
    rows, columns = np.mgrid[:40, :40]
    bump = (20 * np.exp(-((rows - 20) ** 2 + (columns - 20) ** 2) / 30)).astype(np.float32)
    flat = np.full((40, 40), 50, np.float32)
    inside = np.zeros((40, 40), bool)
    inside[4:36, 4:36] = True
    beta = np.ones((40, 40), np.float32)
    np.testing.assert_allclose(carry_highlights(flat, flat + bump, beta, inside), flat + bump, atol=0.5)
    np.testing.assert_allclose(carry_highlights(flat + bump, flat, beta, inside), flat + bump, atol=1e-3)
    np.testing.assert_allclose(carry_highlights(flat, flat + bump, np.zeros_like(beta), inside), flat, atol=1e-3)
    assert abs(carry_highlights(flat, flat + rows.astype(np.float32), beta, inside)[~inside] - 50).max() < 1e-3, "the border stays"


def test_lip_pixels_take_the_colour_of_their_like():
    rng = np.random.default_rng(2)
    lips = np.zeros((20, 30), np.float32)
    lips[5:15, 5:25] = 1
    own = np.dstack([rng.uniform(40, 60, lips.shape), np.full(lips.shape, 10), np.full(lips.shape, 10)]).astype(np.float32)
    theirs = np.dstack([own[..., 0] * 0.5, own[..., 0], np.full(lips.shape, -5)]).astype(np.float32)
    painted = paint_lips(own, lips, theirs, lips, 60)
    np.testing.assert_allclose(painted[lips > 0], theirs[lips > 0], atol=1e-5, err_msg="the same lips find themselves")
    np.testing.assert_array_equal(painted[lips == 0], own[lips == 0])
    np.testing.assert_array_equal(paint_lips(own, lips, theirs, np.zeros_like(lips), 60), own)


def test_the_example_s_colour_comes_by_its_share_and_the_own_detail_stays_when_asked(case: Case):
    face = case.source.face
    results = {share: GuoSim(Blend(own_detail=1.0, their_detail=0.0, color=share)).transfer(case) for share in (0.0, 0.8)}
    skin = np.zeros(face.size, np.float32)
    skin[face.window_slices] = face.masks.skin
    chroma = {share: np.median(lab_from_srgb(result)[skin > 0.9], 0)[1:] for share, result in results.items()}
    source, reference = (
        np.median(lab_from_srgb(portrait.image)[250:260, 150:170].reshape(-1, 3), 0)[1:] for portrait in (case.source, case.reference)
    )
    assert np.linalg.norm(chroma[0.0] - source) < np.linalg.norm(chroma[0.0] - reference)
    assert np.linalg.norm(chroma[0.8] - reference) < np.linalg.norm(chroma[0.8] - source)
    theirs = GuoSim().transfer(case)
    kept, taken = (texture_kept(case.source.image, result, skin, face.eye_distance) for result in (results[0.0], theirs))
    assert kept > taken + 0.2


def test_without_scipy_the_extra_is_named(case: Case, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "scipy.sparse", None)
    with pytest.raises(MissingExtraError, match=r"kohl\[eval\]"):
        GuoSim().transfer(case)
