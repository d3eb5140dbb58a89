"""What this machine can do at best, measured: multiplications of large matrices, and copies of large arrays.

Williams, Waterman, Patterson, "Roofline: an insightful visual performance model for multicore architectures", CACM 52(4), 2009: no program is
faster than its multiplications at the first, or its bytes at the second.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from kohl.core.arrays import AnyArray
from kohl.core.errors import MissingExtraError
from kohl.core.extras import require
from kohl.evaluation.benchmark.networks import session_of

MATRIX = 512
"""Rows and columns of the multiplied matrices: large enough for full speed, and done in a few milliseconds, so that on a busy machine some of the
products go through uninterrupted."""
COPIED = 2**28
"""Bytes of the copied array, far more than any cache holds, …"""
_BLOCK = 2**24
"""… and of the part of it that is timed at once: milliseconds, for the same reason."""
_PASSES = 3


@dataclass(frozen=True)
class Peaks:
    """`gmacs`: billions of float32 multiply-accumulates a second. `gigabytes`: 10⁹ bytes a second, read and written ones both counted."""

    gmacs: float
    gigabytes: float
    source: str
    """What multiplied fastest: "numpy" or "onnxruntime"."""


def measure_peaks(threads: int, *, runs: int = 40, matrix: int = MATRIX, copied: int = COPIED) -> Peaks:
    """Measure with `threads` threads; numpy's own were set when the process started. The best of `runs` counts: a peak is what is possible."""
    rng = np.random.default_rng(0)
    left, right = (rng.standard_normal((matrix, matrix)).astype(np.float32) for _ in range(2))
    product = np.empty_like(left)
    seconds = {"numpy": _best(lambda: np.matmul(left, right, out=product), runs)}
    multiply = _onnx_product(left, right, threads)
    if multiply is not None:
        seconds["onnxruntime"] = _best(multiply, runs)
    source = min(seconds, key=lambda name: seconds[name])
    return Peaks(matrix**3 / seconds[source] / 1e9, _copy_speed(threads, _PASSES, copied), source)


def _copy_speed(threads: int, passes: int, size: int) -> float:
    """The fastest block of some passes over arrays that no cache holds. Every thread copies a part of it; numpy lets go of the interpreter."""
    source, target = (np.ones(size // 4, np.float32) for _ in range(2))
    blocks = max(1, size // _BLOCK)
    best = math.inf
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(passes):
            for ours, theirs in zip(np.array_split(source, blocks), np.array_split(target, blocks), strict=True):
                parts = list(zip(np.array_split(ours, threads), np.array_split(theirs, threads), strict=True))
                start = time.perf_counter()
                list(pool.map(lambda part: np.copyto(part[1], part[0]), parts))
                best = min(best, (time.perf_counter() - start) / ours.nbytes)
    return 2 / best / 1e9


def _onnx_product(left: AnyArray, right: AnyArray, threads: int) -> Callable[[], Any] | None:
    """The same product by onnxruntime, whose own multiplication may be faster; None without the package onnx."""
    try:
        onnx = require("onnx", extra="train", purpose="a matrix product by onnxruntime")
    except MissingExtraError:
        return None
    names = ("left", "right", "product")
    values = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, left.shape) for name in names]
    graph = onnx.helper.make_graph([onnx.helper.make_node("MatMul", names[:2], names[2:])], "product", values[:2], values[2:])
    # An old enough pair of versions for every onnxruntime that kohl allows.
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)
    session = session_of(model.SerializeToString(), threads)
    return lambda: session.run(None, {"left": left, "right": right})


def _best(call: Callable[[], Any], runs: int) -> float:
    """Seconds of the fastest of `runs` calls, after one that doesn't count."""
    call()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)
