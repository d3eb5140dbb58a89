"""How wide windows are, and whether the other side counts: left-out pairs decide."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.core.arrays import FloatArray
from kohl.methods.amplifier.chart_lines import NUM_COLOURS, NUM_FEATURES, NUM_SUMS
from kohl.methods.amplifier.windows import fit_lines

SIDE = 64


def fold(change: FloatArray, random: np.random.Generator, seen: FloatArray | None = None) -> FloatArray:
    """Sums of one pair whose colour is one and the same everywhere but for noise, and whose change is `change` (S, S)."""
    colour, others = random.normal(0.5, 0.05, (SIDE, SIDE, 3)), np.zeros((SIDE, SIDE, NUM_FEATURES - NUM_COLOURS))
    known = np.concatenate([np.ones((SIDE, SIDE, 1)), colour, others], -1)
    changes = np.repeat(change[..., None], 3, -1)
    upper = np.triu_indices(NUM_FEATURES)
    square = (known[..., :, None] * known[..., None, :])[..., upper[0], upper[1]]
    crossed = (known[..., :, None] * changes[..., None, :]).reshape(SIDE, SIDE, -1)
    sums = np.concatenate([square, crossed, np.square(changes).sum(-1, keepdims=True)], -1)
    return np.asarray(np.moveaxis(sums * (1 if seen is None else seen[..., None]), -1, 0), np.float32)


def told(lines: FloatArray) -> FloatArray:
    """The change of the first channel at mean colour, (S, S)."""
    at = np.array([1, 0.5, 0.5, 0.5], np.float32)
    return np.asarray(lines[..., :NUM_COLOURS, 0] @ at, np.float32)


def test_what_the_pairs_do_not_share_is_averaged_away():
    random = np.random.default_rng(0)
    lines = fit_lines([fold(0.2 + random.normal(0, 0.2, (SIDE, SIDE)), random) for _ in range(5)])
    assert float(np.abs(told(lines.lines) - 0.2).mean()) < 0.03


def test_a_thin_line_that_all_pairs_show_stays_thin():
    random = np.random.default_rng(1)
    drawn = np.zeros((SIDE, SIDE))
    drawn[32] = 0.5
    found = told(fit_lines([fold(drawn + random.normal(0, 0.01, drawn.shape), random) for _ in range(5)]).lines)
    assert float(found[32, 8:-8].mean()) > 0.35
    assert float(np.abs(found[28, 8:-8]).mean()) < 0.05


def test_the_error_to_be_expected_is_that_of_the_noise():
    random = np.random.default_rng(2)
    lines = fit_lines([fold(random.normal(0, 0.1, (SIDE, SIDE)), random) for _ in range(5)])
    assert 2.0 < float(np.median(lines.missed)) / 0.1**2 < 4.5, "three channels of one variance"


def test_one_pair_is_enough():
    random = np.random.default_rng(3)
    lines = fit_lines([fold(np.full((SIDE, SIDE), 0.3), random)])
    np.testing.assert_allclose(told(lines.lines)[8:-8, 8:-8], 0.3, atol=0.02)
    assert not lines.missed.any()


def test_where_nothing_was_seen_nothing_changes():
    random = np.random.default_rng(4)
    seen = np.zeros((SIDE, SIDE))
    seen[:16] = 1
    lines = fit_lines([fold(np.full((SIDE, SIDE), 0.3), random, seen) for _ in range(3)])
    assert not lines.lines[48:].any()
    nothing = fit_lines([np.zeros((NUM_SUMS, SIDE, SIDE), np.float32)] * 2)
    assert not nothing.lines.any()
    assert not nothing.missed.any()


def test_a_look_alike_on_both_sides_is_read_from_both():
    random = np.random.default_rng(5)
    drawn = np.full((SIDE, SIDE), 0.2)
    left = np.repeat((np.arange(SIDE) < SIDE // 2)[None], SIDE, axis=0).astype(np.float64)
    folds = [fold(drawn + random.normal(0, 0.05, drawn.shape), random, left) for _ in range(3)]
    assert abs(float(told(fit_lines(folds).lines)[8:-8, SIDE // 2 + 8 : -8].mean()) - 0.2) < 0.02, "the side that no pair shows"


def test_a_pair_unlike_the_others_is_heard_less_where_it_is():
    random = np.random.default_rng(7)
    drawn = np.full((SIDE, SIDE), 0.2)
    slip = drawn.copy()
    slip[:, :24] = -0.6
    pairs = [fold(drawn + random.normal(0, 0.02, drawn.shape), random) for _ in range(4)]
    slipped, honest = (told(fit_lines([*pairs, fold(change + random.normal(0, 0.02, drawn.shape), random)]).lines) for change in (slip, drawn))
    here, elsewhere = np.s_[8:-8, 4:12], np.s_[8:-8, 44:60]
    assert abs(float(slipped[elsewhere].mean() - honest[elsewhere].mean())) < 0.01
    assert float(slipped[here].mean()) > 0.12, "a plain mean is 0.04"


@pytest.mark.parametrize("pairs", [1, 5])
def test_what_is_on_one_side_alone_stays_there(pairs: int):
    random = np.random.default_rng(6)
    drawn = np.zeros((SIDE, SIDE))
    drawn[16:48, 4:28] = 0.5
    found = told(fit_lines([fold(drawn + random.normal(0, 0.05, drawn.shape), random) for _ in range(pairs)]).lines)
    assert float(found[22:42, 10:22].mean()) > 0.45
    assert abs(float(found[22:42, -22:-10].mean())) < 0.05


@pytest.mark.parametrize(("missed", "share"), [(0.0, 1.0), (1.0, 0.0)])
def test_what_rules_foretell_better_is_left_to_them(missed: float, share: float):
    random = np.random.default_rng(8)
    folds = [fold(np.full((SIDE, SIDE), 0.2) + random.normal(0, 0.2, (SIDE, SIDE)), random) for _ in range(5)]
    by_rules = [np.full((SIDE // 2, SIDE // 2), missed, np.float32)] * 5
    found = fit_lines(folds, by_rules)
    np.testing.assert_allclose(found.left[8:-8, 8:-8], share, atol=1e-3)
    assert abs(float(told(found.lines).mean()) - 0.2 * (1 - share)) < 0.02


def test_without_rules_nothing_is_left_to_them():
    random = np.random.default_rng(9)
    pairs = [fold(np.full((SIDE, SIDE), 0.2), random) for _ in range(3)]
    assert not any(fit_lines(pairs[:count]).left.any() for count in (1, 3))
