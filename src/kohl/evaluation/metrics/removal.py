"""Removal round trip: what is left of a known look after it was taken off again."""

from __future__ import annotations

from dataclasses import dataclass

from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import Image
from kohl.evaluation.metrics.comparing import check_same_shape

_SEEN = 1.0
"""CIEDE2000 from which on makeup counts as there: below it there is nothing to remove."""


@dataclass(frozen=True, slots=True)
class Removal:
    """`left`: mean CIEDE2000 to the bare face where the makeup was, [0, ~100], lower is better. `removed`: share of the makeup's own
    CIEDE2000 that is gone, (-inf, 1], higher is better, below 0 where removing made it worse. `beside`: mean CIEDE2000 that
    removing did to the rest of the picture, lower is better. NaN where there was no makeup, or no rest.
    """

    left: float
    removed: float
    beside: float


def removal(bare: Image, made_up: Image, removed: Image) -> Removal:
    """Compare a bare face, the same face made up with a known look, and what a method made of that; all (H, W, 3) sRGB in [0, 1].

    Our own definition; papers about removal have no pairs and show pictures. Raises UsageError for different shapes.
    """
    check_same_shape(bare, made_up)
    check_same_shape(bare, removed)
    first, worn, last = (lab_from_srgb(image) for image in (bare, made_up, removed))
    makeup, after = delta_e2000(first, worn), delta_e2000(first, last)
    there = makeup >= _SEEN
    if not there.any():
        return Removal(float("nan"), float("nan"), float(after.mean()))
    left = float(after[there].mean())
    share = 1 - left / float(makeup[there].mean())
    return Removal(left, share, float(after[~there].mean()) if not there.all() else float("nan"))
