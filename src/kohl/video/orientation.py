"""How the samples of a video have to be turned to stand upright: a phone writes them as its sensor lies and says so in a matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kohl.core.arrays import AnyArray

_UNIT = 1 << 16
"""One, in the display matrix's fixed-point numbers."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Transpose first (rows become columns), then mirror across and down."""

    transpose: bool = False
    mirror: bool = False
    flip: bool = False

    @classmethod
    def of(cls, matrix: Sequence[int] | None) -> Turn:
        """The turn that a display matrix asks for, rounded to a quarter; None is none.

        matrix: the nine numbers a, b, u, c, d, v, x, y, w of ISO/IEC 14496-12, section 8.2.2: x' = a x + c y, y' = b x + d y, y down.
        """
        if matrix is None or len(matrix) != 9:
            return cls()
        a, b, c, d = (matrix[place] / _UNIT for place in (0, 1, 3, 4))
        if abs(b) + abs(c) > abs(a) + abs(d):
            return cls(True, c < 0, b < 0)
        return cls(False, a < 0, d < 0)

    @property
    def is_none(self) -> bool:
        """Whether everything stands upright as it is."""
        return not (self.transpose or self.mirror or self.flip)

    def apply(self, plane: AnyArray) -> AnyArray:
        """Return a plane (h, w) turned, contiguous; the same array where there is nothing to turn."""
        if self.is_none:
            return plane
        turned = plane.T if self.transpose else plane
        turned = turned[:, ::-1] if self.mirror else turned
        return np.ascontiguousarray(turned[::-1] if self.flip else turned)
