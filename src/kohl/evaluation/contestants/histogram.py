"""Histogram matching region by region: what BeautyGAN and many after it take as pseudo ground truth.

Li, Qian, Dong, Liu, Yan, Zhu, Lin: "BeautyGAN: instance-level facial makeup transfer with deep generative adversarial network" (ACM MM
2018), section 3.3: histograms of lips, eye shadow and face are matched channel by channel of RGB.
"""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import AnyArray, FloatArray, Image, Mask
from kohl.evaluation.case import Case
from kohl.evaluation.contestants.face_regions import is_enough, lay_back, soft_regions

_LEVELS = 256
"""Quantiles that stand for a histogram."""


class Histogram:
    """Every region of the source gets the reference's histograms of red, green and blue."""

    name = "histogram"

    def transfer(self, case: Case) -> Image:
        """Match lips, lids and skin; a region that either face hides stays as it is."""
        source, reference = case.source, case.reference
        own, theirs = (portrait.image[portrait.face.window_slices] for portrait in (source, reference))
        result, their_regions = source.image.copy(), soft_regions(reference.face)
        for name, mask in soft_regions(source.face).items():
            if is_enough(mask) and is_enough(their_regions[name]):
                result = lay_back(result, source.face, match_histograms(own, mask, theirs, their_regions[name]), mask)
        return result


def match_histograms(own: Image, own_mask: Mask, theirs: Image, their_mask: Mask) -> FloatArray:
    """Move every channel of `own` (h, w, 3) along the monotone curve that carries its histogram onto that of `theirs` (h', w', 3).

    Histograms are taken where the masks are above 0.5. Returns (h, w, 3) in the range of `theirs`.
    """
    inside, wanted = own[own_mask > 0.5], theirs[their_mask > 0.5]
    matched = [np.interp(own[..., channel], _quantiles(inside[:, channel]), _quantiles(wanted[:, channel])) for channel in range(own.shape[-1])]
    return np.stack(matched, -1).astype(np.float32)


def _quantiles(values: AnyArray) -> AnyArray:
    return np.quantile(values.astype(np.float64), np.linspace(0, 1, _LEVELS))
