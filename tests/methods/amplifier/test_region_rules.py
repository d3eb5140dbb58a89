"""Rules of a look's own regions: how much is worn where, and what it makes of a pixel by where that stands in its region."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kohl.core.arrays import FloatArray
from kohl.methods.amplifier.chart_lines import NUM_PARTS, Example, mean_and_spread, sums_of
from kohl.methods.amplifier.outlines import depth_of, faded
from kohl.methods.amplifier.region_rules import FEWEST, Glimpse, fit_rules, missed_by_rules
from kohl.methods.amplifier.style import ChartStyle

SIDE, PART = 64, NUM_PARTS - 1
PALETTE = np.array([0.55, 0.35, 0.3])


def worn() -> FloatArray:
    """How much of the look is worn where, (SIDE, SIDE): on two cheeks, fading."""
    rows, columns = np.mgrid[:SIDE, :SIDE] + 0.5
    return np.asarray(sum(np.exp(-((rows - 40) ** 2 + (columns - at) ** 2) / (2 * 7.0**2)) for at in (18, SIDE - 18)), np.float32)


def matched(seed: int) -> Glimpse:
    """One person, whose cheeks are brought to the palette's mean and spread, all of them."""
    random = np.random.default_rng(seed)
    colour = random.uniform(0.3, 0.8, 3) + random.uniform(0.02, 0.06) * random.normal(0, 1, (SIDE, SIDE, 3))
    mean, spread = mean_and_spread(colour.astype(np.float32), (worn() > 0.5).astype(np.float32))
    change = worn()[..., None] * (PALETTE + 0.05 * (colour - mean) / spread - colour)
    weights = np.zeros((NUM_PARTS, SIDE, SIDE), np.float32)
    weights[PART] = 1
    return Glimpse(colour.astype(np.float32), change.astype(np.float32), weights, weights, np.ones((SIDE, SIDE), np.float32))


def turned(seed: int) -> Glimpse:
    """As `matched`, by an artist whose paint fades in a face's outermost fifth of the distance between the eyes; each face is turned otherwise."""
    glimpse, outline = matched(seed), np.random.default_rng(seed).uniform(-8, 8)
    depth = np.broadcast_to((SIDE / 2 - np.abs(np.arange(SIDE) + 0.5 - SIDE / 2 - outline)) / 60, (SIDE, SIDE)).astype(np.float32)
    return replace(glimpse, depth=depth, change=glimpse.change * np.clip(depth / 0.2, 0, 1)[..., None])


def test_a_palette_is_learnt_with_its_mean_and_its_spread():
    """No line in a pixel's colour says it: what is light on one person is dark on another, and both become the palette's middle."""
    missed = missed_by_rules([[matched(seed)] for seed in range(8)], PART)
    assert missed is not None
    changes = [np.square(matched(seed).change).sum() for seed in range(8)]
    assert sum(error.sum() for error in missed) < 0.05 * sum(changes)


def test_cover_is_how_much_is_worn():
    (rule,) = fit_rules([matched(seed) for seed in range(8)], PART)
    assert np.corrcoef(rule.cover.ravel(), worn().ravel())[0, 1] > 0.98
    np.testing.assert_allclose(rule.cover, rule.cover[:, ::-1], atol=1e-6)
    assert float(rule.cover.min()) >= 0


def test_what_a_region_is_counts_by_its_pixels():
    """Half of each cheek is seen edge-on: it fills hardly any pixels, and hardly counts."""
    glimpse = matched(3)
    odd = np.arange(SIDE)[:, None] % 2 == 1
    colour = np.where(odd[..., None], 0.9, glimpse.colour).astype(np.float32)
    uneven = replace(glimpse, colour=colour, areas=glimpse.weights * np.where(odd, np.float32(1e-4), np.float32(1)))
    (rule,) = fit_rules([matched(seed) for seed in range(8)], PART)
    grey = np.full(3, 0.5, np.float32)
    by_pixels, alike, by_points = (rule.full(grey, shown, PART) for shown in (uneven, glimpse, replace(uneven, areas=glimpse.weights)))
    assert by_pixels is not None
    assert alike is not None
    assert by_points is not None
    assert np.abs(by_pixels - alike).max() < 0.3 * np.abs(by_points - alike).max()


def test_paint_that_fades_towards_the_outline_is_learnt():
    (rule,) = fit_rules([turned(seed) for seed in range(8)], PART)
    assert rule.fade[0] < 0.5 * rule.fade[-1]
    assert faded(np.array(0.1, np.float32), rule.fade) == pytest.approx(0.5 * rule.fade[-1], rel=0.2)
    (even,) = fit_rules([matched(seed) for seed in range(8)], PART)
    assert float(even.fade.min()) > 0.8


def test_an_edge_says_nothing_of_a_rule():
    """Where half a point is another part, the artist's mask has perhaps ended, and is as if it had not been seen."""
    whole = [matched(seed) for seed in range(8)]
    edge = np.where(np.arange(SIDE) % 3 == 0, 0.5, 1.0).astype(np.float32)
    bare = [replace(one, weights=one.weights * edge, change=one.change * (edge[:, None] == 1)) for one in whole]
    (rule,), (wanted,) = fit_rules(bare, PART), fit_rules(whole, PART)
    grey = np.full(3, 0.5, np.float32)
    told, expected = rule.full(grey, whole[0], PART), wanted.full(grey, whole[0], PART)
    assert told is not None
    assert expected is not None
    np.testing.assert_allclose(told, expected, atol=0.03)


def test_both_lips_are_one_region():
    rows = np.arange(SIDE)[:, None, None]
    lips = 0
    shown = [matched(seed) for seed in range(5)]
    apart = [replace(one, change=one.change * (abs(rows - 40) > 4), weights=one.weights[::-1].copy()) for one in shown]
    assert len(fit_rules([replace(one, weights=one.weights[::-1].copy()) for one in apart], PART)) == 2
    assert len(fit_rules(apart, lips)) == 1


def test_too_few_pairs_have_no_rules_to_try():
    folds = [[matched(seed)] for seed in range(FEWEST)]
    assert missed_by_rules(folds[:-1], PART) is None
    assert len(missed_by_rules(folds, PART) or ()) == FEWEST


def test_a_face_that_does_not_show_the_region_stays_bare_there():
    (rule,) = fit_rules([matched(seed) for seed in range(5)], PART)
    hidden = replace(matched(9), weights=np.zeros((NUM_PARTS, SIDE, SIDE), np.float32))
    assert rule.full(hidden.colour, hidden, PART) is None


def test_a_glimpse_of_sums_is_what_the_face_shows(stranger: Example):
    seen, face = Glimpse.of_sums(sums_of(stranger, 96)), stranger.face
    shown = Glimpse.of_face(np.ascontiguousarray(stranger.before[face.window_slices]), depth_of(face), face, 96)
    np.testing.assert_allclose(seen.weights, shown.weights, atol=1e-6)
    surely = seen.weights.sum(axis=0) > 0.1
    np.testing.assert_allclose(seen.areas, shown.areas, atol=1e-4)
    np.testing.assert_allclose(seen.depth[surely], shown.depth[surely], atol=1e-4)
    np.testing.assert_allclose(seen.colour[surely], shown.colour[surely], atol=1e-4)


def with_skin(example: Example, seed: int) -> Example:
    """The same face in another light, with uneven skin, and an artist who brings its cheeks to the palette, whatever they were."""
    random, face, window = np.random.default_rng(seed), example.face, example.face.window_slices
    skin = face.masks.skin * face.field.facing
    rows, columns = (np.arange(side) * 32 // side for side in skin.shape)
    spots = random.uniform(0.01, 0.1) * random.normal(0, 1, (32, 32))[rows][:, columns]
    before, pixels = example.before.copy(), random.uniform(0.7, 1.0) * example.before[window] + (spots * skin)[..., None]
    before[window] = np.clip(pixels, 0, 1)
    cheeks = face.field.sample(np.kron(worn(), np.ones((3, 3), np.float32))) * skin
    mean, spread = mean_and_spread(before[window], (cheeks > 0.5).astype(np.float32))
    after = before.copy()
    after[window] += cheeks[..., None] * (PALETTE + 0.05 * (before[window] - mean) / (spread + 0.01) - before[window])
    return replace(example, before=before, after=after)


def test_cheeks_that_are_brought_to_a_palette_are_learnt(people: list[Example], stranger: Example):
    style = ChartStyle.of([with_skin(example, seed) for seed, example in enumerate([*people, *people])])
    shown = with_skin(stranger, 7)
    wanted = shown.after - shown.before
    change, _ = style.change_on(shown.before, shown.face)
    assert style.rules[PART]
    assert np.square(change - wanted).sum() < 0.04 * np.square(wanted).sum(), "lines alone miss 0.05 of it"
