"""Vision transformers of the transformers library, from a local folder: DINO, DINOv2, CLIP and their kin."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kohl.core.arrays import FloatArray, Image
from kohl.core.errors import MissingModelError
from kohl.core.extras import require
from kohl.evaluation.backbones.crops import as_batch, face_square
from kohl.faces.face import Face

_IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
_CLIP = ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711))
"""Mean and deviation of the channels, where the folder's `preprocessor_config.json` does not say."""
_USUAL_SIDE = 224
_KEYS = ("key", "k_proj")
"""What the library calls the layer that makes an attention's keys, by version."""


@dataclass(frozen=True, eq=False)
class Tokens:
    """What a vision transformer makes of a face: `cls` (D,), the last layer's class token; `keys` (N, D), the last attention's keys of
    every token, its heads side by side.
    """

    cls: FloatArray
    keys: FloatArray


class VisionTransformer:
    """A ViTModel, Dinov2Model or the like in `folder` (config.json and model.safetensors).

    Raises MissingModelError when the folder holds none, MissingExtraError without torch and transformers.
    """

    def __init__(self, folder: Path) -> None:
        self._network, self._torch = _load(folder, "AutoModel"), _torch()
        self._side, self._mean, self._deviation = _preparation(folder, self._network.config, _IMAGENET)
        layers = [layer for name, layer in self._network.named_modules() if name.rpartition(".")[2] in _KEYS]
        if not layers:
            raise MissingModelError(f"expected a vision transformer with attention keys in {folder}, got {type(self._network).__name__}; give a ViT")
        self._keys = layers[-1]

    def tokens(self, image: Image, face: Face) -> Tokens:
        """The tokens of the face's square in `image`, (H, W, 3) sRGB in [0, 1]."""
        pixels = self._torch.from_numpy(as_batch(face_square(image, face, self._side), self._mean, self._deviation))
        found: list[Any] = []
        hook = self._keys.register_forward_hook(lambda layer, inputs, output: found.append(output))
        try:
            with self._torch.inference_mode():
                last = self._network(pixel_values=pixels).last_hidden_state
        finally:
            hook.remove()
        return Tokens(last[0, 0].numpy(), found[-1][0].numpy())


class ImageEmbedder:
    """A CLIPVisionModelWithProjection in `folder`: CLIP itself, or a style descriptor such as CSD in the same shape.

    Raises MissingModelError when the folder holds none, MissingExtraError without torch and transformers.
    """

    def __init__(self, folder: Path) -> None:
        self._network, self._torch = _load(folder, "CLIPVisionModelWithProjection"), _torch()
        self._side, self._mean, self._deviation = _preparation(folder, self._network.config, _CLIP)

    def embed(self, image: Image, face: Face) -> FloatArray:
        """(D,) embedding of the face's square in `image`, (H, W, 3) sRGB in [0, 1]."""
        pixels = self._torch.from_numpy(as_batch(face_square(image, face, self._side), self._mean, self._deviation))
        with self._torch.inference_mode():
            return np.asarray(self._network(pixel_values=pixels).image_embeds[0].numpy(), np.float32)


@functools.lru_cache(maxsize=2)
def vision_transformer(folder: Path) -> VisionTransformer:
    """The one in `folder`, loaded once. Raises as `VisionTransformer`."""
    return VisionTransformer(folder)


@functools.lru_cache(maxsize=2)
def image_embedder(folder: Path) -> ImageEmbedder:
    """The one in `folder`, loaded once. Raises as `ImageEmbedder`."""
    return ImageEmbedder(folder)


def _torch() -> Any:
    return require("torch", extra="diffusion", purpose="this metric")


def _load(folder: Path, kind: str) -> Any:
    transformers = require("transformers", extra="diffusion", purpose="this metric")
    if not (folder / "config.json").is_file():
        raise MissingModelError(f"expected a folder with config.json and model.safetensors, got {folder}; save the network there first")
    with _without_progress(transformers):
        try:
            # Safetensors only: a pickle could run anything.
            network = getattr(transformers, kind).from_pretrained(folder, local_files_only=True, use_safetensors=True)
        except (OSError, ValueError, KeyError) as error:
            raise MissingModelError(f"expected a network that transformers loads as {kind} in {folder}, got: {error}") from error
    return network.eval()


@contextlib.contextmanager
def _without_progress(transformers: Any) -> Iterator[None]:
    """Load without bars on the terminal, and leave the library's setting as it was."""
    logging = transformers.utils.logging
    was_on = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if was_on:
            logging.enable_progress_bar()


def _preparation(folder: Path, config: Any, usual: tuple[tuple[float, ...], tuple[float, ...]]) -> tuple[int, tuple[float, ...], tuple[float, ...]]:
    """Side of the input in pixels, mean and deviation of its channels: the folder's own, or the network's and the usual ones."""
    path = folder / "preprocessor_config.json"
    said: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {}
    size = said.get("crop_size") or said.get("size") or {}
    own: int = getattr(config, "image_size", _USUAL_SIDE)
    side = size if isinstance(size, int) else size.get("height", size.get("shortest_edge", own))
    return int(side), tuple(said.get("image_mean", usual[0])), tuple(said.get("image_std", usual[1]))
