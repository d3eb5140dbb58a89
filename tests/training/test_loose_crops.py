"""Crops as a careless detector cuts them: what is drawn, and that a mirrored crop is the crop of the mirrored sheet."""

from __future__ import annotations

import numpy as np

from kohl.data.crops import SIDE
from kohl.geometry.affine import apply
from kohl.training.loose_crops import EXACT, Looseness, cut

MIDDLE = np.array([[SIDE / 2, SIDE / 2], [SIDE / 2 + 100, SIDE / 2]], np.float32)
"""A sheet's middle, and a point to the right of it."""


def sheet() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3)).astype(np.uint8)


def test_the_exact_crop_is_the_sheet_s_middle():
    picture, edge = sheet(), (SIDE - 256) // 2
    np.testing.assert_array_equal(cut(picture, EXACT.draw(np.random.default_rng(0))), picture[edge:-edge, edge:-edge])


def test_a_mirrored_crop_is_the_crop_of_the_mirrored_sheet():
    picture = sheet()
    always = Looseness(0.0, 0.0, 0.0, mirrored=1.0).draw(np.random.default_rng(0))
    np.testing.assert_array_equal(cut(picture, always), cut(picture[:, ::-1], EXACT.draw(np.random.default_rng(0))))


def test_as_many_crops_are_mirrored_as_asked_and_none_where_none_is():
    def mirrored(share: float) -> float:
        random, looseness = np.random.default_rng(1), Looseness(mirrored=share)
        turned = [np.diff(apply(looseness.draw(random), MIDDLE), axis=0)[0, 0] < 0 for _ in range(400)]
        return float(np.mean(turned))

    assert mirrored(0.0) == 0
    assert 0.4 < mirrored(0.5) < 0.6
    assert mirrored(1.0) == 1


def test_without_a_mirror_a_seed_draws_the_crops_that_it_drew_before_there_was_one():
    first, second = np.random.default_rng(2), np.random.default_rng(2)
    Looseness().draw(first)
    second.uniform(size=4)
    assert first.random() == second.random()
