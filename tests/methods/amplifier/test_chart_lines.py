"""Lines on the chart: the regression against its definition, and what lips, eyeballs and blotches have of their own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kohl.core.arrays import FloatArray
from kohl.methods.amplifier.chart_lines import (
    NUM_COLOURS,
    NUM_FEATURES,
    NUM_LOCAL,
    NUM_PARTS,
    NUM_SUMS,
    Example,
    features,
    parts,
    regress,
    squared_error,
    sums_of,
)
from kohl.methods.amplifier.style import ChartStyle

seeds = st.integers(0, 2**32 - 1)


def sums(known: FloatArray, change: FloatArray) -> FloatArray:
    """Sums (NUM_SUMS, 1, 1) over observations (N, NUM_FEATURES) and (N, 3), by their definition."""
    square, crossed = known.T @ known, known.T @ change
    parts = [square[np.triu_indices(NUM_FEATURES)], crossed.ravel(), [np.square(change).sum()]]
    return np.concatenate(parts).astype(np.float32)[:, None, None]


def observations(seed: int, count: int = 60) -> tuple[FloatArray, FloatArray]:
    random = np.random.default_rng(seed)
    known = np.concatenate([np.ones((count, 1)), random.uniform(0, 1, (count, 3)), random.normal(0, 0.3, (count, NUM_FEATURES - NUM_COLOURS))], 1)
    return known.astype(np.float32), random.normal(0, 0.1, (NUM_FEATURES, 3)).astype(np.float32)


@given(seeds)
@settings(max_examples=30)
def test_a_line_in_all_features_is_found(seed: int):
    known, lines = observations(seed)
    found = regress(sums(known, known @ lines), NUM_FEATURES)[0, 0]
    np.testing.assert_allclose(known @ found, known @ lines, atol=0.02)


@given(seeds)
@settings(max_examples=30)
def test_blotches_are_left_out_when_only_colour_is_asked(seed: int):
    known, lines = observations(seed)
    found = regress(sums(known, known @ lines), NUM_COLOURS)[0, 0]
    assert not found[NUM_COLOURS:].any()
    assert found[:NUM_COLOURS].any()


@given(seeds, seeds)
@settings(max_examples=30)
def test_the_error_is_the_sum_of_squares(seed: int, other: int):
    known, lines = observations(seed)
    change = known @ observations(other)[1]
    error = squared_error(lines[None, None], sums(known, change))[0, 0]
    assert error == pytest.approx(float(np.square(change - known @ lines).sum()), rel=1e-3, abs=1e-3)


def test_parts_share_the_face_out(stranger: Example):
    shares = parts(stranger.face)
    assert shares.shape[0] == NUM_PARTS
    np.testing.assert_allclose(shares.sum(axis=0), 1, atol=1e-6)
    assert float(shares.min()) >= -1e-6


def test_an_example_adds_its_sums(stranger: Example):
    found = sums_of(stranger, 48)
    assert found.shape == (NUM_PARTS, NUM_SUMS, 48, 48)
    assert found.dtype == np.float32
    assert (found[:, 0] > 0.5).any(axis=(1, 2)).all()


def test_even_skin_has_no_blotches_and_stands_nowhere(stranger: Example):
    even = np.full((*stranger.face.masks.skin.shape, 3), 0.6, np.float32)
    np.testing.assert_allclose(features(even, stranger.face)[..., NUM_COLOURS:], 0, atol=1e-5)


def test_where_a_pixel_stands_among_its_own_kind_knows_no_level_and_no_contrast(stranger: Example):
    face = stranger.face
    before = stranger.before[face.window_slices]
    skin, lips = (face.masks.skin > 0.99) & (face.masks.lips == 0), face.masks.lips > 0.99
    darker = np.where(face.masks.lips[..., None] > 0, 0.1 + 0.5 * before, before)
    own, other = (features(np.ascontiguousarray(pixels, np.float32), face)[..., NUM_LOCAL:] for pixels in (before, darker))
    assert np.corrcoef(other[lips].ravel(), own[lips].ravel())[0, 1] > 0.99
    assert other[lips].std() == pytest.approx(own[lips].std(), rel=0.4)
    np.testing.assert_allclose(other[skin], own[skin], atol=0.03)
    assert own[lips].std() > 0.05


def test_the_lightest_of_the_lips_is_learnt(people: list[Example], stranger: Example):
    """No line in colour says it: one person's lightest lip is another's darkest."""

    def lit(example: Example) -> Example:
        after, window = example.before.copy(), example.face.window_slices
        after[window] += 0.5 * features(example.before[window], example.face)[..., NUM_LOCAL:] * example.face.masks.lips[..., None]
        return replace(example, after=after)

    wanted = lit(stranger).after - stranger.before
    change, _ = ChartStyle.of([lit(example) for example in people]).change_on(stranger.before, stranger.face)
    assert np.square(change - wanted).sum() < 0.3 * np.square(wanted).sum()


def with_blotches(example: Example, seed: int) -> Example:
    """The same face with uneven skin, and an artist who evens half of it and does nothing else."""
    window = example.face.window_slices
    spots = np.random.default_rng(seed).normal(0, 1, (8, 8, 1)).astype(np.float32)
    height, width = example.face.masks.skin.shape
    rows, columns = np.arange(height) * 8 // height, np.arange(width) * 8 // width
    before = example.before.copy()
    before[window] += 0.05 * spots[rows][:, columns] * example.face.masks.skin[..., None]
    before = np.clip(before, 0, 1)
    after = before.copy()
    after[window] -= 0.5 * features(before[window], example.face)[..., NUM_COLOURS:NUM_LOCAL] * example.face.masks.skin[..., None]
    return replace(example, before=before, after=after)


def test_evened_skin_is_learnt(people: list[Example], stranger: Example):
    """No line in colour says it: the same colour is a dark spot here and plain skin there."""
    style = ChartStyle.of([with_blotches(example, seed) for seed, example in enumerate(people)])
    shown = with_blotches(stranger, 7)
    change, _ = style.change_on(shown.before, shown.face)
    wanted = shown.after - shown.before
    assert np.square(change - wanted).sum() < 0.5 * np.square(wanted).sum()


def test_lipstick_stays_on_the_lips(people: list[Example], stranger: Example):
    def red(example: Example) -> Example:
        after = example.before.copy()
        after[example.face.window_slices] += example.face.masks.lips[..., None] * np.array([0.1, -0.2, -0.1], np.float32)
        return replace(example, after=after)

    change, _ = ChartStyle.of([red(example) for example in people]).change_on(stranger.before, stranger.face)
    inside = change[stranger.face.window_slices]
    lips = stranger.face.masks.lips
    assert inside[lips > 0.99][:, 1].mean() == pytest.approx(-0.2, abs=0.03)
    assert np.abs(inside[lips == 0]).max() < 0.06
