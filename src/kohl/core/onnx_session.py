"""ONNX networks on the CPU, through onnxruntime: how every session of kohl's is opened."""

from __future__ import annotations

import functools
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any


def open_session(model: Path | bytes, *, threads: int) -> Any:
    """An onnxruntime session for the ONNX file `model` or its bytes, with `threads` threads inside an operator: with 1, that is the caller's; 0 means
    one for each core.

    Raises what onnxruntime raises, whose classes are no API, where it is no network.
    """
    import onnxruntime  # noqa: PLC0415  a tenth of a second, and only for whom runs a network

    onnxruntime.disable_telemetry_events()  # does something on Windows only, where it would otherwise report
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 4  # what is wrong is told by exceptions
    options.enable_cpu_mem_arena = False  # it keeps what the largest run took, and saves next to no time
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


@functools.cache
def packaged_session(package: str, name: str) -> Any:
    """The session of a network that kohl carries, opened once: the file `name` in `package`. It runs on the caller's thread; any may call."""
    with as_file(files(package) / name) as path:  # of bytes, onnxruntime keeps a copy of its own
        return open_session(path, threads=1)
