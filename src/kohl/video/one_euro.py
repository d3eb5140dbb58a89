"""The One-Euro filter: steady where a point rests, quick where it moves.

Casiez, Roussel and Vogel, "1 € Filter: A Simple Speed-based Low-pass Filter for Noisy Input in Interactive Systems", CHI 2012: a low-pass
filter of the first order whose cut-off frequency grows with the speed that it sees.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kohl.core.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class OneEuroSettings:
    """The three constants, in Hz and in a unit that comes with every step: for mesh points the eye distance, so that no resolution matters."""

    min_cutoff: float = 0.8
    """Hz: how much a resting point is smoothed; lower is steadier."""
    beta: float = 16.0
    """Hz per (unit per second): how fast smoothing goes as a point speeds up. A point that moves steadily lags 1 / (2π beta) units at most."""
    speed_cutoff: float = 1.0
    """Hz: how much the speed itself is smoothed."""


@dataclass(frozen=True, eq=False)
class OneEuro:
    """The filter's state after some samples; `step` gives the next one. A value: nothing is changed in place."""

    settings: OneEuroSettings = OneEuroSettings()
    value: FloatArray | None = None
    """(N, D) the filtered points; None before the first sample."""
    speed: FloatArray | None = None
    """(N, D) their smoothed speed, units per second."""

    def step(self, sample: FloatArray, seconds: float, *, unit: float = 1.0) -> OneEuro:
        """Return the state after `sample`, (N, D), which came `seconds` after the one before; the first one is taken as it is.

        `unit`: how much one unit of the settings is in the sample's own. A point's cut-off comes from the length of its speed over all D
        coordinates, so that it moves along a straight line. Time that stands still or runs back (`seconds` ≤ 0) changes nothing.
        """
        if self.value is None or self.speed is None:
            return OneEuro(self.settings, sample.astype(np.float32), np.zeros(sample.shape, np.float32))
        if seconds <= 0:
            return self
        settings = self.settings
        # Against the last filtered value, as the authors' own code has it: against the raw one, a single bad sample counts twice.
        raw_speed = (sample - self.value) / seconds
        speed = self.speed + smoothing(settings.speed_cutoff, seconds) * (raw_speed - self.speed)
        cutoff = settings.min_cutoff + settings.beta * np.linalg.norm(speed, axis=-1, keepdims=True) / max(unit, 1e-6)
        value = self.value + smoothing(cutoff, seconds) * (sample - self.value)
        return OneEuro(settings, np.asarray(value, np.float32), np.asarray(speed, np.float32))


def smoothing(cutoff: float | FloatArray, seconds: float) -> FloatArray:
    """The share of a new sample that a low-pass filter of `cutoff` Hz takes when samples come every `seconds` (the paper's equation 3), in (0, 1]."""
    return np.asarray(1 / (1 + 1 / (2 * np.pi * np.maximum(cutoff, 1e-9) * seconds)), np.float32)
