"""What several metrics need of the same portrait or result, worked out once and forgotten together with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

from kohl.core.arrays import Mask
from kohl.core.region import Region
from kohl.evaluation.case import Portrait, Sample
from kohl.evaluation.metrics.patterns import Pattern, pattern_of
from kohl.evaluation.metrics.places import background_of, bare_skin_of, region_of, skin_of
from kohl.evaluation.metrics.region_colors import RegionColors, region_colors

_Given = TypeVar("_Given")
_Found = TypeVar("_Found")


def remembered(work_out: Callable[[_Given], _Found]) -> Callable[[_Given], _Found]:
    """Make `work_out` keep its answer for as long as its one argument lives. Two threads may both work it out; either answer will do."""
    known: WeakKeyDictionary[_Given, _Found] = WeakKeyDictionary()

    def recall(given: _Given) -> _Found:
        found = known.get(given)
        if found is None:
            found = known[given] = work_out(given)
        return found

    return recall


@remembered
def background(portrait: Portrait) -> Mask:
    """See `places.background_of`."""
    return background_of(portrait.face)


@remembered
def skin(portrait: Portrait) -> Mask:
    """See `places.skin_of`."""
    return skin_of(portrait.face)


@remembered
def bare_skin(portrait: Portrait) -> Mask:
    """See `places.bare_skin_of`."""
    return bare_skin_of(portrait.face)


@remembered
def lips(portrait: Portrait) -> Mask:
    """See `places.region_of`."""
    return region_of(portrait.face, Region.LIPS)


@remembered
def colors(portrait: Portrait) -> RegionColors:
    """See `region_colors`."""
    return region_colors(portrait.image, portrait.face)


@remembered
def colors_made(sample: Sample) -> RegionColors:
    """The colours of the result, where the source's face says that its regions are."""
    return region_colors(sample.result, sample.case.source.face)


@remembered
def pattern(portrait: Portrait) -> Pattern:
    """See `patterns.pattern_of`."""
    return pattern_of(portrait.image, portrait.face)


@remembered
def pattern_made(sample: Sample) -> Pattern:
    """The pattern of the result, on the source's face."""
    return pattern_of(sample.result, sample.case.source.face)
