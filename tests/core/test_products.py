"""Products in pieces are products."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.core import products
from kohl.core.arrays import AnyArray
from kohl.core.products import gram, product


def drawn(*shape: int) -> AnyArray:
    return np.random.default_rng(sum(shape)).normal(size=shape)


@pytest.mark.parametrize("rows", [0, 1, 7, 40_000])
@pytest.mark.parametrize("columns", [(), (1,), (5,)])
def test_pieces_give_what_the_whole_gives(rows: int, columns: tuple[int, ...]):
    left, matrix, right = drawn(rows, 9), drawn(9, *columns), drawn(rows, *columns)
    np.testing.assert_allclose(product(left, matrix), left @ matrix, atol=1e-12)
    np.testing.assert_allclose(gram(left, right), left.T @ right, atol=1e-9)


def test_a_last_row_by_itself_is_as_the_others():
    left, matrix = drawn(19, 288), drawn(288, 48)  # 18 rows are a piece
    assert [len(left[part]) for part in products._pieces(19, matrix.size, by_vector=False)] == [18, 1]
    np.testing.assert_allclose(product(left, matrix), left @ matrix, atol=1e-12)


def test_types_are_numpys():
    single = drawn(20, 3).astype(np.float32)
    assert product(single, drawn(3, 2).astype(np.float32)).dtype == gram(single, single).dtype == np.float32
    assert product(single, drawn(3, 2)).dtype == gram(single, drawn(20, 3)).dtype == np.float64


@pytest.mark.parametrize(("columns", "limit"), [(5, products._SHARED_FROM), (1, products._SHARED_FROM_BY_VECTOR)])
def test_no_piece_is_large_enough_to_be_shared(columns: int, limit: int, monkeypatch: pytest.MonkeyPatch):
    pieces: list[int] = []
    whole = products._pieces

    def noted(count: int, multiplications: int, *, by_vector: bool) -> list[slice]:
        parts = list(whole(count, multiplications, by_vector=by_vector))
        pieces.extend((min(part.stop, count) - part.start) * multiplications for part in parts)
        assert by_vector == (columns == 1)
        return parts

    monkeypatch.setattr(products, "_pieces", noted)
    product(drawn(30_000, 9), drawn(9, columns))
    gram(drawn(30_000, 9), drawn(30_000, columns))
    assert len(pieces) > 2
    assert max(pieces) < limit
