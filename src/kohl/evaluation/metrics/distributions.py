"""How far two sets of pictures are apart as sets: FID and KID over the features of any network.

Heusel, Ramsauer, Unterthiner, Nessler, Hochreiter: "GANs trained by a two time-scale update rule" (NeurIPS 2017) and Bińkowski, Sutherland,
Arbel, Gretton: "Demystifying MMD GANs" (ICLR 2018). The published numbers need Inception-v3's pool features; beware which sets they compare.
"""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import AnyArray
from kohl.core.errors import UsageError

_FEWEST = 2


def fid(first: AnyArray, second: AnyArray) -> float:
    """Fréchet distance of the Gaussians through two sets of features, (N, D) and (M, D): |μ1 - μ2|² + tr(Σ1 + Σ2 - 2 (Σ1 Σ2)^½).

    Range [0, inf), lower is nearer. Biased upwards for small sets (thousands are usual): compare only sets of one size, and
    see `kid`. Raises UsageError for fewer than 2 pictures or features of different lengths.
    """
    _check(first, second)
    means = first.mean(0, dtype=np.float64) - second.mean(0, dtype=np.float64)
    spreads = [np.atleast_2d(np.cov(features.astype(np.float64), rowvar=False)) for features in (first, second)]
    # The trace of the root is the sum of the eigenvalues' roots; they are real and not negative but for rounding.
    roots = np.sqrt(np.maximum(np.linalg.eigvals(spreads[0] @ spreads[1]).real, 0)).sum()
    return max(float(means @ means + sum(np.trace(spread) for spread in spreads) - 2 * roots), 0.0)


def kid(first: AnyArray, second: AnyArray) -> float:
    """Unbiased squared maximum mean discrepancy under (x·y / D + 1)³, of two sets of features, (N, D) and (M, D).

    Range about [0, inf), lower is nearer; a little below 0 for sets that are alike. Over all pictures at once, not over
    random subsets, so it has no seed. Raises UsageError as `fid`.
    """
    _check(first, second)
    within = [(_kernel(features, features).sum() - np.trace(_kernel(features, features))) / _pairs(features) for features in (first, second)]
    return float(sum(within) - 2 * _kernel(first, second).mean())


def _kernel(first: AnyArray, second: AnyArray) -> AnyArray:
    values: AnyArray = (first.astype(np.float64) @ second.T.astype(np.float64) / first.shape[1] + 1) ** 3
    return values


def _pairs(features: AnyArray) -> int:
    return len(features) * (len(features) - 1)


def _check(first: AnyArray, second: AnyArray) -> None:
    if first.ndim != 2 or second.ndim != 2 or first.shape[1] != second.shape[1] or min(len(first), len(second)) < _FEWEST:
        raise UsageError(
            f"expected two sets (N, D) of at least {_FEWEST} pictures' features of one length, got {first.shape} and {second.shape}; use one network"
        )
