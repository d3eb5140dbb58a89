"""A network in an ONNX file that turns one square of pixels into one vector: a face recogniser, or Inception for FID."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np

from kohl.core.arrays import FloatArray, Image
from kohl.core.errors import MissingModelError
from kohl.core.onnx_session import open_session
from kohl.evaluation.backbones.crops import as_batch


class OnnxNetwork:
    """The ONNX file at `path`, with one input (1, 3, S, S), RGB in [-1, 1], and a first output whose values are the vector.

    `usual_side`: S where the file leaves it open. Raises MissingModelError when there is no such file or it asks for something else.
    """

    def __init__(self, path: Path, usual_side: int) -> None:
        if not path.is_file():
            raise MissingModelError(f"expected an ONNX file at {path}, and there is no such file; give the path of one")
        try:
            self._session = open_session(path, threads=0)
        except Exception as error:  # onnxruntime's errors share no base of their own
            raise MissingModelError(f"expected a network in {path}, got a file that onnxruntime refuses: {error}") from error
        given = self._session.get_inputs()[0]
        if len(given.shape) != 4 or given.shape[1] not in (3, "C", "channels"):
            raise MissingModelError(f"expected a network with an input of shape (1, 3, S, S) in {path}, got {given.shape}; export it so")
        self._input = given.name
        self.side = given.shape[2] if isinstance(given.shape[2], int) else usual_side

    def vector(self, pixels: Image) -> FloatArray:
        """(D,) of one square, (S, S, 3) sRGB in [0, 1], with S = `side`."""
        half = (0.5, 0.5, 0.5)
        return np.asarray(self._session.run(None, {self._input: as_batch(pixels, half, half)})[0], np.float32).ravel()


@functools.lru_cache(maxsize=4)
def onnx_network(path: Path, usual_side: int) -> OnnxNetwork:
    """The one at `path`, loaded once. Raises as `OnnxNetwork`."""
    return OnnxNetwork(path, usual_side)
