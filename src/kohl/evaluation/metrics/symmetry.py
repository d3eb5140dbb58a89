"""Left/right symmetry: the mirrored case must give the mirrored result, or the method has a side of its own."""

from __future__ import annotations

from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import Image
from kohl.evaluation.metrics.comparing import check_same_shape


def swap_error(result: Image, of_mirrored: Image) -> float:
    """Mean CIEDE2000 between a result and the result of the mirrored case, turned back, over the pixels where the two differ.

    Both (H, W, 3) sRGB in [0, 1]; `of_mirrored` as the method gave it, still in the mirror: what it made of
    `mirroring.mirrored_case`. Range [0, ~100], lower is better, 0 for a method without a side. Our own definition. Raises
    UsageError for different shapes.
    """
    turned = of_mirrored[:, ::-1]
    check_same_shape(result, turned)
    differs = (result != turned).any(-1)
    if not differs.any():
        return 0.0
    return float(delta_e2000(lab_from_srgb(result[differs]), lab_from_srgb(turned[differs])).mean())
