"""Strips: every pixel once, whatever the window's shape."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kohl.geometry.strips import around, strips, whole


@given(height=st.integers(1, 300), width=st.integers(1, 40_000), top=st.integers(0, 7), left=st.integers(0, 9))
def test_strips_cover_their_box_once(height, width, top, left):
    rows = np.zeros(top + height + 3, np.int64)
    for part in strips((slice(top, top + height), slice(left, left + width))):
        assert part[1] == slice(left, left + width)
        assert part[0].stop > part[0].start
        rows[part[0]] += 1
    assert (rows[top : top + height] == 1).all()
    assert rows.sum() == height


def test_large_windows_come_in_more_than_one_strip():
    assert len(list(strips(whole((1000, 2000))))) > 10
    assert list(strips(whole((3, 4, 3)))) == [(slice(0, 3), slice(0, 4))]


@given(st.integers(1, 12), st.integers(1, 12), st.data())
def test_a_box_and_what_is_around_it_fill_a_window_once(height: int, width: int, data: st.DataObject) -> None:
    sides = [sorted(data.draw(st.lists(st.integers(0, length), min_size=2, max_size=2))) for length in (height, width)]
    box = slice(*sides[0]), slice(*sides[1])
    counted = np.zeros((height, width), int)
    for part in [box, *around(box, (height, width, 3))]:
        counted[part] += 1
    assert (counted == 1).all()
