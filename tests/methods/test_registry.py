from __future__ import annotations

from types import MappingProxyType

import pytest

from kohl.core.errors import UnknownNameError, UsageError
from kohl.core.region import Region
from kohl.methods import registry
from kohl.methods.base import Controls, MakeupMethod


def test_names_are_sorted_and_make_what_they_name():
    assert registry.names() == tuple(sorted(registry.names()))
    for name in registry.names():
        method = registry.create(name)
        assert isinstance(method, MakeupMethod)
        assert method.name == name


@pytest.mark.parametrize(("name", "nearest"), [("procedurral", "procedural"), ("Procedural", "procedural")])
def test_doubt_is_refused_and_the_nearest_named(name: str, nearest: str):
    with pytest.raises(UnknownNameError) as caught:
        registry.create(name)
    assert nearest in caught.value.nearest


def test_controls_leave_everything_at_one():
    controls = Controls()
    assert {controls.strength_of(region) for region in Region} == {1.0}
    assert not controls.is_nothing


def test_controls_know_when_nothing_is_asked():
    assert Controls(MappingProxyType(dict.fromkeys(Region, 0.0))).is_nothing
    assert not Controls({Region.LIPS: 0.0}).is_nothing


@pytest.mark.parametrize(
    "wrong", [{"strengths": {Region.LIPS: 1.1}}, {"strengths": {Region.LIPS: float("nan")}}, {"texture": -1.0}, {"detail": "all"}]
)
def test_controls_out_of_range_are_refused(wrong: dict[str, object]):
    with pytest.raises(UsageError):
        Controls(**wrong)  # type: ignore[arg-type]
