"""Metrics that need somebody's network: there when its path is given, and named with what they lack when it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from weakref import WeakKeyDictionary

from kohl.core.arrays import FloatArray, Image
from kohl.core.errors import MissingModelError, UnknownNameError
from kohl.evaluation.backbones.crops import aligned_square
from kohl.evaluation.backbones.lpips import lpips
from kohl.evaluation.backbones.onnx_network import onnx_network
from kohl.evaluation.backbones.transformer import Tokens, image_embedder, vision_transformer
from kohl.evaluation.case import Portrait, Sample
from kohl.evaluation.metrics.embeddings import cosine
from kohl.evaluation.metrics.metric import Metric
from kohl.evaluation.metrics.self_similarity import key_similarity, self_similarity_error
from kohl.faces.face import Face

_RECOGNISER_SIDE = 112
_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Models:
    """Where the networks lie; None for what is not there. Nothing is ever downloaded.

    `vit`, `clip`, `csd`: folders that transformers can load (a ViT or DINOv2; CLIPVisionModelWithProjection). `identity`: an ONNX face
    embedder that wants ArcFace's crop. `lpips`: a safetensors file, see `backbones.lpips`. `inception`: an ONNX feature network for
    FID and KID. Raises MissingModelError for a path where nothing lies.
    """

    vit: Path | None = None
    clip: Path | None = None
    csd: Path | None = None
    identity: Path | None = None
    lpips: Path | None = None
    inception: Path | None = None

    def __post_init__(self) -> None:
        for entry in fields(self):
            path = getattr(self, entry.name)
            if path is not None and not path.exists():
                raise MissingModelError(f"expected the network {entry.name!r} at {path}, and nothing lies there; correct its path or leave it out")

    @classmethod
    def of(cls, paths: Mapping[str, str | Path]) -> Models:
        """From name → path. Raises UnknownNameError for a name that is none, and as the class."""
        known = [entry.name for entry in fields(cls)]
        for name in paths:
            if name not in known:
                raise UnknownNameError("network", name, known)
        return cls(**{name: Path(path) for name, path in paths.items()})


def model_metrics(models: Models) -> tuple[Metric, ...]:
    """The metrics whose network is given; loading waits until one is measured."""
    given = ((make, getattr(models, network)) for network, make in _SHELF.values())
    return tuple(make(path) for make, path in given if path is not None)


def unavailable(models: Models) -> Mapping[str, str]:
    """Metric → what it lacks, for every metric whose network is not given."""
    networks = {name: network for name, (network, _) in _SHELF.items()} | {"fid": "inception", "kid": "inception"}
    return {
        name: f"{name} needs the network {network!r}: give its path; nothing is downloaded"
        for name, network in networks.items()
        if getattr(models, network) is None
    }


def _cls(folder: Path) -> Metric:
    def measure(sample: Sample) -> Mapping[str, float]:
        return {"cls": cosine(_tokens_of(sample.case.reference, folder).cls, _tokens_made(sample, folder).cls)}

    return Metric("cls", "CLS (DINO-I): class tokens of result and reference", "cosine", "higher", "fidelity", "SHMT; MagicMakeup", measure, 1.0)


def _key_sim(folder: Path) -> Metric:
    def measure(sample: Sample) -> Mapping[str, float]:
        return {"key_sim": key_similarity(_tokens_of(sample.case.source, folder).keys, _tokens_made(sample, folder).keys)}

    return Metric("key_sim", "Key-sim: self-similarity of source and result", "cosine", "higher", "keeping", "SHMT; Splice", measure, 1.0)


def _self_sim(folder: Path) -> Metric:
    def measure(sample: Sample) -> Mapping[str, float]:
        return {"self_sim": self_similarity_error(_tokens_of(sample.case.source, folder).keys, _tokens_made(sample, folder).keys)}

    return Metric("self_sim", "Self-Sim: squared error of the self-similarities", "MSE", "lower", "keeping", "MagicMakeup; Splice", measure, 0.0)


def _style(name: str, title: str, source: str) -> Callable[[Path], Metric]:
    def make(folder: Path) -> Metric:
        def measure(sample: Sample) -> Mapping[str, float]:
            embed, reference = image_embedder(folder).embed, sample.case.reference
            return {name: cosine(embed(reference.image, reference.face), embed(sample.result, sample.case.source.face))}

        return Metric(name, title, "cosine", "higher", "fidelity", source, measure, 1.0)

    return make


def _identity(path: Path) -> Metric:
    def measure(sample: Sample) -> Mapping[str, float]:
        source = sample.case.source
        # Embeddings of faces live for this call alone: they are never kept, written or returned.
        return {"identity": cosine(_recognised(path, source.image, source.face), _recognised(path, sample.result, source.face))}

    return Metric("identity", "Identity of source and result", "cosine", "higher", "keeping", "ArcFace's measure, any embedder", measure, 1.0)


def _lpips(path: Path) -> Metric:
    def measure(sample: Sample) -> Mapping[str, float]:
        truth = sample.case.truth
        return {"lpips": _NAN if truth is None else lpips(path).distance(sample.result, truth)}

    return Metric("lpips", "LPIPS, AlexNet", "", "lower", "truth", "Zhang et al. 2018", measure, 0.0)


_SHELF: Mapping[str, tuple[str, Callable[[Path], Metric]]] = {
    "lpips": ("lpips", _lpips),
    "cls": ("vit", _cls),
    "clip_i": ("clip", _style("clip_i", "CLIP-I: image embeddings of result and reference", "MagicMakeup")),
    "csd": ("csd", _style("csd", "CSD: style embeddings of result and reference", "FRAM; Somepalli et al. 2024")),
    "key_sim": ("vit", _key_sim),
    "self_sim": ("vit", _self_sim),
    "identity": ("identity", _identity),
}
"""Metric → the network it needs and what makes it of that network's path."""


def _tokens_of(portrait: Portrait, folder: Path) -> Tokens:
    return _tokens(portrait, folder, portrait.image, portrait.face)


def _tokens_made(sample: Sample, folder: Path) -> Tokens:
    return _tokens(sample, folder, sample.result, sample.case.source.face)


def _tokens(given: Portrait | Sample, folder: Path, image: Image, face: Face) -> Tokens:
    """Worked out once for a portrait or a sample, as long as it lives: three metrics ask."""
    known = _KNOWN.setdefault(given, {})
    if folder not in known:
        known[folder] = vision_transformer(folder).tokens(image, face)
    return known[folder]


_KNOWN: WeakKeyDictionary[Portrait | Sample, dict[Path, Tokens]] = WeakKeyDictionary()


def _recognised(path: Path, image: Image, face: Face) -> FloatArray:
    network = onnx_network(path, _RECOGNISER_SIDE)
    return network.vector(aligned_square(image, face, network.side))
