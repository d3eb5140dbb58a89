"""A colour of one face as it would look on another: what makes colours of two faces, in two lights, comparable."""

from __future__ import annotations

import numpy as np

from kohl.color.adaptation import carry_by_ratio
from kohl.color.lab import lab_from_linear, linear_from_lab
from kohl.core.arrays import AnyArray, FloatArray


def worn_on(colors: AnyArray, own_skin: AnyArray, skin: AnyArray) -> FloatArray:
    """Carry `colors` (..., 3) of a face whose skin shows as `own_skin` (3,) to a face whose skin shows as `skin` (3,); all Lab.

    What stays is the ratio to the skin, channel by channel in linear light (von Kries' rule, with the skin as its white): a
    darker or coloured light on the one face scales both and falls out. A difference of Lab would keep some of it: the same lip
    beside the same skin differs less in a dim photo. Returns Lab (..., 3), of light in [0, 1].
    """
    return lab_from_linear(np.clip(carry_by_ratio(linear_from_lab(colors), linear_from_lab(own_skin), linear_from_lab(skin)), 0, 1))
