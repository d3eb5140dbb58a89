"""Checkpoints: the LoRA and the projector as one safetensors file, its spec in the metadata. Never a pickle, never the backbone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from torch import Tensor

from kohl.core.atomic import write_atomically
from kohl.core.errors import MissingModelError, UsageError
from kohl.core.extras import require
from kohl.methods.amplifier.stable_diffusion.backbone import Backbone
from kohl.methods.amplifier.stable_diffusion.config import config_from_dict
from kohl.methods.amplifier.stable_diffusion.model import Amplifier

FORMAT = "kohl.stable_diffusion_amplifier.1"


def save_amplifier(amplifier: Amplifier, path: str | Path, *, force: bool = False) -> None:
    """Write what was trained to `path` (`.safetensors`), whole or not at all. Raises OutputError and OutputExistsError."""
    meta = {"format": FORMAT, "config": asdict(amplifier.config), "backbone": Path(amplifier.backbone.source).name}
    write_tensors(Path(path), amplifier.trainable(), meta, force=force)


def load_amplifier(path: str | Path, backbone: Backbone) -> Amplifier:
    """Read a checkpoint of `save_amplifier` onto the backbone that it was trained on.

    Raises
    ------
    MissingModelError
        There is no such file, or it is damaged, or a pickle.
    UsageError
        It is no amplifier, or was trained on another backbone, or `backbone` already carries an amplifier.
    """
    tensors, meta = read_tensors(Path(path), FORMAT)
    amplifier = Amplifier(backbone, config_from_dict(meta["config"]))
    try:
        amplifier.load_weights(tensors, source=str(path))
    except UsageError:
        amplifier.detach()
        raise
    return amplifier


def write_tensors(path: Path, tensors: Mapping[str, Tensor], meta: Mapping[str, Any], *, force: bool) -> None:
    """Write tensors and a JSON object to a safetensors file, whole or not at all. Raises OutputError and OutputExistsError."""
    safetensors = require("safetensors.torch", extra="diffusion", purpose="writing an amplifier")
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    write_atomically(path, safetensors.save(plain, metadata={"kohl": json.dumps(meta)}), force=force)


def read_tensors(path: Path, expected: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Read a file of `write_tensors` whose `format` is `expected`: its tensors (on the CPU), and its JSON object.

    Raises MissingModelError (no file, damaged, or a pickle) and UsageError (something else than was expected).
    """
    safetensors = require("safetensors", extra="diffusion", purpose="reading an amplifier")
    refuse_pickle(path)
    try:
        with safetensors.safe_open(str(path), framework="pt") as file:
            meta = json.loads((file.metadata() or {}).get("kohl", "{}"))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping, it only has keys())
    except (OSError, ValueError, safetensors.SafetensorError) as error:
        raise MissingModelError(f"{path} is not a whole safetensors file ({error}); train it again, or fetch it again") from error
    if meta.get("format") != expected:
        raise UsageError(f"{path} must be a file of the format {expected!r}, got {meta.get('format')!r}; it was not written by kohl's amplifier")
    return tensors, meta


def refuse_pickle(path: Path) -> None:
    """Refuse what is not there, and what torch.save or pickle wrote: such a file can run code. Raises MissingModelError."""
    if not path.is_file():
        raise MissingModelError(f"expected a safetensors file at {path}, where there is none; check the path")
    with path.open("rb") as file:
        start = file.read(2)
    if start == b"PK" or start[:1] == b"\x80":
        raise MissingModelError(f"{path} is a pickle, which can run code when it is read; kohl reads safetensors only: convert it where you trust it")
