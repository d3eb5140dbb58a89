"""How alike two vectors are that a network made: CLS, DINO-I, CLIP-I, CSD and identity are all this, of different networks."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import AnyArray
from kohl.core.errors import UsageError


def cosine(first: AnyArray, second: AnyArray) -> float:
    """Cosine of two vectors (D,). Range [-1, 1], higher is more alike, 1 for the same direction; 0 where one has no length.

    Raises UsageError for vectors of different lengths.
    """
    one, other = (np.asarray(vector, np.float64).ravel() for vector in (first, second))
    if one.shape != other.shape or one.size == 0:
        raise UsageError(f"expected two vectors of one length, got {first.shape} and {second.shape}; make both with one network")
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / lengths if lengths > 0 else 0.0
