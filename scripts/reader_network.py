"""The networks of one part of the face as one ONNX file, which `kohl.reading.networks` runs.

A member looks at pictures, at measured numbers, or at both. Its arrays, by name: "mean" and "scale" (F,) of the numbers; "convolution0.weights"
(9 C, D) and ".bias" (D,) and so on, 3×3, of every other pixel; "whole", which then sees a picture as one, and what it says of several is
averaged; "inner", "across" and "outer", of numbers and pictures together. No convolutions and no "whole" where there are no pictures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from onnx import numpy_helper

from kohl.core.arrays import AnyArray
from onnx_graph import Graph

EXTREME = 4.0
"""Standard deviations at which a measured number is cut: what the training never saw must not shout."""
Arrays = Mapping[str, AnyArray]
_KERNEL = 4
"""Dimensions of a convolution's weights in a file."""


def write_reader(members: Sequence[Arrays], picture: Sequence[int] | None) -> bytes:
    """A file that answers "numbers" (F,) and "pictures" (V, H, W, C), where `picture` is (H, W, C), with the mean (K,) of all members."""
    (count,), (answers,) = members[0]["mean"].shape, members[0]["outer.bias"].shape
    graph = Graph({"numbers": (count,)} | ({} if picture is None else {"pictures": ("V", *picture)}))
    planes = None if picture is None else graph.add("Transpose", "pictures", perm=[0, 3, 1, 2])
    return graph.to_bytes(graph.add("Mean", *(_answer(graph, member, planes) for member in members)), (answers,))


def members_of(file: bytes) -> list[Arrays]:
    """The members of a file, in their order: `write_reader` makes the same file of them again."""
    graph = onnx.load_from_string(file).graph
    constants = [numpy_helper.to_array(constant) for constant in graph.initializer]
    (mean,) = (node for node in graph.node if node.op_type == "Mean")
    count = len(constants) // len(mean.input)
    return [_member(constants[start : start + count]) for start in range(0, len(constants), count)]


def picture_of(file: bytes) -> tuple[int, ...] | None:
    """The (H, W, C) of the pictures that a file's networks look at; None where they look at none."""
    shapes = {given.name: given.type.tensor_type.shape.dim for given in onnx.load_from_string(file).graph.input}
    return tuple(side.dim_value for side in shapes["pictures"][1:]) if "pictures" in shapes else None


def _member(constants: Sequence[AnyArray]) -> Arrays:
    """A member's arrays, from its constants as they follow each other in a file."""
    kernels = sum(constant.ndim == _KERNEL for constant in constants)
    layers = [*(f"convolution{number}" for number in range(kernels)), *(["whole"] if kernels else []), "inner", "across", "outer"]
    names = ["mean", "scale", "lowest", "highest", *(f"{layer}.{kind}" for layer in layers for kind in ("weights", "bias"))]
    found = dict(zip(names, constants, strict=True))
    return {name: array.reshape(len(array), -1).T if array.ndim == _KERNEL else array for name, array in found.items() if name not in names[2:4]}


def _answer(graph: Graph, member: Arrays, planes: str | None) -> str:
    standard = graph.add("Div", graph.add("Sub", "numbers", graph.constant(member["mean"])), graph.constant(member["scale"]))
    limits = (graph.constant(np.float32(limit)) for limit in (-EXTREME, EXTREME))
    values = graph.add("Clip", standard, *limits)
    if planes is not None:
        values = graph.add("Concat", _look(graph, member, planes), values, axis=0)
    hidden = _rectified(graph, values, member, "inner")
    hidden = graph.add("Add", hidden, _rectified(graph, hidden, member, "across"))
    return graph.linear(hidden, _layer(member, "outer"))


def _look(graph: Graph, member: Arrays, planes: str) -> str:
    """(S,): the mean of what is said of each of the pictures `planes` (V, C, H, W)."""
    for number in range(sum(name.startswith("convolution") for name in member) // 2):
        weights, bias = _layer(member, f"convolution{number}")
        kernel = graph.constant(weights.T.reshape(len(bias), -1, 3, 3))
        planes = graph.add("Relu", graph.add("Conv", planes, kernel, graph.constant(bias), strides=[2, 2], pads=[1, 1, 1, 1]))
    flat = graph.add("Flatten", graph.add("Transpose", planes, perm=[0, 2, 3, 1]), axis=1)
    return graph.add("ReduceMean", _rectified(graph, flat, member, "whole"), axes=[0], keepdims=0)


def _rectified(graph: Graph, values: str, member: Arrays, name: str) -> str:
    return graph.add("Relu", graph.linear(values, _layer(member, name)))


def _layer(member: Arrays, name: str) -> tuple[AnyArray, AnyArray]:
    return member[f"{name}.weights"], member[f"{name}.bias"]
