"""A colour that no bare lips or lids have, told from the photo itself: networks deny some paint that is plain to see, the more so the less it is
like what they learnt from.

Only hue and chroma count: shade darkens bare lids as far as any paint does. Cheeks are not asked: they flush, and light is coloured there.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kohl.core.arrays import FloatArray
from kohl.reading.bare import ZONES, BarePrior
from kohl.reading.networks import probability
from kohl.reading.zones import LIDS, LIPS

_ZONES = {"lipstick": LIPS, "eyeshadow": LIDS}
"""By product, the zone of its colour."""
_PLAIN, _WORTH = 4.5, 2.0
"""Standard deviations from a bare face's hue and chroma from which on a colour speaks for itself, and what each beyond adds to a network's logit.
Of 292 bare faces of the train split five have lids beyond, two of them behind coloured glasses; half of 18 in turquoise lie beyond 7.6.
"""


def heed_colour(said: Mapping[str, float], means: FloatArray, skin: FloatArray, prior: BarePrior) -> dict[str, float]:
    """How surely each product is worn, [0, 1], where `said` is how surely networks see it; never less than that.

    means: (3, 3), see `zone_means`; skin: (3,) linear.
    """
    return dict(said) | {product: surer(said[product], _strangeness(zone, means, skin, prior)) for product, zone in _ZONES.items()}


def surer(share: float, strangeness: float) -> float:
    """A network's answer in [0, 1], raised by a colour that lies `strangeness` standard deviations from bare ones."""
    more = _WORTH * max(strangeness - _PLAIN, 0.0)
    return share if more == 0 else max(share, probability(logit(share) + more))


def logit(share: float) -> float:
    """Log odds of a share in [0, 1], which counts as neither never nor always."""
    share = float(np.clip(share, 1e-3, 1 - 1e-3))
    return float(np.log(share / (1 - share)))


def _strangeness(zone: str, means: FloatArray, skin: FloatArray, prior: BarePrior) -> float:
    """Standard deviations of the zone's hue and chroma from a bare face's; 0 where it is not seen."""
    mean = means[ZONES.index(zone)]
    return prior.strangeness(zone, mean, skin) if np.isfinite(mean).all() else 0.0
