"""Stencils: the pixels of a mask, no more and no fewer, whatever is done to them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kohl.core.arrays import Mask
from kohl.rendering.stencil import NOTHING, Stencil, box_around, box_of

SHAPES = st.tuples(st.integers(1, 12), st.integers(1, 15))
MASKS = arrays(np.float32, SHAPES, elements=st.sampled_from([0, 0, 0, 1 / 4096, 1 / 1024, 0.25, 1]))


def whole(stencil: Stencil) -> Mask:
    mask = np.zeros(stencil.size, np.float32)
    mask.ravel()[stencil.pixels] = stencil.mask
    return mask


@settings(max_examples=60, deadline=None)
@given(MASKS)
def test_a_stencil_is_its_mask_without_what_cannot_be_seen(mask):
    stencil = Stencil.of(mask)
    assert (whole(stencil) == np.where(mask < NOTHING, 0, mask)).all()
    assert (np.diff(stencil.pixels) > 0).all()
    assert stencil.is_empty == (mask.max() < NOTHING)
    assert Stencil.of(stencil) is stencil


@settings(max_examples=60, deadline=None)
@given(MASKS, st.sampled_from([0.0, 1 / 512, 0.5, 1.0]))
def test_scaling_and_cutting_are_those_of_the_mask(mask, share):
    stencil = Stencil.of(mask)
    other = np.linspace(0, 1, mask.size, dtype=np.float32).reshape(mask.shape)
    for made, expected in ((stencil.scaled(share), whole(stencil) * np.float32(share)), (stencil.times(other), whole(stencil) * other)):
        assert (whole(made) == np.where(expected < NOTHING, 0, expected)).all()
    assert stencil.scaled(1.0).pixels is stencil.pixels


@settings(max_examples=60, deadline=None)
@given(MASKS, st.integers(0, 3), st.integers(0, 4))
def test_a_part_knows_where_it_lies(mask, top, left):
    size = (mask.shape[0] + top + 2, mask.shape[1] + left + 1)
    box = (slice(top, top + mask.shape[0]), slice(left, left + mask.shape[1]))
    large = np.zeros(size, np.float32)
    large[box] = mask
    part, same = Stencil.within(box, mask, size), Stencil.of(large)
    assert (part.pixels == same.pixels).all()
    assert (part.mask == same.mask).all()
    if not part.is_empty:
        assert part.box == box_of(large)
        assert (part.take(large) == part.take_within(box, mask)).all()
        assert (part.take_within(part.box, large[part.box]) == part.mask).all()


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_what_is_put_is_taken_and_the_rest_stays(count):
    random = np.random.default_rng(count)
    mask = np.zeros((9, 11), np.float32)
    mask.ravel()[random.permutation(mask.size)[:count]] = 0.5
    picture = random.uniform(0, 1, (9, 11, 3)).astype(np.float32)
    before, stencil = picture.copy(), Stencil.of(mask)
    values = random.uniform(0, 1, (1, count, 3)).astype(np.float32)
    stencil.put(picture, values)
    assert (stencil.take(picture) == values).all()
    assert (picture[mask == 0] == before[mask == 0]).all()
    assert stencil.take(mask).shape == (1, count)


def test_the_box_around_nothing_is_none():
    assert box_of(np.zeros((4, 4), np.float32)) is None
    mask = np.zeros((6, 7), np.float32)
    mask[2, 3] = mask[4, 5] = 1
    assert box_of(mask) == (slice(2, 5), slice(3, 6))


def test_a_box_around_points_stays_in_the_window_and_is_never_empty():
    points = np.array([[10.2, 20.8], [14.0, 23.0]], np.float32)
    assert box_around(points, 2, (100, 100)) == (slice(18, 25), slice(8, 16))
    assert box_around(points, 50, (30, 40)) == (slice(0, 30), slice(0, 40))
    for far in (-500, 500):
        rows, columns = box_around(points + np.float32(far), 2, (30, 40))
        assert 0 <= rows.start < rows.stop <= 30
        assert 0 <= columns.start < columns.stop <= 40


def test_the_pieces_are_all_of_it_in_order():
    stencil = Stencil.of(np.full((300, 400), 0.5, np.float32))
    parts = list(stencil.parts())
    assert len(parts) > 2
    assert (np.concatenate([part.pixels for part in parts]) == stencil.pixels).all()
    assert all(part.mask.shape == (1, part.pixels.size) for part in parts)
    assert not list(Stencil.of(np.zeros((3, 4), np.float32)).parts())
