"""The reader's networks: complete, finite, and cut where the training saw nothing."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.reading.answers import LINE_ANSWERS, LIP_FINISHES, PATTERNS
from kohl.reading.networks import load_networks, probability
from kohl.rendering.zones.eyes import ZONES

ANSWERS = {
    **dict.fromkeys(("lipstick", "eyeshadow", "blush", "eyeliner"), 1),
    "pans": len(ZONES),
    "lip_finish": len(LIP_FINISHES),
    "blush_pattern": len(PATTERNS),
    "line_shape": len(LINE_ANSWERS),
    **dict.fromkeys(("lip_colour", "blush_colour", *(f"{zone}_colour" for zone in ZONES)), 4),
}


def test_all_networks_are_there_with_their_answers() -> None:
    networks = load_networks()
    assert set(networks) == set(ANSWERS)
    for name, count in ANSWERS.items():
        answers = networks[name](networks[name].mean)
        assert answers.shape == (count,)
        assert np.isfinite(answers).all()


@pytest.mark.parametrize("name", ["lipstick", "lid_colour"])
def test_what_training_never_saw_does_not_shout(name: str) -> None:
    network = load_networks()[name]
    far, farther = (network(network.mean + network.scale * reach) for reach in (4.0, 4000.0))
    assert farther == pytest.approx(far, rel=1e-5)


def test_probability_is_a_probability() -> None:
    assert probability(0.0) == 0.5
    assert 0 < probability(-1000.0) < 1e-9
    assert probability(1000.0) == pytest.approx(1.0)
