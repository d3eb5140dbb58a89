"""A network alone, under onnxruntime on the CPU: how long one run takes."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from kohl.core.arrays import AnyArray
from kohl.core.errors import UsageError
from kohl.core.onnx_session import open_session
from kohl.evaluation.benchmark.timing import Repeats, measure, sample

_TYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(double)": np.float64}


def session_of(model: Path | bytes, threads: int) -> Any:
    """An onnxruntime session on the CPU with `threads` threads inside an operator. Raises UsageError where `model` is no ONNX network."""
    try:
        return open_session(model, threads=threads)
    except Exception as error:  # onnxruntime's own errors have no public base
        name = model.name if isinstance(model, Path) else "the network"
        reason = str(error).splitlines()[0]
        raise UsageError(f"{name} cannot be run ({reason}); give an ONNX network that onnxruntime {version('onnxruntime')} knows") from error


def inputs_of(session: Any, seed: int = 0) -> dict[str, AnyArray]:
    """Uniform noise in [0, 1] for every input. Raises UsageError for one without a fixed shape, or not of floats."""
    rng = np.random.default_rng(seed)
    inputs = {}
    for wanted in session.get_inputs():
        if wanted.type not in _TYPES or not all(isinstance(size, int) and size > 0 for size in wanted.shape):
            found = f"{wanted.name!r}: {wanted.type} {wanted.shape}"
            raise UsageError(f"expected inputs of floats with a fixed shape, got {found}; export the network with a fixed size")
        inputs[wanted.name] = rng.random(wanted.shape).astype(_TYPES[wanted.type])
    return inputs


def time_network(path: Path, *, threads: int, repeats: Repeats) -> dict[str, Any]:
    """Load and run the ONNX file `path` once cold ("cold_ms", loading included), then warm ("timing"). Raises UsageError as above."""
    made: list[Any] = []
    cold = sample(lambda: made.append(session_of(path, threads)))
    session = made[0]
    inputs = inputs_of(session)
    cold += sample(lambda: session.run(None, inputs))
    return {"cold_ms": cold.wall, "timing": vars(measure(lambda: session.run(None, inputs), repeats, collects=False))}
