"""Scene cuts: where one frame has nothing to do with the one before, nothing known of the old faces may be used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kohl.core.arrays import FloatArray
from kohl.video.yuv import Picture

_SIZE = (36, 64)
"""(h, w) at which frames are compared."""
_LEAST = 0.058
"""Mean change of luma, 1 between black and white, below which nothing is a cut …"""
_JUMP = 4.0
"""… times the usual change of the last frames, below which it is only a quick pan, …"""
_ALIKE = 0.75
"""… and correlation of the two frames above which it is the same scene in another light."""
_MEMORY = 12


@dataclass(frozen=True, eq=False)
class CutFinder:
    """What is known of the frames so far. A value: `look` gives the next one."""

    frame: FloatArray | None = None
    changes: tuple[float, ...] = ()
    is_cut: bool = False
    """Whether the last frame began a new scene."""

    def look(self, picture: Picture) -> CutFinder:
        """Compare `picture` with the frame before."""
        frame = picture.small_luma(_SIZE)
        if self.frame is None:
            return CutFinder(frame)
        change = float(np.abs(frame - self.frame).mean())
        usual = float(np.median(self.changes)) if self.changes else 0.0
        if change > max(_LEAST, _JUMP * usual) and _correlation(frame, self.frame) < _ALIKE:
            return CutFinder(frame, (), True)
        return CutFinder(frame, (*self.changes[-_MEMORY + 1 :], change))


def _correlation(first: FloatArray, second: FloatArray) -> float:
    """Pearson's, over all pixels; 0 where one of the frames is flat."""
    one, other = first - first.mean(), second - second.mean()
    norm = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / norm if norm > 1e-6 else 0.0
