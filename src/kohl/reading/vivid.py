"""Colour on lids that lashes, liner and the socket's shade half hide: what one calls the colour of a shadow is what shows of it in the light."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import FloatArray
from kohl.core.medians import median
from kohl.core.ramps import ramp

_PAINTED = (0.35, 0.55)
"""How far a* and b* over L* lie from the skin's where the lighter half of a lid begins to be a colour of its own, and surely is. Skin that shows
beside a black shadow lies at .1 to .2, pink lids at .4, red and teal ones at .65 (nine references).
"""
_HEARD = np.array([0.3, 0.8, 0.8], np.float32)
"""How much of what the lighter half differs in L*, a* and b* counts: a dark shadow stays dark, in its own hue."""


def vivid_half(colours: FloatArray, typical: FloatArray, skin: FloatArray) -> FloatArray:
    """The typical colour of lids, (3,) Lab beside skin: `typical`, the median of their `colours` (N, 3), or nearer to that of the lighter half of
    them where that has a colour of its own. `skin` (3,): Lab of the skin.
    """
    lit = median(colours[colours[:, 0] >= typical[0]])
    own, bare = (lab[1:] / max(float(lab[0]), 1.0) for lab in (lit + skin, skin))
    share = _HEARD * float(ramp(np.float32(np.linalg.norm(own - bare)), *_PAINTED))
    return np.asarray(typical + share * (lit - typical), np.float32)
