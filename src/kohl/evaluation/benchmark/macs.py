"""Size of a network, counted from its ONNX graph: parameters, multiply-accumulates, and the bytes that its layers must move.

A multiply-accumulate is one product added to a sum, so it is two of what others call FLOPs. Counted are convolutions (transposed ones too),
Gemm and MatMul, without biases, norms and activations; layers that multiply and are not known here are named, never passed over.

A layer's least bytes are its inputs, weights and output, each once: what would remain if everything else were fused into it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from kohl.core.errors import UsageError
from kohl.core.extras import require

Shape: TypeAlias = tuple[int, ...]
Shapes: TypeAlias = Mapping[str, Shape]

UNKNOWN = frozenset(
    {
        *("Attention", "ConvInteger", "DeformConv", "Einsum", "FusedConv", "FusedGemm", "FusedMatMul", "GRU", "LSTM", "MatMulInteger"),
        *("MultiHeadAttention", "NhwcConv", "QGemm", "QLinearConv", "QLinearMatMul", "RNN", "If", "Loop", "Scan"),
    }
)
"""Operators that multiply, or hold others that may, and that nothing here counts."""
_FLOAT = 4
"""Bytes of float32."""
_SETTINGS = {"Resize": (1, 2, 3), "Upsample": (1,), "Pad": (1, 2, 3), "Clip": (1, 2), "QuantizeLinear": (1, 2), "DequantizeLinear": (1, 2)}
"""Operator → the inputs that say how, not with what: no parameters."""


@dataclass(frozen=True)
class Layer:
    """One counted node: its operator, multiply-accumulates, and least bytes."""

    operator: str
    macs: int
    bytes: int


@dataclass(frozen=True)
class NetworkSize:
    """What a network weighs. `uncounted` names operators that multiply and could not be counted."""

    parameters: int
    layers: tuple[Layer, ...]
    uncounted: tuple[str, ...] = ()

    @property
    def macs(self) -> int:
        """Multiply-accumulates of one run."""
        return sum(layer.macs for layer in self.layers)

    @property
    def bytes(self) -> int:
        """Least bytes that one run moves, layer by layer."""
        return sum(layer.bytes for layer in self.layers)


def count_network(path: Path) -> NetworkSize:
    """Count the network in the ONNX file `path`, whose shapes must be fixed.

    Raises
    ------
    MissingExtraError
        Without the package onnx.
    UsageError
        The file is no ONNX network, or the shape of a layer that counts is not fixed.
    """
    onnx = require("onnx", extra="train", purpose="counting a network's multiplications")
    try:
        model = onnx.shape_inference.infer_shapes(onnx.load(str(path), load_external_data=False), data_prop=True)
    except Exception as error:  # onnx raises protobuf's errors, its own, and plain ones
        raise UsageError(f"{path.name} cannot be read as an ONNX network ({type(error).__name__}); give a whole .onnx file") from error
    return _Counting(onnx, model.graph).count()


@dataclass
class _Counting:
    """The graph with the shapes and element sizes of everything in it."""

    onnx: Any
    graph: Any
    shapes: dict[str, Shape] = field(default_factory=dict)
    item_bytes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for value in (*self.graph.input, *self.graph.value_info, *self.graph.output):
            self._note(value.name, value.type.tensor_type.elem_type, [size.dim_value for size in value.type.tensor_type.shape.dim])
        for tensor in self._constants():
            self._note(tensor.name, tensor.data_type, tensor.dims)

    def _note(self, name: str, kind: int, sizes: Any) -> None:
        self.shapes[name] = tuple(int(size) for size in sizes)
        if kind:  # 0: shape inference knows the shape alone
            self.item_bytes[name] = int(self.onnx.helper.tensor_dtype_to_np_dtype(kind).itemsize)

    def _constants(self) -> Iterator[Any]:
        """Initializers, and what Constant nodes hold, by the name that the graph knows it under."""
        yield from self.graph.initializer
        for node in self.graph.node:
            for attribute in node.attribute:
                if node.op_type == "Constant" and attribute.name == "value":
                    tensor = self.onnx.TensorProto()
                    tensor.CopyFrom(attribute.t)
                    tensor.name = node.output[0]
                    yield tensor

    def count(self) -> NetworkSize:
        layers = tuple(self._layer(node) for node in self.graph.node if node.op_type in _MACS)
        uncounted = sorted({node.op_type for node in self.graph.node if node.op_type in UNKNOWN})
        return NetworkSize(self._parameters(), layers, tuple(uncounted))

    def _layer(self, node: Any) -> Layer:
        touched = [name for name in (*node.input, *node.output) if name]
        unknown = [name for name in touched if 0 in self.shapes.get(name, (0,))]
        if unknown:
            raise UsageError(
                f"expected a network with fixed shapes, but {node.op_type} {node.name!r} has none for {unknown[0]!r}; export it with a fixed size"
            )
        macs = _MACS[node.op_type](node, self.shapes)
        return Layer(node.op_type, macs, sum(math.prod(self.shapes[name]) * self.item_bytes.get(name, _FLOAT) for name in touched))

    def _parameters(self) -> int:
        """Numbers that training can have set: those of the constants that layers compute with."""
        settings = set(self._settings())
        tensors = {tensor.name: tensor for tensor in self._constants()}
        used = {name for node in self.graph.node for name in node.input}
        counted = [tensor for name, tensor in tensors.items() if name in used - settings and self._is_weight(tensor)]
        return sum(math.prod(tensor.dims) for tensor in counted)

    def _is_weight(self, tensor: Any) -> bool:
        types = self.onnx.TensorProto
        return len(tensor.dims) > 0 and tensor.data_type in (types.FLOAT, types.FLOAT16, types.BFLOAT16, types.DOUBLE, types.INT8, types.UINT8)

    def _settings(self) -> Iterator[str]:
        """Names of constants that are no parameters."""
        constants = {tensor.name: tensor for tensor in self._constants()}
        for node in self.graph.node:
            for position in _SETTINGS.get(node.op_type, ()):
                yield from node.input[position : position + 1]
            if node.op_type == "InstanceNormalization":
                # ONNX has no norm without gain and bias: exporters write ones and zeros for those that have none.
                for name, nothing in zip(node.input[1:3], (1.0, 0.0), strict=True):
                    if name in constants and (self.onnx.numpy_helper.to_array(constants[name]) == nothing).all():
                        yield name


def _conv_macs(node: Any, shapes: Shapes) -> int:
    """Every output value is a sum over the kernel and the channels of its group; weights are (out, in / groups, *kernel)."""
    return math.prod(shapes[node.output[0]]) * math.prod(shapes[node.input[1]][1:])


def _transposed_macs(node: Any, shapes: Shapes) -> int:
    """Every input value goes into the kernel of every output channel of its group; weights are (in, out / groups, *kernel)."""
    return math.prod(shapes[node.input[0]]) * math.prod(shapes[node.input[1]][1:])


def _gemm_macs(node: Any, shapes: Shapes) -> int:
    """(M, K) by (K, N), or the first of them transposed."""
    turned = any(attribute.name == "transA" and attribute.i for attribute in node.attribute)
    return math.prod(shapes[node.output[0]]) * shapes[node.input[0]][0 if turned else 1]


def _matmul_macs(node: Any, shapes: Shapes) -> int:
    """(…, M, K) by (…, K, N)."""
    return math.prod(shapes[node.output[0]]) * shapes[node.input[0]][-1]


_MACS: dict[str, Callable[[Any, Shapes], int]] = {
    "Conv": _conv_macs,
    "ConvTranspose": _transposed_macs,
    "Gemm": _gemm_macs,
    "MatMul": _matmul_macs,
}
