"""Self-similarity of a vision transformer's keys: the layout of a picture, whatever its colours.

Tumanyan, Bar-Tal, Bagon, Dekel: "Splicing ViT features for semantic appearance transfer" (CVPR 2022): S_ij = cos(k_i, k_j) over the keys of
DINO's last attention, heads side by side, the class token among them.
"""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import AnyArray, FloatArray
from kohl.core.errors import UsageError
from kohl.evaluation.metrics.embeddings import cosine


def self_similarity(keys: AnyArray) -> FloatArray:
    """(N, N) cosines between the keys (N, D) of one picture, [-1, 1]."""
    lengths = np.maximum(np.linalg.norm(keys.astype(np.float64), axis=1, keepdims=True), 1e-8)
    unit = keys / lengths
    return np.asarray(unit @ unit.T, np.float32)


def key_similarity(source: AnyArray, result: AnyArray) -> float:
    """Key-sim of SHMT: the cosine between the self-similarities of two sets of keys (N, D). Range [-1, 1], higher is better, 1 is kept.

    Raises UsageError for sets of different sizes.
    """
    _check(source, result)
    return cosine(self_similarity(source), self_similarity(result))


def self_similarity_error(source: AnyArray, result: AnyArray) -> float:
    """Self-Sim of MagicMakeup: the mean squared difference of the same matrices. Range [0, 4], lower is better, 0 is kept.

    Raises UsageError for sets of different sizes.
    """
    _check(source, result)
    return float(np.mean((self_similarity(source).astype(np.float64) - self_similarity(result)) ** 2))


def _check(source: AnyArray, result: AnyArray) -> None:
    if source.ndim != 2 or source.shape != result.shape:
        raise UsageError(f"expected keys (N, D) of two pictures from one network, got {source.shape} and {result.shape}; use one crop for both")
