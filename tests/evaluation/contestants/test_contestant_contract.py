"""What every contestant of the registry keeps to."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.core.errors import UnknownNameError, UsageError
from kohl.evaluation.case import Case
from kohl.evaluation.contestants import registry
from kohl.evaluation.contestants.base import Contestant
from kohl.evaluation.contestants.method import MethodContestant
from kohl.evaluation.metrics.places import background_of
from kohl.methods import registry as methods
from kohl.methods.base import Capabilities
from kohl.methods.procedural import Procedural

OURS = ("guo-sim", "histogram", "nothing", "procedural", "reinhard", "uv-paste")


@pytest.mark.parametrize("name", OURS)
def test_contestants_keep_the_contract(name: str, case: Case):
    before = case.source.image.copy(), case.reference.image.copy()
    contestant = registry.create(name)
    result = contestant.transfer(case)
    assert isinstance(contestant, Contestant)
    assert contestant.name == name
    assert result.shape == case.source.image.shape
    assert result.dtype == np.float32
    assert np.isfinite(result).all()
    assert result.min() >= 0
    assert result.max() <= 1
    assert not np.shares_memory(result, case.source.image)
    np.testing.assert_array_equal(case.source.image, before[0])
    np.testing.assert_array_equal(case.reference.image, before[1])
    np.testing.assert_array_equal(result, contestant.transfer(case), err_msg="the same case gives the same picture")
    background = background_of(case.source.face) > 0.5
    np.testing.assert_array_equal(result[background], case.source.image[background])


def test_names_are_sorted_and_unknown_ones_refused():
    assert list(registry.names()) == sorted(registry.names())
    assert set(OURS) <= set(registry.names())
    with pytest.raises(UnknownNameError, match="reinhard"):
        registry.create("reinhart")


def test_a_method_that_cannot_transfer_is_refused(monkeypatch: pytest.MonkeyPatch):
    class LooksAlone(Procedural):
        capabilities = Capabilities(applies_looks=True, transfers=False, reads=False)

    monkeypatch.setattr(methods, "create", lambda name: LooksAlone())
    with pytest.raises(UsageError, match="does not"):
        MethodContestant("procedural")
