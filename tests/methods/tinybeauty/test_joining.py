from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kohl.core.errors import UsageError
from kohl.core.region import Region
from kohl.methods.tinybeauty.joining import average, join
from kohl.methods.tinybeauty.learned import LearnedLook
from kohl.methods.tinybeauty.regions import usual_regions
from kohl.methods.tinybeauty.worn import ResidualLook
from learned_looks import tint_look

RED = LearnedLook(tint_look((0.2, 0.0, 0.0), name="red", licence="CC0-1.0", regions=(Region.LIPS,)), threads=1)
BLUE = LearnedLook(tint_look((0.0, 0.0, 0.2), name="blue", regions=(Region.EYES, Region.LIPS)), threads=1)
CROP = np.random.default_rng(0).random((256, 256, 3), np.float32)


@settings(max_examples=15, deadline=None)
@given(weights=st.tuples(st.floats(0.01, 5), st.floats(0.01, 5)))
def test_an_average_is_the_weighted_mean(weights: tuple[float, float]):
    share = weights[0] / sum(weights)
    expected = share * RED.residual(CROP) + (1 - share) * BLUE.residual(CROP)
    np.testing.assert_allclose(average([RED, BLUE], weights).residual(CROP), expected, atol=1e-6)


def test_alone_and_with_itself_a_look_is_itself():
    np.testing.assert_allclose(average([RED]).residual(CROP), RED.residual(CROP), atol=1e-7)
    np.testing.assert_allclose(average([RED, RED], [3, 1]).residual(CROP), RED.residual(CROP), atol=1e-6)
    np.testing.assert_allclose(join(dict.fromkeys(Region, RED)).residual(CROP), RED.residual(CROP), atol=1e-6)


@pytest.mark.parametrize("places", [None, "given"])
def test_a_join_takes_each_region_from_its_own(places: str | None):
    regions = usual_regions() if places is None else dict(zip(Region, reversed(usual_regions().values()), strict=True))
    joined = join({Region.LIPS: RED, Region.EYES: BLUE}).residual(CROP, None if places is None else regions)
    expected = RED.residual(CROP) * regions[Region.LIPS][..., None] + BLUE.residual(CROP) * regions[Region.EYES][..., None]
    np.testing.assert_allclose(joined, expected, atol=1e-6)


def test_joins_and_averages_may_hold_each_other():
    mixed = average([join({Region.LIPS: RED}), join({Region.LIPS: BLUE})])
    same = join({Region.LIPS: average([RED, BLUE])})
    np.testing.assert_allclose(mixed.residual(CROP), same.residual(CROP), atol=1e-6)


def test_their_cards_name_all_of_them_and_claim_no_measurement():
    for made in (average([RED, BLUE], [3, 1]), join({Region.LIPS: RED, Region.EYES: BLUE})):
        assert isinstance(made, ResidualLook)
        assert "red" in made.card.name
        assert "blue" in made.card.name
        assert made.card.licence == "CC0-1.0 AND Apache-2.0"
        assert made.card.regions == (Region.LIPS, Region.EYES)
        assert made.card.metrics == {}
        assert made.card.parameters == RED.card.parameters + BLUE.card.parameters
    assert join({Region.BROWS: RED, Region.LIPS: BLUE}).card.regions == (Region.LIPS,)


def test_checksums_tell_them_apart():
    made = [
        RED,
        average([RED, BLUE]),
        average([RED, BLUE], [1, 2]),
        average([BLUE, RED], [1, 2]),
        join({Region.LIPS: RED}),
        join({Region.EYES: RED}),
        join({Region.LIPS: RED, Region.EYES: BLUE}),
    ]
    assert len({look.sha256 for look in made}) == len(made)
    assert average([RED, BLUE], [1, 2]).sha256 == average([RED, BLUE], [2, 4]).sha256


@pytest.mark.parametrize("weights", [[1], [1, -1], [0, 0], [float("nan"), 1], [float("inf"), 1]])
def test_weights_that_are_none_are_refused(weights: list[float]):
    with pytest.raises(UsageError, match="weights"):
        average([RED, BLUE], weights)


def test_nothing_is_neither_averaged_nor_joined():
    with pytest.raises(UsageError):
        average([])
    with pytest.raises(UsageError):
        join({})
