"""A learned look as a smaller ONNX file: half precision, or weights of 8 bits. Input and output stay float32, the card stays inside."""

from __future__ import annotations

from typing import Any

import numpy as np

from kohl.core.errors import UsageError
from kohl.core.extras import require
from kohl.core.silence import without_warnings

_PURPOSE = "making ONNX files smaller"
_MOST = 127
"""The largest weight of a channel; -128 is left out, so that both sides have the same steps."""


def half_precision(data: bytes) -> bytes:
    """The same network with weights and steps in float16. Raises MissingExtraError without onnx."""
    onnx = require("onnx", extra="train", purpose=_PURPOSE)
    float16 = require("onnxruntime.transformers.float16", extra="train", purpose=_PURPOSE)
    with without_warnings("onnxruntime.transformers"):
        model = float16.convert_float_to_float16(onnx.load_from_string(data), keep_io_types=True)
    return _with_papers(model, data)


def eight_bit_weights(data: bytes) -> bytes:
    """The same network with its convolutions' weights in 8 bits, channel by channel; the steps between them stay float32.

    Steps in 8 bits were .1 to .3 off on real looks, whatever their ranges were measured on, and no quicker (docs/log.md). Weights come
    back through `Cast` and `Mul`, which every onnxruntime folds into float weights when it opens the file; `DequantizeLinear` it leaves
    in the way of its own fast layout, for half of the time again. Raises MissingExtraError without onnx, UsageError where no weight is float32.
    """
    onnx = require("onnx", extra="train", purpose=_PURPOSE)
    model = onnx.load_from_string(data)
    wanted = {node.input[1] for node in model.graph.node if node.op_type == "Conv"}
    floats = [tensor for tensor in model.graph.initializer if tensor.name in wanted and tensor.data_type == onnx.TensorProto.FLOAT]
    if not floats:
        raise UsageError("expected a look with float32 weights for onnx-int8, got one that is smaller already; export the original")
    nodes = [node for tensor in floats for node in _shrink(model.graph, tensor)]
    nodes += model.graph.node
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    smaller: bytes = model.SerializeToString()
    return smaller


def _shrink(graph: Any, tensor: Any) -> list[Any]:
    """Put 8 bits and a step per output channel in place of a weight, and give the nodes that make the weight of them, by its old name."""
    onnx = require("onnx", extra="train", purpose=_PURPOSE)
    weight = onnx.numpy_helper.to_array(tensor)
    largest = np.abs(weight).max(axis=tuple(range(1, weight.ndim)), keepdims=True)
    step = np.where(largest > 0, largest / _MOST, 1).astype(np.float32)
    whole, size, real = (f"{tensor.name}_{part}" for part in ("whole", "step", "real"))
    graph.initializer.remove(tensor)
    graph.initializer.extend(
        onnx.numpy_helper.from_array(values, name) for values, name in ((np.rint(weight / step).astype(np.int8), whole), (step, size))
    )
    cast = onnx.helper.make_node("Cast", [whole], [real], to=onnx.TensorProto.FLOAT)
    return [cast, onnx.helper.make_node("Mul", [real, size], [tensor.name])]


def _with_papers(model: Any, original: bytes) -> bytes:
    """The model's bytes with the original's metadata, the card among it."""
    onnx = require("onnx", extra="train", purpose=_PURPOSE)
    papers = {entry.key: entry.value for entry in onnx.load_from_string(original).metadata_props}
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, papers)
    smaller: bytes = model.SerializeToString()
    return smaller
