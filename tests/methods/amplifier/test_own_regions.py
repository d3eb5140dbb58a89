"""The look's own regions: what mirrors each other is one, what is fainter beside stronger has its own, and noise has none."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import FloatArray
from kohl.methods.amplifier.own_regions import find_regions, joined

SIDE = 96


def spots(*drawn: tuple[float, float, float, float]) -> FloatArray:
    """Soft spots (row, column, radius, strength) and their mirror images, (SIDE, SIDE)."""
    rows, columns = np.mgrid[:SIDE, :SIDE] + 0.5
    strength = np.full((SIDE, SIDE), 1e-4)
    for row, column, radius, height in drawn:
        for at in (column, SIDE - column):
            strength = np.maximum(strength, height * np.exp(-((rows - row) ** 2 + (columns - at) ** 2) / (2 * radius**2)))
    return strength.astype(np.float32)


def test_cheeks_are_one_region_and_lids_another():
    lids, cheeks = sorted(find_regions(spots((30, 30, 4, 0.3), (55, 25, 8, 0.2))), key=lambda region: int(region.core.sum()))
    for region, row, column in ((lids, 30, 30), (cheeks, 55, 25)):
        assert region.core[row, column]
        assert region.core[row, SIDE - 1 - column]
        np.testing.assert_array_equal(region.core, region.core[:, ::-1])
        np.testing.assert_array_equal(region.core & region.domain, region.core)
    assert not (lids.domain & cheeks.domain).any()
    assert (lids.domain | cheeks.domain).all()


def test_a_fainter_region_is_found_where_nothing_stronger_is_near():
    assert len(find_regions(spots((25, 30, 4, 0.5), (75, 30, 6, 0.05)))) == 2


def test_where_hardly_anything_changes_there_is_no_region():
    assert find_regions(spots()) == []
    assert find_regions(np.zeros((SIDE, SIDE), np.float32)) == []
    assert find_regions(spots((30, 30, 0.5, 0.3))) == [], "a dot"


def test_regions_that_are_joined_are_one():
    lids, cheeks = find_regions(spots((30, 30, 4, 0.3), (55, 25, 8, 0.2)))
    both = joined([lids, cheeks])
    np.testing.assert_array_equal(both.core, lids.core | cheeks.core)
    np.testing.assert_array_equal(both.domain, lids.domain | cheeks.domain)
