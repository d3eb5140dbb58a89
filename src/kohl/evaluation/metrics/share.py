"""Share of the way: how far a transfer took a region's colour from the source's to the reference's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kohl.core.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Share:
    """`along`: the part of the way from source to reference that the result went, by projection: 0 not at all, 1 all of it, above
    1 too far; nearest to 1 is best. `closeness`: 1 minus what is left of the distance, (-inf, 1], higher is better; it also counts
    what went astray. `distance`: the way itself, in units of Lab; below about 5 it is as much noise as makeup.
    """

    along: float
    closeness: float
    distance: float


def share_of_the_way(source: FloatArray, reference: FloatArray, result: FloatArray) -> Share:
    """Compare three (3,) colours of one region, Lab relative to each face's own skin (see `region_colors`).

    `along` = (o - s)·(r - s) / |r - s|², `closeness` = 1 - |o - r| / |s - r|. NaN when source and reference are the same colour
    or one of them is not seen. Our own definition, used for the published comparison of EleGANt in the project's issue.
    """
    way = np.asarray(reference, np.float64) - source
    length = float(np.linalg.norm(way))
    if not length > 0:
        return Share(float("nan"), float("nan"), length)
    moved = np.asarray(result, np.float64) - source
    along = float(moved @ way) / length**2
    closeness = 1 - float(np.linalg.norm(way - moved)) / length
    return Share(along, closeness, length)
