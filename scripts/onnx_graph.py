"""Small networks as ONNX files, node by node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from kohl.core.arrays import AnyArray, FloatArray

Layer = tuple[FloatArray, FloatArray]
"""Weights (inputs, outputs) and bias (outputs,)."""
_OPSET, _IR_VERSION = 17, 8
"""Old enough for every onnxruntime that kohl allows."""


class Graph:
    """A graph that grows from its inputs, given by name with their shapes; a dimension that is a word is open."""

    def __init__(self, inputs: Mapping[str, Sequence[int | str]]) -> None:
        self._inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape)) for name, shape in inputs.items()]
        self._constants: list[Any] = []
        self._nodes: list[Any] = []

    def constant(self, array: AnyArray) -> str:
        """Numbers. Those in half precision are kept so, and widened where they are used."""
        name = f"constant{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return self.add("Cast", name, to=TensorProto.FLOAT) if array.dtype == np.float16 else name

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """A node of one output, whose name is returned."""
        name = f"{kind.lower()}{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def linear(self, values: str, layer: Layer) -> str:
        """`values` (..., inputs) through a layer."""
        weights, bias = layer
        return self.add("Add", self.add("MatMul", values, self.constant(weights)), self.constant(bias))

    def to_bytes(self, output: str, shape: Sequence[int | str]) -> bytes:
        """The file whose output is the node `output`, renamed to "answer"."""
        self._nodes.append(helper.make_node("Identity", [output], ["answer"]))
        answer = helper.make_tensor_value_info("answer", TensorProto.FLOAT, list(shape))
        graph = helper.make_graph(self._nodes, "kohl", self._inputs, [answer], self._constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION, producer_name="kohl")
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString())


def write_rows_network(layers: Sequence[Layer]) -> bytes:
    """A network over the rows of "rows" (N, F): one number each, (N, 1)."""
    graph = Graph({"rows": ("N", layers[0][0].shape[0])})
    values = "rows"
    for layer, _ in pairwise(layers):
        values = graph.add("Relu", graph.linear(values, layer))
    return graph.to_bytes(graph.linear(values, layers[-1]), ("N", 1))
