"""A colour of one face as it would look on another: what makes colours of two faces, in two lights, comparable."""

from __future__ import annotations

import numpy as np

from kohl.color.adaptation import carry_to_skin, skins_own
from kohl.color.lab import lab_from_linear, linear_from_lab
from kohl.core.arrays import AnyArray, FloatArray
from kohl.core.region import Region


def worn_on(colors: AnyArray, own_skin: AnyArray, skin: AnyArray, region: Region) -> FloatArray:
    """Carry a region's `colors` (..., 3) of a face whose skin shows as `own_skin` (3,) to a face whose skin shows as `skin` (3,); all Lab.

    What lies between two skins is light in part, which scales makeup as it scales skin, and in part skin, which makeup covers: see `skins_own`. Were
    all of it light, a red lip of deep skin would be asked to be pink on fair skin; were none, the same lip would be another in a dim photo.
    Returns Lab (..., 3), of light in [0, 1].
    """
    linear = carry_to_skin(linear_from_lab(colors), linear_from_lab(own_skin), linear_from_lab(skin), skins_own(region))
    return lab_from_linear(np.clip(linear, 0, 1))
