"""Tiny networks with random weights, saved as the real ones are: what metrics that need a network are tried on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
import transformers
from safetensors.torch import save_file

LINS = (64, 192, 384, 256, 256)


def save_vit(folder: Path, kind: str = "dinov2") -> Path:
    torch.manual_seed(1)
    size = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    network: Any
    if kind == "dinov2":
        network = transformers.Dinov2Model(transformers.Dinov2Config(**size, image_size=56, patch_size=14))
    else:
        network = transformers.ViTModel(transformers.ViTConfig(**size, intermediate_size=64, image_size=32, patch_size=8))
    return _saved(network, folder)


def save_clip(folder: Path) -> Path:
    torch.manual_seed(2)
    config = transformers.CLIPVisionConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64, image_size=32, patch_size=8, projection_dim=16
    )
    return _saved(transformers.CLIPVisionModelWithProjection(config), folder)


def save_onnx(path: Path, *, side: int | str = 8, length: int = 6) -> Path:
    """Pools a picture to 8 × 8 and multiplies by a random matrix."""
    weights = np.random.default_rng(3).normal(0, 1, (3 * 64, length)).astype(np.float32)
    nodes = [
        onnx.helper.make_node("Resize", ["pixels", "", "", "size"], ["small"], mode="linear"),
        onnx.helper.make_node("Flatten", ["small"], ["flat"]),
        onnx.helper.make_node("MatMul", ["flat", "weights"], ["vector"]),
    ]
    graph = onnx.helper.make_graph(
        nodes,
        "tiny",
        [onnx.helper.make_tensor_value_info("pixels", onnx.TensorProto.FLOAT, [1, 3, side, side])],
        [onnx.helper.make_tensor_value_info("vector", onnx.TensorProto.FLOAT, [1, length])],
        [onnx.numpy_helper.from_array(weights, "weights"), onnx.numpy_helper.from_array(np.array([1, 3, 8, 8], np.int64), "size")],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, str(path))
    return path


def alexnet() -> torch.nn.Sequential:
    """Torchvision's AlexNet features, with random weights: the same list of layers."""
    torch.manual_seed(4)
    nn = torch.nn
    layers = [nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(64, 192, 5, 1, 2), nn.ReLU(), nn.MaxPool2d(3, 2)]
    layers += [nn.Conv2d(192, 384, 3, 1, 1), nn.ReLU(), nn.Conv2d(384, 256, 3, 1, 1), nn.ReLU(), nn.Conv2d(256, 256, 3, 1, 1), nn.ReLU()]
    return nn.Sequential(*layers)


def save_lpips(path: Path, *, without: str = "") -> Path:
    weights = {f"features.{name}": value.contiguous() for name, value in alexnet().state_dict().items()}
    rng = torch.Generator().manual_seed(5)
    weights |= {f"lin{number}.model.1.weight": torch.rand(1, count, 1, 1, generator=rng) for number, count in enumerate(LINS)}
    weights.pop(without, None)
    save_file(weights, str(path))
    return path


def _saved(network: Any, folder: Path) -> Path:
    bars = transformers.utils.logging.is_progress_bar_enabled()
    transformers.utils.logging.disable_progress_bar()
    network.eval().save_pretrained(folder)
    if bars:
        transformers.utils.logging.enable_progress_bar()
    return folder
