"""The lips' rim: where skin, or a tooth, shows through the photo's own soft edge and is no light on the lips.

A mask's edge is a pixel wide, a photo's is as wide as its blur, and lies a little beside it. What is lighter there than the lip behind it, taken for
light, would shine through every lipstick as a bright line around it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kohl.core.arrays import Mask
from kohl.core.ramps import ramp
from kohl.geometry.smoothing import blur_far

_WIDTH, _WITHIN = 0.007, (0.9, 0.65)
"""Standard deviation, in shares of the window, by which the lips' mask is blurred; what of it is left behind the rim, and at its middle."""
_AROUND = 0.02
"""Standard deviation, in shares of the window, of what counts as the lip behind a point of its rim."""
_LIGHTER = 1.08
"""Times the light of the lip behind it that a point of the rim may have."""


@dataclass(frozen=True, eq=False)
class LipRim:
    """On a coarse grid (h, w): `share` in [0, 1], how much a point of the lips belongs to their rim; `behind`: the luminance of the lip behind it,
    over what a lip is expected to have there.
    """

    share: Mask
    behind: Mask

    @classmethod
    def of(cls, bright: Mask, lips: Mask) -> LipRim:
        """`bright` (h, w): luminance over the lips' expected one; `lips` (h, w): their mask."""
        side = max(lips.shape)
        soft = blur_far(lips, _WIDTH * side)
        share = ramp(soft, *_WITHIN)
        core = lips * (1 - share) + 1e-3 * lips
        weight = blur_far(core, _AROUND * side)
        behind = blur_far(core * np.clip(bright, 0.05, 4.0), _AROUND * side) / np.maximum(weight, 1e-6)
        return cls(share, np.where(weight > 1e-6, np.maximum(behind, 0.05), 1).astype(np.float32))


def raise_on_rim(expected: Mask, bright: Mask, lips: Mask, share: Mask, behind: Mask) -> Mask:
    """Luminance (h, w) that surfaces are `expected` to have, on the lips' rim no less than leaves as much light there as lies behind it.

    `bright`: the photo's luminance; `lips`: their mask; `share`, `behind`: as in `LipRim`, all (h, w).
    """
    surface = bright / (_LIGHTER * behind)
    return np.asarray(expected + lips * share * np.maximum(surface - expected, 0), np.float32)
