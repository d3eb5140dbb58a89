"""The pairs say how far the prior is trusted."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from kohl.core.arrays import FloatArray
from kohl.core.errors import UsageError
from kohl.methods.amplifier.chart_lines import Example
from kohl.methods.amplifier.config import REGIONS, TINY
from kohl.methods.amplifier.method import Amplifier, AmplifierKnobs
from kohl.methods.amplifier.model import ResidualDenoiser
from kohl.methods.amplifier.situations import Style, everywhere, show
from kohl.methods.amplifier.trust import UNTOLD, left_out, trust_in_prior, trust_on


class Correcting(Amplifier):
    """Knows the artist, and corrects `share` of what the lines miss; the other way round on lips, if so asked."""

    def __init__(self, people: list[Example], share: float, *, wrong_on: str = "") -> None:
        super().__init__(ResidualDenoiser(TINY))
        self._people, self._share, self._wrong_on = people, share, wrong_on

    def residual_of_styles(
        self, image: FloatArray, masks: FloatArray, styles: object, known: tuple[FloatArray, FloatArray], *_: object
    ) -> FloatArray:  # type: ignore[override]
        truth = next(person.after - person.before for person in self._people if person.before is image)
        sign = 1 - 2 * masks[REGIONS.index(self._wrong_on)][..., None] if self._wrong_on else 1
        return np.asarray(known[0] + self._share * sign * (truth - known[0]), np.float32)


@pytest.fixture(scope="module")
def folds(people: list[Example]) -> list[tuple[Example, Style]]:
    return list(left_out(people))


def test_each_is_left_out_once(people: list[Example], folds: list[tuple[Example, Style]]):
    assert [example for example, _ in folds] == people
    for example, style in folds:
        assert len(style.examples) == len(people) - 1
        assert not any(torch.equal(show(example), shown) for shown in style.examples)


@pytest.mark.parametrize(("share", "trust"), [(1.0, 1.0), (2.0, 0.5), (0.5, 1.0), (-1.0, 0.0)])
def test_it_is_the_share_that_comes_nearest(people: list[Example], folds: list[tuple[Example, Style]], share: float, trust: float):
    found = trust_on(Correcting(people, share), folds, AmplifierKnobs())
    assert found == pytest.approx((trust,) * len(REGIONS), abs=0.01)


def test_each_region_is_asked_for_itself(people: list[Example]):
    trust = dict(zip(REGIONS, trust_in_prior(Correcting(people, 1.0, wrong_on="lips"), people), strict=True))
    assert trust["lips"] < 0.5 < trust["eyes"]


def test_one_pair_cannot_tell(people: list[Example]):
    assert trust_in_prior(Correcting(people, 1.0), people[:1]) == (UNTOLD,) * len(REGIONS)


def test_there_is_nothing_to_trust_without_a_denoiser(people: list[Example]):
    assert not any(trust_in_prior(Amplifier(None), people))


def test_a_prior_that_is_not_trusted_leaves_the_lines(style: Style, stranger: Example):
    torch.manual_seed(0)
    denoiser = ResidualDenoiser(TINY)
    torch.nn.init.normal_(denoiser.leave.weight, std=0.05)
    styles = everywhere(style)
    lines, untrusted, trusted = (
        amplifier.paint(stranger.before, stranger.face, styles, AmplifierKnobs(prior=prior))
        for amplifier, prior in ((Amplifier(None), 1.0), (Amplifier(denoiser), 0.0), (Amplifier(denoiser), 1.0))
    )
    np.testing.assert_allclose(untrusted, lines, atol=1e-6)
    assert np.abs(trusted - lines).max() > 1e-3


def test_trust_out_of_range_is_refused():
    with pytest.raises(UsageError, match="prior"):
        AmplifierKnobs(prior=1.5)
    with pytest.raises(UsageError, match="lips"):
        AmplifierKnobs(trust=(1.0, 2.0, 1.0, 1.0))
    with pytest.raises(UsageError, match="each of face, lips"):
        AmplifierKnobs(trust=(1.0,))
