"""Small learned looks for tests, made of a dozen ONNX nodes: no training, every number known.

    look = LearnedLook.from_bytes(tint_look(colour=(0.2, -0.1, 0.0)))

The network is residual = (matrix · crop + colour) × centre, where `centre` is a soft window that is 0 towards the crop's rim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from kohl.core.arrays import AnyArray, FloatArray
from kohl.core.region import Region
from kohl.methods.tinybeauty.card import CARD_KEY, LearnedLookCard

SIDE = 256
OPSET = 17
Colour = tuple[float, float, float]


def card(**changes: Any) -> LearnedLookCard:
    fields: dict[str, Any] = {
        "name": "tint",
        "description": "A flat tint in the middle of the face.",
        "regions": tuple(Region),
        "licence": "Apache-2.0",
        "training_data": "none: written down by a test",
        "metrics": {"psnr": 40.0},
        "spec": {"kind": "tint"},
        "parameters": 12,
        "macs": 9 * SIDE * SIDE,
        "created_with": "kohl 0.1.0",
        "limits": "all of them",
    }
    return LearnedLookCard(**fields | changes)


def centre(inner: float = 0.55, outer: float = 0.8) -> FloatArray:
    """(256,): 1 in the middle, 0 beyond `outer` of the half side."""
    away = np.abs((np.arange(SIDE) + 0.5) / SIDE * 2 - 1)
    return np.clip((outer - away) / (outer - inner), 0, 1).astype(np.float32)


def tint_look(
    colour: Colour = (0.15, -0.1, -0.05), matrix: AnyArray | None = None, *, metadata: Mapping[str, str] | None = None, **changes: Any
) -> bytes:
    """The bytes of a learned look that adds `colour` + `matrix` · crop in the middle of the face; `changes` go into its card."""
    weight = np.zeros((3, 3), np.float32) if matrix is None else np.asarray(matrix, np.float32)
    window = centre()
    weights = {
        "weight": weight.reshape(3, 3, 1, 1),
        "bias": np.asarray(colour, np.float32),
        "rows": window.reshape(1, 1, SIDE, 1),
        "columns": window.reshape(1, 1, 1, SIDE),
    }
    nodes = [
        helper.make_node("Conv", ["crop", "weight", "bias"], ["tint"]),
        helper.make_node("Mul", ["tint", "rows"], ["band"]),
        helper.make_node("Mul", ["band", "columns"], ["residual"]),
    ]
    papers = {CARD_KEY: card(**changes).to_json()} if metadata is None else metadata
    return network(nodes, weights, metadata=papers)


def network(
    nodes: Sequence[Any],
    weights: Mapping[str, AnyArray],
    *,
    metadata: Mapping[str, str],
    shape: Sequence[int] = (1, 3, SIDE, SIDE),
    port: str = "crop",
) -> bytes:
    """Any network with one input, `port`, and the output `residual`."""
    graph = helper.make_graph(
        list(nodes),
        "look",
        [helper.make_tensor_value_info(port, TensorProto.FLOAT, list(shape))],
        [helper.make_tensor_value_info("residual", TensorProto.FLOAT, list(shape))],
        [numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    helper.set_model_props(model, dict(metadata))
    onnx.checker.check_model(model)
    return model.SerializeToString()
