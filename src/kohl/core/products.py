"""Matrix products in pieces too small for BLAS to share among its threads.

OpenBLAS, which comes with numpy, keeps its threads spinning for tens of milliseconds after every product that it shared among them, and they
take a core from whoever computes beside. No product on a face is large enough to be worth that.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kohl.core.arrays import AnyArray

_SHARED_FROM, _SHARED_FROM_BY_VECTOR = 262_144, 9_216
"""Multiplications from which on OpenBLAS shares a product of two matrices, and one of a matrix and a vector (its interface/gemm.c, gemv.c)."""


def product(rows: AnyArray, matrix: AnyArray) -> AnyArray:
    """`rows @ matrix`: (N, K) times (K, M) or (K,) → (N, M) or (N,)."""
    result = np.empty((len(rows), *matrix.shape[1:]), np.result_type(rows, matrix))
    for part in _pieces(len(rows), matrix.size, by_vector=matrix.size == len(matrix)):
        result[part] = _alone(rows[part], matrix)
    return result


def _alone(rows: AnyArray, matrix: AnyArray) -> AnyArray:
    """`rows @ matrix` of one piece. A single row is a vector to BLAS, which shares those far sooner."""
    if len(rows) == 1 and matrix.size >= _SHARED_FROM_BY_VECTOR:
        return np.asarray(np.einsum("nk,k...->n...", rows, matrix))
    return np.asarray(rows @ matrix)


def gram(left: AnyArray, right: AnyArray) -> AnyArray:
    """`left.T @ right`: (N, K) and (N, M) or (N,) → (K, M) or (K,)."""
    result = np.zeros((left.shape[1], *right.shape[1:]), np.result_type(left, right))
    width = right.shape[1] if right.ndim == 2 else 1
    for part in _pieces(len(left), left.shape[1] * width, by_vector=1 in {left.shape[1], width}):
        result += left[part].T @ right[part]
    return result


def _pieces(count: int, multiplications: int, *, by_vector: bool) -> Iterator[slice]:
    """Parts of `count` rows, each of which takes so many multiplications."""
    step = max(1, ((_SHARED_FROM_BY_VECTOR if by_vector else _SHARED_FROM) - 1) // max(multiplications, 1))
    return (slice(first, first + step) for first in range(0, count, step))
