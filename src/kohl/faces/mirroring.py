"""The mesh of a mirror image, numbered as any mesh is."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import Points3
from kohl.faces.landmarks import NUM_SURFACE
from kohl.faces.topology import load_topology

_IRISES = (473, 476, 475, 474, 477, 468, 471, 470, 469, 472)
"""Which iris point each one becomes: the other eye's, its left and right changed."""


def mirrored_points(points: Points3, width: int) -> Points3:
    """The (478, 3) mesh of the mirror image of a picture `width` pixels wide, numbered as any mesh is: sides are the subject's own."""
    flipped = points * np.array([-1, 1, 1], np.float32) + np.array([width, 0, 0], np.float32)
    return flipped[[*load_topology().mirror[:NUM_SURFACE], *_IRISES]].astype(np.float32)
