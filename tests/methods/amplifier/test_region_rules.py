"""Rules of a look's own regions: how much is worn where, and what it makes of a pixel by where that stands in its region."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kohl.core.arrays import FloatArray
from kohl.methods.amplifier.chart_lines import NUM_PARTS, Example, mean_and_spread, sums_of
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
    return Glimpse(colour.astype(np.float32), change.astype(np.float32), weights)


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


def test_too_few_pairs_have_no_rules_to_try():
    folds = [[matched(seed)] for seed in range(FEWEST)]
    assert missed_by_rules(folds[:-1], PART) is None
    assert len(missed_by_rules(folds, PART) or ()) == FEWEST


def test_a_face_that_does_not_show_the_region_stays_bare_there():
    (rule,) = fit_rules([matched(seed) for seed in range(5)], PART)
    turned = replace(matched(9), weights=np.zeros((NUM_PARTS, SIDE, SIDE), np.float32))
    assert rule.full(turned.colour, turned, PART) is None


def test_a_glimpse_of_sums_is_what_the_face_shows(stranger: Example):
    seen, face = Glimpse.of_sums(sums_of(stranger, 96)), stranger.face
    shown = Glimpse.of_face(np.ascontiguousarray(stranger.before[face.window_slices]), face, 96)
    np.testing.assert_allclose(seen.weights, shown.weights, atol=1e-6)
    surely = seen.weights.sum(axis=0) > 0.1
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
