"""Multiplications, parameters and bytes of networks small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

onnx = pytest.importorskip("onnx", reason="needs kohl[train]")

from onnx import TensorProto, helper  # noqa: E402
from onnx_files import convolution, write  # noqa: E402

from kohl.core.errors import MissingExtraError, UsageError  # noqa: E402
from kohl.evaluation.benchmark import macs  # noqa: E402
from kohl.evaluation.benchmark.macs import count_network  # noqa: E402


def ones(*shape: int) -> np.ndarray:
    return np.full(shape, 0.5, np.float32)


def test_a_convolution(tmp_path: Path):
    size = count_network(convolution(tmp_path / "a.onnx", side=8, width=4))
    assert size.macs == 8 * 8 * 4 * 3 * 9
    assert size.parameters == 4 * 3 * 9 + 4
    assert size.bytes == 4 * (3 * 64 + 4 * 64 + size.parameters)
    assert [layer.operator for layer in size.layers] == ["Conv"]


def test_strides_groups_and_long_kernels(tmp_path: Path):
    node = helper.make_node("Conv", ["x", "w"], ["out"], group=2, strides=[2, 1])
    size = count_network(write(tmp_path / "a.onnx", [node], {"x": (2, 4, 9, 7)}, {"w": ones(6, 2, 3, 1)}))
    assert size.macs == 2 * 6 * 4 * 7 * (2 * 3 * 1)


def test_a_transposed_convolution_counts_what_goes_in(tmp_path: Path):
    node = helper.make_node("ConvTranspose", ["x", "w"], ["out"], strides=[2, 2])
    size = count_network(write(tmp_path / "a.onnx", [node], {"x": (1, 4, 5, 5)}, {"w": ones(4, 3, 2, 2)}))
    assert size.macs == 4 * 5 * 5 * (3 * 2 * 2)


@pytest.mark.parametrize("turned", [0, 1])
def test_gemm(turned: int, tmp_path: Path):
    shape = (5, 3) if turned else (3, 5)
    node = helper.make_node("Gemm", ["x", "w"], ["out"], transA=turned)
    size = count_network(write(tmp_path / "a.onnx", [node], {"x": shape}, {"w": ones(5, 7)}))
    assert size.macs == 3 * 5 * 7


def test_matmul_in_a_batch(tmp_path: Path):
    node = helper.make_node("MatMul", ["x", "y"], ["out"])
    size = count_network(write(tmp_path / "a.onnx", [node], {"x": (2, 6, 3, 5), "y": (2, 6, 5, 4)}, {}))
    assert size.macs == 2 * 6 * 3 * 5 * 4
    assert size.parameters == 0


@given(side=st.integers(3, 40), width=st.integers(1, 9))
def test_multiplications_follow_the_picture_and_parameters_do_not(side: int, width: int, tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("macs")
    size = count_network(convolution(folder / "a.onnx", side=side, width=width))
    assert size.macs == 27 * side * side * width
    assert size.parameters == 28 * width


def test_settings_and_norms_without_gain_are_no_parameters(tmp_path: Path):
    nodes = [
        helper.make_node("InstanceNormalization", ["x", "one", "zero"], ["a"]),
        helper.make_node("InstanceNormalization", ["a", "gain", "zero"], ["b"]),
        helper.make_node("Resize", ["b", "", "scales"], ["c"]),
        helper.make_node("Clip", ["c", "low"], ["d"]),
        helper.make_node("Add", ["d", "offset"], ["out"]),
    ]
    constants = {
        "one": np.ones(3, np.float32),
        "zero": np.zeros(3, np.float32),
        "gain": ones(3),
        "scales": np.array([1, 1, 2, 2], np.float32),
        "low": np.zeros((), np.float32),
        "offset": ones(1, 3, 1, 1),
        "unused": ones(50),
    }
    size = count_network(write(tmp_path / "a.onnx", nodes, {"x": (1, 3, 4, 4)}, constants))
    assert size.parameters == 3 + 3
    assert size.macs == 0


def test_weights_in_constant_nodes_count(tmp_path: Path):
    weights = helper.make_node("Constant", [], ["w"], value=onnx.numpy_helper.from_array(ones(5, 7), "anything"))
    node = helper.make_node("MatMul", ["x", "w"], ["out"])
    size = count_network(write(tmp_path / "a.onnx", [weights, node], {"x": (1, 5)}, {}))
    assert (size.macs, size.parameters) == (35, 35)


def test_half_precision_moves_half_the_bytes(tmp_path: Path):
    node = helper.make_node("MatMul", ["x", "w"], ["out"])
    sizes = []
    for kind, dtype in ((TensorProto.FLOAT, np.float32), (TensorProto.FLOAT16, np.float16)):
        sizes.append(count_network(write(tmp_path / "a.onnx", [node], {"x": (2, 5)}, {"w": ones(5, 7).astype(dtype)}, kind=kind)))
    assert sizes[0].bytes == 2 * sizes[1].bytes
    assert sizes[0].macs == sizes[1].macs


def test_what_multiplies_and_is_not_counted_is_named(tmp_path: Path):
    node = helper.make_node("Einsum", ["x", "w"], ["out"], equation="ij,jk->ik")
    assert count_network(write(tmp_path / "a.onnx", [node], {"x": (2, 5)}, {"w": ones(5, 7)})).uncounted == ("Einsum",)


def test_open_shapes_are_refused(tmp_path: Path):
    node = helper.make_node("Conv", ["x", "w"], ["out"])
    path = write(tmp_path / "a.onnx", [node], {"x": (1, 3, "height", 8)}, {"w": ones(4, 3, 3, 3)})
    with pytest.raises(UsageError, match=r"fixed shapes.*'x'.*fixed size"):
        count_network(path)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 a pickle", b"\x08"])
def test_other_files_are_refused(data: bytes, tmp_path: Path):
    path = tmp_path / "a.onnx"
    path.write_bytes(data)
    if data:
        with pytest.raises(UsageError, match="cannot be read as an ONNX network"):
            count_network(path)
    else:
        assert count_network(path).macs == 0


def test_without_onnx_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def missing(module: str, *, extra: str, purpose: str) -> None:
        raise MissingExtraError(purpose, extra)

    monkeypatch.setattr(macs, "require", missing)
    with pytest.raises(MissingExtraError, match=r"kohl\[train\]"):
        count_network(convolution(tmp_path / "a.onnx"))
