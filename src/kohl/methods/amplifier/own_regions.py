"""The look's own regions: where on the chart it changes most, lids or cheeks or whatever the artist had in mind, as the pairs show it.

What a brush, a film or a colourist's curve has in its mask need not be any region that we have a name for, so it is found by the change itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray, Mask

_MOST_WITHIN, _SHARE_OF_MOST = 0.26, 0.5
"""A core is where at least this share of the most is changed that is changed anywhere within this part of the chart: a blush beside dark lids has
its own."""
_FAINT = 0.01
"""A change below this, sRGB, is no region's."""
_FEWEST_POINTS = 12
"""Smaller cores, of both sides together, are chance."""
_SMOOTHED_OVER = 1.0
"""Standard deviation in chart points."""

Places = npt.NDArray[np.bool_]
"""(s, s): points of the chart."""


@dataclass(frozen=True, eq=False)
class OwnRegion:
    """One region of a look. `core` (s, s): where it is surely worn, which the region's colours are taken from. `domain` (s, s): all that is nearer
    to this core than to others, where its cover may fade.
    """

    core: Places
    domain: Places


def find_regions(strength: FloatArray) -> list[OwnRegion]:
    """Regions by the `strength` of the change, (s, s) root mean square sRGB on a chart that is its own mirror image; 0 where nothing was seen.

    What mirrors each other is one region: two cheeks are made up as one.
    """
    smooth = cv2.GaussianBlur(strength, None, _SMOOTHED_OVER)
    reach = 2 * round(_MOST_WITHIN * len(strength)) + 1
    most = cv2.dilate(smooth, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    _, labels = cv2.connectedComponents(((smooth > _SHARE_OF_MOST * most) & (smooth > _FAINT)).astype(np.uint8))
    labels = np.minimum(labels, labels[:, ::-1])
    cores = [labels == label for label in np.unique(labels[labels > 0])]
    cores = [core for core in cores if core.sum() >= _FEWEST_POINTS]
    if not cores:
        return []
    nearest = np.argmin([_distance_to(core) for core in cores], axis=0)
    return [OwnRegion(core, (nearest == number) & (strength > 0)) for number, core in enumerate(cores)]


def joined(regions: Sequence[OwnRegion]) -> OwnRegion:
    """One region of all `regions`, at least one."""
    cores, domains = zip(*((region.core, region.domain) for region in regions), strict=True)
    return OwnRegion(np.any(cores, axis=0), np.any(domains, axis=0))


def _distance_to(core: Places) -> Mask:
    return np.asarray(cv2.distanceTransform((~core).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE), np.float32)
