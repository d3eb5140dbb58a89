"""The reader's small networks: what is seen in, answers out. `scripts/fit_reading.py` makes them."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray
from kohl.core.onnx_session import packaged_session
from kohl.reading.answers import ANSWERS


@dataclass(frozen=True, eq=False)
class Reader:
    """The networks that look at one part of the face, in one `session`, and the names of their answers, with how many numbers each has."""

    session: Any
    answers: Mapping[str, int]

    def __call__(self, pictures: Sequence[FloatArray], numbers: FloatArray) -> dict[str, FloatArray]:
        """Answers, by name, to pictures (H, W, C) of the same thing and to its numbers (F,)."""
        inputs = {"numbers": numbers} | ({"pictures": np.stack(pictures)} if pictures else {})
        said = self.session.run(None, {name: array.astype(np.float32, copy=False) for name, array in inputs.items()})[0]
        ends = np.cumsum(list(self.answers.values()))
        return dict(zip(self.answers, np.split(said, ends[:-1]), strict=True))


def probability(logit: float | npt.NDArray[np.float32]) -> float:
    """1 / (1 + exp(-logit)), cut where it is as good as certain."""
    return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


@functools.cache
def load_readers() -> Mapping[str, Reader]:
    """The readers of `ANSWERS`, by part of the face; opened once."""
    return {part: Reader(packaged_session("kohl.reading", f"{part}.onnx"), answers) for part, answers in ANSWERS.items()}
