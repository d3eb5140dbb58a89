"""Looks in random words: understood, of every product half the time, the same for the same seed."""

from __future__ import annotations

from collections import Counter

import numpy as np

from kohl.color.lab import lab_from_srgb
from kohl.data.worded_looks import random_words, worded_look
from kohl.looks.words import parse_words

DRAWS = 400


def drawn(seed: int = 0, count: int = DRAWS) -> list[str]:
    """Some texts; where no product was drawn there is none."""
    random = np.random.default_rng(seed)
    return [random_words(random) for _ in range(count)]


def test_all_but_every_hundredth_text_is_understood_to_the_last_word():
    results = [parse_words(text) for text in drawn() if text]
    assert len(results) > 0.9 * DRAWS
    # "soft brown nude" is a soft brown, and a nude too many.
    assert sum(bool(result.unknown) for result in results) < DRAWS / 100
    assert not any(piece.overruled for result in results for piece in result.understood)


def test_each_product_is_there_half_the_time():
    random = np.random.default_rng(1)
    seen = Counter(layer.product for _ in range(DRAWS) for layer in worded_look(random).layers)
    assert all(0.4 < seen[product] / DRAWS < 0.6 for product in ("eyeshadow", "eyeliner", "lipstick", "blush"))


def test_lips_and_cheeks_wear_reds_and_lids_anything():
    random = np.random.default_rng(2)
    layers = [layer for _ in range(DRAWS) for layer in worded_look(random).layers]
    reds = [layer.pigment for layer in layers if layer.product in ("lipstick", "blush")]
    lids = [pan.pigment for layer in layers if layer.product == "eyeshadow" for pan in layer.pans]
    assert np.mean([redness(pigment) > 5 for pigment in reds]) > 0.95
    assert 0.1 < np.mean([redness(pigment) < 0 for pigment in lids]) < 0.6


def test_the_same_seed_draws_the_same():
    assert drawn(3, 20) == drawn(3, 20)
    assert drawn(3, 20) != drawn(4, 20)
    assert worded_look(np.random.default_rng(5)) == worded_look(np.random.default_rng(5))


def test_where_no_product_is_drawn_the_look_is_empty():
    class Never:
        """Draws nothing."""

        def random(self) -> float:
            return 1.0

    assert random_words(Never()) == ""
    assert worded_look(Never()).layers == ()


def redness(pigment: object) -> float:
    """a* of a pigment."""
    return float(lab_from_srgb(np.array(pigment.rgb, np.float32))[1])
