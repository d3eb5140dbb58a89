"""Whether two networks give the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from kohl.core.arrays import FloatArray
from kohl.core.errors import ParityError
from kohl.export.formats import Promise

Network: TypeAlias = Callable[[FloatArray], FloatArray]
"""(1, 3, 256, 256) crop in [0, 1] → (1, 3, 256, 256) residual."""


@dataclass(frozen=True, slots=True)
class Parity:
    """How far an exported network strays from its original, in units of [0, 1]."""

    against: str
    """What computed the original's numbers: "torch" or "onnxruntime"."""
    crops: int
    largest: float
    mean: float
    psnr: float | None
    """Decibels, for a peak of 1; None where not a bit differs."""

    def __str__(self) -> str:
        psnr = "identical" if self.psnr is None else f"PSNR {self.psnr:.1f} dB"
        return f"largest difference {self.largest:.2g}, mean {self.mean:.2g}, {psnr}, against {self.against} on {self.crops} crops"


def compare(original: Network, exported: Network, crops: FloatArray, *, against: str) -> Parity:
    """Run both on every one of `crops`, (N, 1, 3, 256, 256). Raises ParityError where the exported one gives no residual at all."""
    largest = total = squares = 0.0
    for crop in crops:
        wanted, got = (np.asarray(network(crop), np.float64) for network in (original, exported))
        if got.shape != wanted.shape or not np.isfinite(got).all():
            raise ParityError("the exported network", float("inf"), 0.0)
        difference = np.abs(got - wanted)
        largest = max(largest, float(difference.max()))
        total += float(difference.mean())
        squares += float((difference**2).mean())
    psnr = -10 * float(np.log10(squares / len(crops))) if squares > 0 else None
    return Parity(against, len(crops), largest, total / len(crops), psnr)


def check_parity(parity: Parity, promise: Promise, *, name: str) -> None:
    """Refuse what strays further than its format may. Raises ParityError."""
    for difference, allowed in ((parity.largest, promise.largest), (parity.mean, promise.mean)):
        if difference > allowed:
            raise ParityError(name, difference, allowed)
