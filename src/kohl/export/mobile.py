"""A learned look for telephones: TFLite through litert-torch, Core ML through coremltools. Both rebuild the network in torch first."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kohl.core.arrays import FloatArray
from kohl.core.extras import require
from kohl.export.original import torch_module
from kohl.export.parity import Network
from kohl.methods.tinybeauty.card import CARD_KEY
from kohl.methods.tinybeauty.learned import SHAPE, LearnedLook


@dataclass(frozen=True, slots=True)
class Converted:
    """A network in a telephone's format."""

    files: dict[str, bytes]
    """Relative path → contents; the path "" is the one file that a format of one file has."""
    network: Network | None
    """Runs it here; None where this machine cannot."""
    note: str = ""
    """Why it cannot be run here."""


def to_tflite(look: LearnedLook) -> Converted:
    """Convert to TFLite, float32, static shapes, planes as in torch. Raises MissingExtraError naming kohl[tflite]."""
    litert = require("litert_torch", extra="tflite", purpose="exporting to TFLite")
    torch = require("torch", extra="tflite", purpose="exporting to TFLite")
    edge_model = litert.convert(torch_module(look), (torch.zeros(SHAPE),))
    with tempfile.TemporaryDirectory(prefix="kohl-") as folder:
        path = Path(folder) / "look.tflite"
        edge_model.export(str(path))
        data = path.read_bytes()

    def run(crop: FloatArray) -> FloatArray:
        return np.asarray(edge_model(torch.from_numpy(crop)), np.float32)

    return Converted({"": data}, run)


def to_coreml(look: LearnedLook) -> Converted:
    """Convert to a Core ML program, float32, iOS 15 or later, the card in its metadata. Raises MissingExtraError naming kohl[coreml].

    Core ML runs on macOS alone: elsewhere there is no `network` to compare, and `note` says so.
    """
    coreml = require("coremltools", extra="coreml", purpose="exporting to Core ML")
    torch = require("torch", extra="coreml", purpose="exporting to Core ML")
    runs_here = sys.platform == "darwin"
    traced = torch.jit.trace(torch_module(look), torch.zeros(SHAPE))
    model = coreml.convert(
        traced,
        convert_to="mlprogram",
        inputs=[coreml.TensorType(name="crop", shape=tuple(SHAPE), dtype=np.float32)],
        outputs=[coreml.TensorType(name="residual", dtype=np.float32)],
        compute_precision=coreml.precision.FLOAT32,
        minimum_deployment_target=coreml.target.iOS15,
        skip_model_load=not runs_here,
    )
    card = look.card
    model.author, model.license, model.short_description = card.created_with, card.licence, card.description
    model.user_defined_metadata[CARD_KEY] = card.to_json()
    files = _saved(model.save)
    if runs_here:
        return Converted(files, _predicting(model))
    return Converted(files, None, "Core ML runs on macOS alone, so its numbers were not compared here")


def _saved(save: Callable[[str], Any]) -> dict[str, bytes]:
    """The files of the package that `save` writes."""
    with tempfile.TemporaryDirectory(prefix="kohl-") as folder:
        package = Path(folder) / "look.mlpackage"
        save(str(package))
        return {path.relative_to(package).as_posix(): path.read_bytes() for path in sorted(package.rglob("*")) if path.is_file()}


def _predicting(model: Any) -> Network:
    def run(crop: FloatArray) -> FloatArray:
        return np.asarray(model.predict({"crop": crop})["residual"], np.float32)

    return run
