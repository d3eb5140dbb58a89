from __future__ import annotations

import io
import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from kohl.core.errors import ModelFormatError, UsageError
from kohl.methods.tinybeauty.card import CARD_KEY
from kohl.methods.tinybeauty.learned import MAX_BYTES, LearnedLook
from kohl.methods.tinybeauty.onnx_bytes import read_facts
from kohl.methods.tinybeauty.worn import ResidualLook
from learned_looks import SIDE, card, centre, network, tint_look

CARD = {CARD_KEY: card().to_json()}
MATRIX = np.array([[0.2, 0, 0], [0, -0.3, 0.1], [0, 0, 0.1]], np.float32)


@pytest.fixture(scope="module")
def look() -> LearnedLook:
    return LearnedLook.from_bytes(tint_look((0.1, 0.0, -0.1), MATRIX))


@pytest.fixture(scope="module")
def crop() -> np.ndarray:
    return np.random.default_rng(0).random((SIDE, SIDE, 3), np.float32)


def test_the_residual_is_the_networks(look: LearnedLook, crop: np.ndarray):
    expected = (crop @ MATRIX.T + np.array([0.1, 0, -0.1], np.float32)) * np.outer(centre(), centre())[..., None]
    residual = look.residual(crop)
    assert residual.dtype == np.float32
    np.testing.assert_allclose(residual, expected, atol=1e-6)
    assert look.card == card()
    assert isinstance(look, ResidualLook)


def test_a_residual_beyond_1_is_cut(crop: np.ndarray):
    residual = LearnedLook.from_bytes(tint_look((7.0, -7.0, 0.0))).residual(crop)
    assert (residual.min(), residual.max()) == (-1.0, 1.0)


def test_from_a_file_and_from_its_bytes_are_one(look: LearnedLook, crop: np.ndarray, tmp_path: Path):
    (tmp_path / "mine.onnx").write_bytes(look.data)
    loaded = LearnedLook.load(tmp_path / "mine.onnx", threads=1)
    assert loaded.sha256 == look.sha256
    np.testing.assert_allclose(loaded.residual(crop), look.residual(crop), atol=1e-6)


def test_threads_share_one(look: LearnedLook, crop: np.ndarray):
    alone = look.residual(crop)
    with ThreadPoolExecutor(3) as pool:
        for together in pool.map(lambda _: look.residual(crop), range(6)):
            np.testing.assert_array_equal(together, alone)


def test_it_goes_to_another_process(look: LearnedLook, crop: np.ndarray):
    sent = pickle.loads(pickle.dumps(look))
    assert sent.sha256 == look.sha256
    np.testing.assert_array_equal(sent.residual(crop), look.residual(crop))


def test_a_wrong_crop_is_refused(look: LearnedLook, crop: np.ndarray):
    for wrong in (crop[:100], crop.astype(np.float64), crop * 3):
        with pytest.raises(UsageError, match="crop"):
            look.residual(wrong)
    with pytest.raises(UsageError, match="threads"):
        LearnedLook(tint_look(), threads=0)


def pickled(kind: str) -> bytes:
    buffer = io.BytesIO()
    if kind == "npz":
        np.savez(buffer, weight=np.ones(3))
    elif kind == "npy":
        np.save(buffer, np.ones(3))
    else:
        pickle.dump({"weight": [1.0]}, buffer, protocol=int(kind))
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["npz", "npy", "2", "3", "4", "5"])
def test_a_pickle_is_refused_by_its_bytes_under_any_name(kind: str, tmp_path: Path):
    (tmp_path / "mine.onnx").write_bytes(pickled(kind))
    with pytest.raises(ModelFormatError, match="loads only ONNX and safetensors: a pickle can run code"):
        LearnedLook.load(tmp_path / "mine.onnx")


@pytest.mark.parametrize("ending", [".pt", ".PTH", ".pkl", ".npz", ".ckpt", ".safetensors"])
def test_other_weights_are_refused_by_their_name_unread(ending: str, tmp_path: Path):
    with pytest.raises(ModelFormatError, match="safetensors"):
        LearnedLook.load(tmp_path / f"not-there{ending}")


def test_a_pickle_is_never_run(tmp_path: Path):
    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (Path.touch, (tmp_path / "ran",))  # type: ignore[return-value]

    for name in ("a.onnx", "a.pkl"):
        (tmp_path / name).write_bytes(pickle.dumps(Bomb(), protocol=0))
        with pytest.raises(ModelFormatError):
            LearnedLook.load(tmp_path / name)
    assert not (tmp_path / "ran").exists()


def test_missing_and_too_large_files_are_refused(tmp_path: Path):
    with pytest.raises(ModelFormatError, match="there is no such file; check the name"):
        LearnedLook.load(tmp_path / "none.onnx")
    (tmp_path / "large.onnx").write_bytes(bytes(MAX_BYTES + 1))
    with pytest.raises(ModelFormatError, match="at most 16 MiB"):
        LearnedLook.load(tmp_path / "large.onnx")


def test_another_programs_onnx_is_refused():
    with pytest.raises(ModelFormatError, match="has no card"):
        LearnedLook.from_bytes(tint_look(metadata={"producer": "another"}))
    with pytest.raises(ModelFormatError, match="its card is not one"):
        LearnedLook.from_bytes(tint_look(metadata={CARD_KEY: json.dumps({"format": "kohl.learned-look"})}))


@pytest.mark.parametrize("wrong", [{"shape": (1, 3, 128, 128)}, {"shape": (2, 3, 256, 256)}, {"port": "image"}])
def test_other_ports_are_refused(wrong: dict[str, object]):
    data = network([helper.make_node("Neg", [wrong.get("port", "crop")], ["residual"])], {}, metadata=CARD, **wrong)
    with pytest.raises(ModelFormatError, match="expected one input 'crop'"):
        LearnedLook.from_bytes(data)


def test_an_operator_that_nobody_knows_is_refused():
    model = onnx.load_from_string(tint_look())
    model.graph.node[0].op_type = "Convolve"
    with pytest.raises(ModelFormatError, match="onnxruntime cannot open it"):
        LearnedLook.from_bytes(model.SerializeToString())


def test_numbers_that_are_none_are_refused(crop: np.ndarray):
    endless = network([helper.make_node("Div", ["crop", "zero"], ["residual"])], {"zero": np.zeros((1,), np.float32)}, metadata=CARD)
    with pytest.raises(ModelFormatError, match="NaN or infinity"):
        LearnedLook.from_bytes(endless).residual(crop)


def external(place: str) -> bytes:
    """A model whose weights lie in /etc/hostname, says a tensor at `place`."""
    model = onnx.load_from_string(tint_look())
    tensor = model.graph.initializer[1]
    if place == "a branch":
        tensor = TensorProto(name="hidden", data_type=TensorProto.FLOAT, dims=[3])
        inner = helper.make_graph([], "branch", [], [], [tensor])
        model.graph.node[0].attribute.append(helper.make_attribute("body", inner))
        tensor = model.graph.node[0].attribute[-1].g.initializer[0]
    elif place == "a constant":
        model.graph.node.append(helper.make_node("Constant", [], ["c"], value=TensorProto(name="c", data_type=TensorProto.FLOAT, dims=[3])))
        tensor = model.graph.node[-1].attribute[0].t
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "/etc/hostname"
    return model.SerializeToString()


@pytest.mark.parametrize("place", ["a weight", "a branch", "a constant"])
def test_a_model_that_asks_for_another_file_is_refused(place: str):
    with pytest.raises(ModelFormatError, match="weights in other files"):
        LearnedLook.from_bytes(external(place))


def test_facts_are_onnxs_own():
    data = tint_look()
    facts = read_facts(data)
    assert facts.metadata == {prop.key: prop.value for prop in onnx.load_from_string(data).metadata_props}
    assert not facts.has_external_data


def nested(depth: int) -> bytes:
    """Graphs within graphs, by hand: an attribute's graph holds a node with an attribute with a graph …"""

    def field(number: int, content: bytes) -> bytes:
        size, head = len(content), bytearray()
        while size > 0x7F:
            head.append(size & 0x7F | 0x80)
            size >>= 7
        return bytes([number << 3 | 2]) + bytes(head) + bytes([size]) + content

    graph = b""
    for _ in range(depth):
        graph = field(1, field(5, field(6, graph)))
    return b"\x08\x08" + field(7, graph)


def test_a_model_nested_without_end_is_refused():
    with pytest.raises(ModelFormatError, match="nested more than"):
        LearnedLook.from_bytes(nested(500))


@given(end=st.integers(0, len(tint_look()) - 1))
@settings(max_examples=60, deadline=None)
def test_a_model_cut_short_is_refused(end: int):
    with pytest.raises(ModelFormatError):
        LearnedLook.from_bytes(tint_look()[:end])


@given(data=st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_refused(data: bytes):
    for hostile in (data, b"\x08\x08\x3a" + data):
        with pytest.raises(ModelFormatError):
            LearnedLook.from_bytes(hostile)
