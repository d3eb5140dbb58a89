"""Metrics over features that somebody else made, beside torchmetrics, scipy and cases that are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import linalg
from scipy.spatial.distance import cosine as scipy_cosine

from kohl.core.errors import UsageError
from kohl.evaluation.metrics.distributions import fid, kid
from kohl.evaluation.metrics.embeddings import cosine
from kohl.evaluation.metrics.reliability import failure_share, is_usable
from kohl.evaluation.metrics.self_similarity import key_similarity, self_similarity, self_similarity_error


def features(seed: int, count: int = 60, length: int = 7) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.normal(0, 1, (count, length)) @ rng.normal(0, 1, (length, length)) + rng.normal(0, 1, length)).astype(np.float32)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 999), st.integers(1, 40))
def test_cosine_is_scipy_s(seed: int, length: int):
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(2, length))
    assert cosine(first, second) == pytest.approx(1 - scipy_cosine(first, second), abs=1e-9)


def test_cosine_of_nothing_and_of_other_lengths():
    assert cosine(np.zeros(3), np.ones(3)) == 0
    with pytest.raises(UsageError, match="one length"):
        cosine(np.ones(3), np.ones(4))


def test_self_similarity_is_the_cosine_of_every_pair():
    keys = features(1, 9, 5)
    found = self_similarity(keys)
    expected = [[1 - scipy_cosine(one, other) for other in keys] for one in keys]
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_layout_counts_and_neither_strength_nor_a_turn_of_all_keys():
    keys = features(2, 12, 6)
    turn = np.linalg.qr(features(3, 6, 6))[0]
    other = (3 * keys @ turn).astype(np.float32)
    assert key_similarity(keys, other) == pytest.approx(1, abs=1e-6)
    assert self_similarity_error(keys, other) == pytest.approx(0, abs=1e-9)
    shuffled = keys[::-1].copy()
    assert key_similarity(keys, shuffled) < 0.99
    assert self_similarity_error(keys, shuffled) == pytest.approx(np.mean((self_similarity(keys) - self_similarity(shuffled)) ** 2), rel=1e-4)
    for metric in (key_similarity, self_similarity_error):
        with pytest.raises(UsageError, match="two pictures"):
            metric(keys, keys[1:])


def test_fid_is_the_formula_with_scipy_s_square_root():
    first, second = features(4).astype(float), features(5, 80).astype(float)
    spreads = [np.cov(each, rowvar=False) for each in (first, second)]
    expected = ((first.mean(0) - second.mean(0)) ** 2).sum() + np.trace(spreads[0] + spreads[1] - 2 * linalg.sqrtm(spreads[0] @ spreads[1]).real)
    assert fid(first, second) == pytest.approx(expected, rel=1e-6)
    assert fid(first, first) == pytest.approx(0, abs=1e-5)


def test_fid_and_kid_are_torchmetrics_():
    torch = pytest.importorskip("torch", reason="compared where kohl[train] is there")
    their_fid, their_kid = (pytest.importorskip(f"torchmetrics.image.{name}") for name in ("fid", "kid"))
    first, second = features(6, 50, 5), features(7, 50, 5)
    moments = [part for each in (first, second) for part in (torch.from_numpy(each).double().mean(0), torch.from_numpy(each).double().T.cov())]
    assert fid(first, second) == pytest.approx(float(their_fid._compute_fid(*moments)), rel=1e-5)
    assert kid(first, second) == pytest.approx(
        float(their_kid.poly_mmd(torch.from_numpy(first).double(), torch.from_numpy(second).double())), rel=1e-5
    )


def test_kid_of_alike_sets_is_about_nothing_and_of_a_shift_is_not():
    rng = np.random.default_rng(8)
    first, second = rng.normal(size=(2, 400, 4))
    assert abs(kid(first, second)) < 0.02
    assert kid(first, second + 1) > 0.3


@pytest.mark.parametrize("distance", [fid, kid])
def test_sets_that_cannot_be_compared_are_refused(distance):
    for pair in ((features(1)[:1], features(2)), (features(1), features(2, 60, 3)), (features(1)[0], features(2))):
        with pytest.raises(UsageError, match="two sets"):
            distance(*pair)


def test_failures_are_counted_whatever_their_kind():
    source = np.full((4, 5, 3), 0.5, np.float32)
    holes = source.copy()
    holes[0, 0, 0] = np.nan
    failed = [None, source[1:], source * np.float32(3), holes, (source * 255).astype(np.uint8), "picture"]
    assert not any(is_usable(result, source) for result in failed)
    assert is_usable(source, source)
    assert failure_share([*failed, source, source], [source] * 8) == 0.75
    with pytest.raises(UsageError, match="count every case"):
        failure_share([], [])
