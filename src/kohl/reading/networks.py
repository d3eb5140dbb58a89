"""The reader's small networks: features in, answers out. Weights are numbers in `networks.npz`; no framework is needed."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from kohl.core.arrays import FloatArray

_EXTREME = 4.0
"""Standard deviations at which an input is cut: what the training never saw must not shout."""


@dataclass(frozen=True, eq=False)
class Network:
    """A mean of `nets` networks of one hidden layer: `mean`, `scale` (F,) of the inputs, `inner` (nets, F, H), `inner_bias` (nets, H),
    `outer` (nets, H, K), `outer_bias` (nets, K), and `answer_mean`, `answer_scale` (K,) of the answers.
    """

    mean: FloatArray
    scale: FloatArray
    inner: FloatArray
    inner_bias: FloatArray
    outer: FloatArray
    outer_bias: FloatArray
    answer_mean: FloatArray
    answer_scale: FloatArray

    def __call__(self, features: FloatArray) -> FloatArray:
        """Answers (K,) to `features` (F,)."""
        inputs = np.clip((features - self.mean) / self.scale, -_EXTREME, _EXTREME)
        hidden = np.tanh(np.einsum("f,nfh->nh", inputs, self.inner) + self.inner_bias)
        answers = (np.einsum("nh,nhk->nk", hidden, self.outer) + self.outer_bias).mean(0)
        return np.asarray(answers * self.answer_scale + self.answer_mean, np.float32)


def probability(logit: float | npt.NDArray[np.float32]) -> float:
    """1 / (1 + exp(-logit)), cut where it is as good as certain."""
    return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


@functools.cache
def load_networks() -> Mapping[str, Network]:
    """All networks by name; read once."""
    with (files("kohl.reading") / "networks.npz").open("rb") as handle, np.load(handle, allow_pickle=False) as data:
        parts: dict[str, dict[str, FloatArray]] = {}
        for key in data.files:
            name, field = key.split("/")
            array = np.asarray(data[key], np.float32)
            array.flags.writeable = False
            parts.setdefault(name, {})[field] = array
    return {name: Network(**fields) for name, fields in parts.items()}
