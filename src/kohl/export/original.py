"""The network that exports are compared with: rebuilt in torch where that can be, otherwise as it stands, in onnxruntime."""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path
from typing import Any

from kohl.core.arrays import FloatArray
from kohl.core.errors import KohlError, MissingExtraError
from kohl.core.extras import require
from kohl.export.parity import Network
from kohl.methods.tinybeauty.learned import THREADS, LearnedLook, open_look


def original_network(look: LearnedLook) -> tuple[Network, str]:
    """(the network, "torch" or "onnxruntime"): torch where it is installed and knows the look's spec."""
    try:
        return run_torch(torch_module(look)), "torch"
    except KohlError:  # torch is not installed, or the network is not one of kohl's own
        return run_onnx(look.data, source="the original"), "onnxruntime"


def torch_module(look: LearnedLook) -> Any:
    """The look's network as a `torch.nn.Module` in eval mode, (1, 3, 256, 256) → (1, 3, 256, 256).

    Raises MissingExtraError without torch, KohlError for a spec that this kohl cannot build.
    """
    require("torch", extra="train", purpose="rebuilding the network")
    try:
        builder = importlib.import_module("kohl.methods.tinybeauty.onnx_model").model_from_onnx
    except ImportError as error:  # onnx, which reads the weights, comes with the same extra
        raise MissingExtraError("rebuilding the network", "train") from error
    with tempfile.TemporaryDirectory(prefix="kohl-") as folder:
        path = Path(folder) / "look.onnx"
        path.write_bytes(look.data)
        return builder(path).eval()


def run_torch(module: Any) -> Network:
    """A torch module as a network of arrays."""
    torch = require("torch", extra="train", purpose="comparing with torch")

    def run(crop: FloatArray) -> FloatArray:
        with torch.no_grad():
            residual: FloatArray = module(torch.from_numpy(crop)).numpy()
        return residual

    return run


def run_onnx(data: bytes, *, source: str) -> Network:
    """An ONNX file's bytes as a network of arrays. Raises ModelFormatError where onnxruntime refuses it."""
    session = open_look(data, source=source, threads=THREADS)

    def run(crop: FloatArray) -> FloatArray:
        residual: FloatArray = session.run(None, {"crop": crop})[0]
        return residual

    return run
