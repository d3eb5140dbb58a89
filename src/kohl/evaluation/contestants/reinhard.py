"""Colour transfer by mean and deviation, region by region.

Reinhard, Ashikhmin, Gooch, Shirley: "Color transfer between images" (IEEE CG&A 2001), in the lαβ space of that paper (Ruderman
et al. 1998), once each for lips, eye shadow and the rest of the face.
"""

from __future__ import annotations

import numpy as np

from kohl.color.srgb import linear_from_srgb, srgb_from_linear
from kohl.core.arrays import AnyArray, FloatArray, Image, Mask
from kohl.evaluation.case import Case
from kohl.evaluation.contestants.face_regions import lay_back, soft_regions

_LMS_FROM_RGB = np.array([[0.3811, 0.5783, 0.0402], [0.1967, 0.7244, 0.0782], [0.0241, 0.1288, 0.8444]])
"""Equation (4)."""
_LAB_FROM_LMS = np.diag([3**-0.5, 6**-0.5, 2**-0.5]) @ np.array([[1, 1, 1], [1, 1, -2], [1, -1, 0]])
"""Equation (6)."""
_DARKEST = 1e-3
"""Linear light below which a logarithm is noise."""
_FEWEST = 20


class Reinhard:
    """Every region of the source gets the mean and the deviation of the reference's, channel by channel of lαβ."""

    name = "reinhard"

    def transfer(self, case: Case) -> Image:
        """Match lips, lids and skin; a region that either face hides stays as it is."""
        source, reference = case.source, case.reference
        own, theirs = (ruderman_from_srgb(portrait.image[portrait.face.window_slices]) for portrait in (source, reference))
        result, their_regions = source.image, soft_regions(reference.face)
        for name, mask in soft_regions(source.face).items():
            if min((mask > 0.5).sum(), (their_regions[name] > 0.5).sum()) >= _FEWEST:
                matched = match_moments(own, mask, theirs, their_regions[name])
                result = lay_back(result, source.face, srgb_from_ruderman(matched), mask)
        return result.copy() if result is source.image else result


def match_moments(own: AnyArray, own_mask: Mask, theirs: AnyArray, their_mask: Mask) -> AnyArray:
    """Give `own` (h, w, 3) the mean and deviation of `theirs` (h', w', 3), each taken where its mask is above 0.5; equations (10), (11)."""
    inside, wanted = own[own_mask > 0.5], theirs[their_mask > 0.5]
    gain = wanted.std(0) / np.maximum(inside.std(0), 1e-6)
    matched: AnyArray = (own - inside.mean(0)) * gain + wanted.mean(0)
    return matched


def ruderman_from_srgb(image: Image) -> AnyArray:
    """Decorrelated lαβ (h, w, 3) of sRGB in [0, 1]: base-10 logarithms of cone responses, rotated; equations (4) to (6)."""
    lms = np.maximum(linear_from_srgb(image), _DARKEST) @ _LMS_FROM_RGB.T
    rotated: AnyArray = np.log10(lms) @ _LAB_FROM_LMS.T
    return rotated


def srgb_from_ruderman(lab: AnyArray) -> FloatArray:
    """SRGB in [0, 1], clipped, of lαβ (h, w, 3); equations (8) and (9), with the exact inverses of the matrices."""
    lms = 10 ** (lab @ np.linalg.inv(_LAB_FROM_LMS).T)
    linear = np.clip(lms @ np.linalg.inv(_LMS_FROM_RGB).T, 0, 1)
    return srgb_from_linear(linear)
