"""What every contestant is given and every metric looks at: one source, one reference, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kohl.core.arrays import Image
from kohl.evaluation.metrics.outlines import OutlineDisplacement
from kohl.faces.face import Face
from kohl.faces.mesh import Mesh


@dataclass(frozen=True, eq=False)
class Portrait:
    """A picture of a test set, opened and analysed once, so that all contestants and metrics stand on the same face.

    `image` (H, W, 3) float32 sRGB in [0, 1]; `slices` name → value, such as "ita" → "brown", for the tables by slice.
    """

    name: str
    image: Image
    face: Face
    slices: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, eq=False)
class Case:
    """One line of a test set: makeup goes from `reference` to `source`. `truth`, of the source's size, where the set has pairs."""

    name: str
    source: Portrait
    reference: Portrait
    seed: int = 0
    truth: Image | None = None


@dataclass(frozen=True, eq=False)
class Sample:
    """A case and one contestant's result for it, of the source's size, float32 sRGB in [0, 1], finite: the runner sees to that.

    `mesh` is what the analyser finds in the result when it looks again; None where it finds nobody. `wander`: how far outlines move,
    in % of the eye distance, when it looks at the untouched source again (`running.finding.wander_of`); None where nobody asked.
    """

    case: Case
    result: Image
    mesh: Mesh | None = None
    wander: OutlineDisplacement | None = None
