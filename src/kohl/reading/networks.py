"""The reader's small networks: what is seen in, answers out. Weights are numbers in `networks.npz`; no framework is needed."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray
from kohl.core.products import product
from kohl.reading.answers import ANSWERS

_EXTREME = 4.0
"""Standard deviations at which a measured number is cut: what the training never saw must not shout."""

Layer = tuple[FloatArray, FloatArray]
"""Weights (inputs, outputs) and bias (outputs,)."""


@dataclass(frozen=True, eq=False)
class Network:
    """Looks at pictures, at measured numbers, or at both.

    mean, scale: (F,) of the numbers. convolutions: 3×3, of every other pixel; `whole` then sees a picture as one, and what it says
    of several is averaged. None of them where a network has no pictures. inner, across, outer: of numbers and pictures together.
    """

    mean: FloatArray
    scale: FloatArray
    convolutions: tuple[Layer, ...]
    whole: Layer | None
    inner: Layer
    across: Layer
    outer: Layer

    def __call__(self, pictures: Sequence[FloatArray], numbers: FloatArray) -> FloatArray:
        """Answers (K,) to pictures (H, W, C) of the same thing and to its numbers (F,)."""
        inputs = np.clip((numbers - self.mean) / self.scale, -_EXTREME, _EXTREME)
        if self.whole:
            inputs = np.concatenate([np.mean([self._look(picture, self.whole) for picture in pictures], axis=0), inputs])
        hidden = _rectified(_through(inputs, self.inner))
        hidden = hidden + _rectified(_through(hidden, self.across))
        return _through(hidden, self.outer)

    def _look(self, picture: FloatArray, whole: Layer) -> FloatArray:
        for layer in self.convolutions:
            picture = _convolved(picture, layer)
        return _rectified(_through(picture.ravel(), whole))


def _convolved(picture: FloatArray, layer: Layer) -> FloatArray:
    """(H, W, C) → (⌈H/2⌉, ⌈W/2⌉, D), cut at 0."""
    height, width = picture.shape[:2]
    padded = np.pad(picture, ((1, 1), (1, 1), (0, 0)))
    around = np.stack([padded[down : down + height : 2, right : right + width : 2] for down in range(3) for right in range(3)], -1)
    weights, bias = layer
    rows = product(around.reshape(around.shape[0] * around.shape[1], -1), weights) + bias
    return _rectified(rows).reshape(*around.shape[:2], -1)


def _through(values: FloatArray, layer: Layer) -> FloatArray:
    """(inputs,) → (outputs,). BLAS would share even this among its threads, see `product`."""
    weights, bias = layer
    return np.asarray(np.einsum("k,km->m", values, weights) + bias, np.float32)


def _rectified(values: FloatArray) -> FloatArray:
    return np.asarray(np.maximum(values, 0), np.float32)


@dataclass(frozen=True, eq=False)
class Reader:
    """The networks that look at one part of the face, and the names of their answers."""

    members: tuple[Network, ...]
    answers: Mapping[str, int]

    def __call__(self, pictures: Sequence[FloatArray], numbers: FloatArray) -> dict[str, FloatArray]:
        """By name, the mean of what all members answer."""
        said = np.mean([network(pictures, numbers) for network in self.members], axis=0)
        ends = np.cumsum(list(self.answers.values()))
        return dict(zip(self.answers, np.split(said, ends[:-1]), strict=True))


def probability(logit: float | npt.NDArray[np.float32]) -> float:
    """1 / (1 + exp(-logit)), cut where it is as good as certain."""
    return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


@functools.cache
def load_readers() -> Mapping[str, Reader]:
    """The readers of `ANSWERS`, by part of the face; read once."""
    members: dict[str, dict[str, dict[str, FloatArray]]] = {part: {} for part in ANSWERS}
    with (files("kohl.reading") / "networks.npz").open("rb") as handle, np.load(handle, allow_pickle=False) as data:
        for key in data.files:
            part, number, name = key.split("/")
            array = np.asarray(data[key], np.float32)
            array.flags.writeable = False
            members[part].setdefault(number, {})[name] = array
    return {part: Reader(tuple(network_of(arrays) for arrays in found.values()), ANSWERS[part]) for part, found in members.items()}


def network_of(arrays: Mapping[str, FloatArray]) -> Network:
    """The network whose layers are `arrays`, by "inner.weights" and so on."""

    def layer(name: str) -> Layer:
        return arrays[f"{name}.weights"], arrays[f"{name}.bias"]

    convolutions = tuple(layer(f"convolution{number}") for number in range(sum(name.startswith("convolution") for name in arrays) // 2))
    whole = layer("whole") if convolutions else None
    return Network(arrays["mean"], arrays["scale"], convolutions, whole, layer("inner"), layer("across"), layer("outer"))
