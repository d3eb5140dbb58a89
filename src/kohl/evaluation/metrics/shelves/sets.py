"""Metrics of many results at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from kohl.core.arrays import AnyArray, Image
from kohl.evaluation.backbones.crops import face_square
from kohl.evaluation.backbones.onnx_network import onnx_network
from kohl.evaluation.case import Sample
from kohl.evaluation.metrics.distributions import fid, kid
from kohl.evaluation.metrics.metric import SetMetric
from kohl.evaluation.metrics.shelves.models import Models
from kohl.faces.face import Face

_INCEPTION_SIDE = 299
_FEWEST = 2


def set_metrics(models: Models) -> tuple[SetMetric, ...]:
    """FID and KID of results against references (as SHMT), and against truths where every sample has one (as TinyBeauty)."""
    path = models.inception
    if path is None:
        return ()
    return (
        SetMetric("fid", "FID to the references, and to the truths", "", "lower", "fidelity", "Heusel et al. 2017", _distance(path, "fid", fid)),
        SetMetric("kid", "KID to the references, and to the truths", "", "lower", "fidelity", "Bińkowski et al. 2018", _distance(path, "kid", kid)),
    )


def _distance(path: Path, name: str, compare: Callable[[AnyArray, AnyArray], float]) -> Callable[[Sequence[Sample]], Mapping[str, float]]:
    def measure(samples: Sequence[Sample]) -> Mapping[str, float]:
        if len(samples) < _FEWEST:
            return {f"{name}.references": float("nan"), f"{name}.truths": float("nan")}
        results = np.stack([_features(path, sample.result, sample.case.source.face) for sample in samples])
        references = np.stack([_features(path, sample.case.reference.image, sample.case.reference.face) for sample in samples])
        truths = [_features(path, sample.case.truth, sample.case.source.face) for sample in samples if sample.case.truth is not None]
        to_truths = compare(results, np.stack(truths)) if len(truths) == len(samples) else float("nan")
        return {f"{name}.references": compare(results, references), f"{name}.truths": to_truths}

    return measure


def _features(path: Path, image: Image, face: Face) -> AnyArray:
    network = onnx_network(path, _INCEPTION_SIDE)
    return network.vector(face_square(image, face, network.side))
