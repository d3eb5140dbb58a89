"""Small networks as ONNX files, made node by node, so that their multiplications can be counted by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from kohl.core.arrays import AnyArray


def write(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    inputs: Mapping[str, Sequence[int | str]],
    constants: Mapping[str, AnyArray],
    *,
    kind: int = TensorProto.FLOAT,
) -> Path:
    """Write the graph of `nodes`, whose last output is "out", and return `path`."""
    values = [helper.make_tensor_value_info(name, kind, shape) for name, shape in inputs.items()]
    out = helper.make_tensor_value_info("out", kind, None)
    graph = helper.make_graph(nodes, "small", values, [out], [numpy_helper.from_array(array, name) for name, array in constants.items()])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


def convolution(path: Path, *, side: int = 8, width: int = 4) -> Path:
    """A 3×3 convolution of (1, 3, side, side) to `width` channels, padded."""
    rng = np.random.default_rng(0)
    weights = rng.standard_normal((width, 3, 3, 3)).astype(np.float32)
    node = helper.make_node("Conv", ["crop", "w", "b"], ["out"], pads=[1, 1, 1, 1])
    return write(path, [node], {"crop": (1, 3, side, side)}, {"w": weights, "b": np.zeros(width, np.float32)})
