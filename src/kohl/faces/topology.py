"""The UV chart: where each mesh vertex lies on it, the triangles between them, and what grows beyond the mesh.

The mesh ends below the hairline, so a ring of vertices is added around it: each one a fixed weighted sum of mesh
points (`extend`). Made by `scripts/make_topology.py` from the mean of many faces; stored in `topology.npz`.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray, IntArray, Points, Points3
from kohl.faces.landmarks import NUM_SURFACE


@dataclass(frozen=True, eq=False)
class Topology:
    """`chart` (V, 2) in [0, 1], x to the image's right on a frontal face, y down; `triangles` (T, 3) vertex numbers;
    `part` (T,) 0 skin, 1 mouth opening, 2 eye opening; `mirror` (V,) the partner on the face's other side; `shape`
    (468, 3) the mean face, of width 1; `extension` (36, 468) the ring's weights.
    """

    chart: Points
    triangles: IntArray
    part: npt.NDArray[np.uint8]
    mirror: IntArray
    shape: Points3
    extension: FloatArray

    def extend(self, points: Points3) -> Points3:
        """Return the (V, 3) vertices of a (478, 3) or (468, 3) mesh: its surface points and the ring beyond them."""
        surface = points[:NUM_SURFACE]
        return np.asarray(np.concatenate([surface, self.extension @ surface]), np.float32)


SKIN, MOUTH, EYE = 0, 1, 2
"""Values of `Topology.part`."""


@functools.cache
def load_topology() -> Topology:
    """The one topology of kohl; read once."""
    with (files("kohl.faces") / "topology.npz").open("rb") as handle, np.load(handle, allow_pickle=False) as data:
        arrays = {name: data[name] for name in ("chart", "triangles", "part", "mirror", "shape", "extension")}
    for array in arrays.values():
        array.flags.writeable = False
    return Topology(**arrays)
