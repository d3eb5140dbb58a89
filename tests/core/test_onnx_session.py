"""Sessions of ONNX networks: those that kohl carries are opened once, and what scripts write runs."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.core.onnx_session import open_session, packaged_session
from kohl.faces.cover import STAGES


@pytest.mark.parametrize("stage", STAGES)
def test_a_packaged_network_is_opened_once_and_takes_any_number_of_rows(stage: str):
    session = packaged_session("kohl.faces", stage)
    assert packaged_session("kohl.faces", stage) is session
    columns = session.get_inputs()[0].shape[1]
    for rows in (0, 1, 300):
        (answer,) = session.run(None, {"rows": np.zeros((rows, columns), np.float32)})
        assert answer.shape == (rows, 1)


def test_a_written_network_is_rows_in_numbers_out():
    pytest.importorskip("onnx", reason="writing networks needs the train extra")
    onnx_graph = pytest.importorskip("onnx_graph")
    layers = [(np.eye(3, 2, dtype=np.float32), np.zeros(2, np.float32)), (np.array([[1.0], [-2.0]], np.float32), np.array([0.5], np.float32))]
    session = open_session(onnx_graph.write_rows_network(layers), threads=1)
    rows = np.array([[1, 1, 9], [-1, 2, 9]], np.float32)
    assert session.run(None, {"rows": rows})[0].tolist() == [[-0.5], [-3.5]]


def test_what_is_no_network_is_not_opened():
    with pytest.raises(Exception, match=r"(?i)protobuf|model"):
        open_session(b"no network", threads=1)
