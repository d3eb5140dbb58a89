"""Metrics of many results at once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from kohl.core.arrays import AnyArray, Image
from kohl.evaluation.backbones.crops import face_square
from kohl.evaluation.backbones.onnx_network import onnx_network
from kohl.evaluation.case import Sample
from kohl.evaluation.metrics.distributions import fid, kid
from kohl.evaluation.metrics.metric import Described, SetMetric
from kohl.evaluation.metrics.shelves.models import Models
from kohl.faces.face import Face

_INCEPTION_SIDE = 299
_FEWEST = 2


def set_metrics(models: Models) -> tuple[SetMetric, ...]:
    """FID and KID of results against references (as SHMT), and against truths where every sample has one (as TinyBeauty)."""
    if models.inception is None:
        return ()
    describe = functools.partial(_describe, models.inception)
    return tuple(
        SetMetric(name, f"{name.upper()} to the references, and to the truths", "", "lower", "fidelity", source, describe, _distance(name, compare))
        for name, source, compare in (("fid", "Heusel et al. 2017", fid), ("kid", "Bińkowski et al. 2018", kid))
    )


def _describe(path: Path, sample: Sample) -> Described:
    source, reference, truth = sample.case.source, sample.case.reference, sample.case.truth
    pictures = {"result": (sample.result, source.face), "reference": (reference.image, reference.face)}
    if truth is not None:
        pictures["truth"] = truth, source.face
    return {role: _features(path, image, face) for role, (image, face) in pictures.items()}


def _distance(name: str, compare: Callable[[AnyArray, AnyArray], float]) -> Callable[[Sequence[Described]], Mapping[str, float]]:
    def measure(samples: Sequence[Described]) -> Mapping[str, float]:
        return {f"{name}.references": _between(samples, "reference", compare), f"{name}.truths": _between(samples, "truth", compare)}

    return measure


def _between(samples: Sequence[Described], role: str, compare: Callable[[AnyArray, AnyArray], float]) -> float:
    """From results to `role`; NaN for too few samples, or where one has no such picture."""
    if len(samples) < _FEWEST or not all(role in sample for sample in samples):
        return float("nan")
    return compare(*(np.stack([sample[which] for sample in samples]) for which in ("result", role)))


def _features(path: Path, image: Image, face: Face) -> AnyArray:
    network = onnx_network(path, _INCEPTION_SIDE)
    return network.vector(face_square(image, face, network.side))
