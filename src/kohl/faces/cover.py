"""What lies over the face, and what is left: hair, glasses, hands, beards are not painted.

Two small networks (one per stage, some 2,000 weights each) weigh the evidence pixel by pixel on a coarse grid; the second
also sees what the first said about the neighbourhood (auto-context, Tu & Bai 2010). Their answer is then drawn at the
photo's own resolution along the edges of the picture (guided filter, He, Sun & Tang 2013).
`scripts/train_cover.py` makes the weights.
"""

from __future__ import annotations

import functools
from importlib.resources import files

import cv2
import numpy as np

from kohl.core.arrays import FloatArray, Image, Mask
from kohl.faces.chart import ChartField
from kohl.faces.evidence import Evidence, gather_evidence, shift

Layers = list[tuple[FloatArray, FloatArray]]


def find_clear(pixels: Image, field: ChartField) -> Mask:
    """Return the (h, w) mask of the window `pixels` that is 1 where nothing lies over the face."""
    evidence = gather_evidence(pixels, field)
    first, second = _load_stages()
    guess = run_layers(first, evidence.values)
    logit = run_layers(second, np.concatenate([evidence.values, blur_context(guess, evidence)], -1))
    clear = 1 / (1 + np.exp(-logit))
    size = (pixels.shape[1], pixels.shape[0])
    return np.asarray(np.clip(cv2.resize(clear, size, interpolation=cv2.INTER_LINEAR), 0, 1), np.float32)


def run_layers(layers: Layers, values: FloatArray) -> FloatArray:
    """Run a network over the last axis of `values` (..., C); returns logits (...)."""
    state = values.reshape(-1, values.shape[-1])
    for weights, bias in layers[:-1]:
        state = np.maximum(state @ weights + bias, 0)
    weights, bias = layers[-1]
    return np.asarray(state @ weights + bias, np.float32)[:, 0].reshape(values.shape[:-1])


def blur_context(logit: FloatArray, evidence: Evidence) -> FloatArray:
    """(h, w, 5): a first answer as the second stage sees it: here, around, further around, further out, further in."""
    share = np.tanh(np.clip(logit, -8, 8) / 4)
    near, far = cv2.GaussianBlur(share, (0, 0), 2.0), cv2.GaussianBlur(share, (0, 0), 7.0)
    return np.stack([share, near, far, shift(near, evidence.outwards), shift(near, evidence.inwards)], -1)


@functools.cache
def _load_stages() -> tuple[Layers, Layers]:
    with (files("kohl.faces") / "cover.npz").open("rb") as handle, np.load(handle, allow_pickle=False) as data:
        stages = [[(data[f"weights{stage}_{i}"], data[f"bias{stage}_{i}"]) for i in range(3)] for stage in range(2)]
    return stages[0], stages[1]
