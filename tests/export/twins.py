"""One small network twice: as an ONNX learned look, and in torch."""

from __future__ import annotations

import numpy as np
import torch
from onnx import helper

from kohl.methods.tinybeauty.card import CARD_KEY
from learned_looks import SIDE, card, centre, network

WEIGHTS = np.random.default_rng(0).normal(0, 0.1, (16, 3, 3, 3)).astype(np.float32)
BACK = np.random.default_rng(1).normal(0, 0.1, (3, 16, 1, 1)).astype(np.float32)


class Twin(torch.nn.Module):
    """The same network as `small_look`, in torch; `off` is added to its residual."""

    def __init__(self, off: float = 0.0) -> None:
        super().__init__()
        self.off = off

    def forward(self, crop: torch.Tensor) -> torch.Tensor:
        hidden = torch.relu(torch.nn.functional.conv2d(crop, torch.from_numpy(WEIGHTS), padding=1))
        return torch.nn.functional.conv2d(hidden, torch.from_numpy(BACK)) * torch.from_numpy(centre().reshape(1, 1, SIDE, 1)) + self.off


def small_look() -> bytes:
    """Two convolutions with a ReLU between them: small, but with all that fp16 and int8 change."""
    nodes = [
        helper.make_node("Conv", ["crop", "weights"], ["wide"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["wide"], ["hidden"]),
        helper.make_node("Conv", ["hidden", "back"], ["film"]),
        helper.make_node("Mul", ["film", "rows"], ["residual"]),
    ]
    weights = {"weights": WEIGHTS, "back": BACK, "rows": centre().reshape(1, 1, SIDE, 1)}
    return network(nodes, weights, metadata={CARD_KEY: card(name="small").to_json()})
