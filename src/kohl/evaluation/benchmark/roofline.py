"""How near a network comes to what its machine allows.

Every layer takes at least the longer of its multiplications at the peak and its bytes at the memory's speed; the sum over the layers is the
shortest time there is, and so the most multiplications a second that this network can reach on this machine. Activations that stay in a
cache may beat it a little: the bytes are those of memory.
"""

from __future__ import annotations

from dataclasses import dataclass

from kohl.evaluation.benchmark.macs import NetworkSize
from kohl.evaluation.benchmark.peaks import Peaks


@dataclass(frozen=True)
class Roof:
    """Of one network on one machine with one number of threads."""

    intensity: float
    """Multiply-accumulates per byte."""
    attainable: float
    """Billions of multiply-accumulates a second, at most."""
    reached: float
    """The same, as measured."""

    @property
    def share(self) -> float:
        """Reached over attainable."""
        return self.reached / self.attainable


def roof_of(size: NetworkSize, peaks: Peaks, milliseconds: float) -> Roof:
    """Put a measured time, of one run, under the roof.

    Raises ValueError where the network has nothing that counts.
    """
    if size.macs == 0:
        raise ValueError("expected a network with convolutions or matrix products, found none")
    shortest = sum(max(layer.macs / peaks.gmacs, layer.bytes / peaks.gigabytes) for layer in size.layers) / 1e9
    return Roof(size.macs / size.bytes, size.macs / shortest / 1e9, size.macs / milliseconds / 1e6)
