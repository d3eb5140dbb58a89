"""Colour transfer by mean and deviation, region by region.

Reinhard, Ashikhmin, Gooch, Shirley: "Color transfer between images" (IEEE CG&A 2001), once each for lips, eye shadow and the rest of the
face. In CIELAB instead of the paper's lαβ: the logarithms of that space turn highlights of skin green where gains are large,
and the comparison should be with the method at its best.
"""

from __future__ import annotations

import numpy as np

from kohl.color.lab import lab_from_srgb, srgb_from_lab
from kohl.core.arrays import FloatArray, Image, Mask
from kohl.evaluation.case import Case
from kohl.evaluation.contestants.face_regions import is_enough, lay_back, soft_regions


class Reinhard:
    """Every region of the source gets the mean and the deviation of the reference's, channel by channel of CIELAB."""

    name = "reinhard"

    def transfer(self, case: Case) -> Image:
        """Match lips, lids and skin; a region that either face hides stays as it is."""
        source, reference = case.source, case.reference
        own, theirs = (lab_from_srgb(portrait.image[portrait.face.window_slices]) for portrait in (source, reference))
        result, their_regions = source.image.copy(), soft_regions(reference.face)
        for name, mask in soft_regions(source.face).items():
            if is_enough(mask) and is_enough(their_regions[name]):
                matched = srgb_from_lab(match_moments(own, mask, theirs, their_regions[name]))
                result = lay_back(result, source.face, np.clip(matched, 0, 1), mask)
        return result


def match_moments(own: FloatArray, own_mask: Mask, theirs: FloatArray, their_mask: Mask) -> FloatArray:
    """Give `own` (h, w, 3) the mean and deviation of `theirs` (h', w', 3), each taken where its mask is above 0.5; equations (10), (11)."""
    inside, wanted = own[own_mask > 0.5].astype(np.float64), theirs[their_mask > 0.5].astype(np.float64)
    gain = wanted.std(0) / np.maximum(inside.std(0), 1e-6)
    return np.asarray((own - inside.mean(0)) * gain + wanted.mean(0), np.float32)
