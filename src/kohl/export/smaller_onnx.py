"""A learned look as a smaller ONNX file: half precision, or whole numbers of 8 bits. Input and output stay float32, the card stays inside."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kohl.core.arrays import FloatArray
from kohl.core.extras import require
from kohl.core.silence import without_warnings

_PURPOSE = "making ONNX files smaller"


def half_precision(data: bytes) -> bytes:
    """The same network with weights and steps in float16. Raises MissingExtraError without onnx."""
    onnx = require("onnx", extra="train", purpose=_PURPOSE)
    float16 = require("onnxruntime.transformers.float16", extra="train", purpose=_PURPOSE)
    with without_warnings("onnxruntime.transformers"):
        model = float16.convert_float_to_float16(onnx.load_from_string(data), keep_io_types=True)
    return _with_papers(model, data)


def whole_numbers(data: bytes, crops: FloatArray) -> bytes:
    """The same network with its convolutions in 8 bits: QDQ, weights channel by channel, ranges measured on `crops` (N, 1, 3, 256, 256).

    Weights use 7 of their 8 bits, so that processors without VNNI, whose sums of 8-bit products can overflow, give the same numbers.
    Raises MissingExtraError without onnx.
    """
    onnx = require("onnx", extra="train", purpose=_PURPOSE)
    quantization = require("onnxruntime.quantization", extra="train", purpose=_PURPOSE)
    prepare = require("onnxruntime.quantization.shape_inference", extra="train", purpose=_PURPOSE).quant_pre_process
    with tempfile.TemporaryDirectory(prefix="kohl-") as folder, without_warnings("root"):
        whole, prepared, small = (Path(folder) / f"{name}.onnx" for name in ("whole", "prepared", "small"))
        whole.write_bytes(data)
        prepare(whole, prepared, skip_symbolic_shape=True)
        quantization.quantize_static(
            prepared,
            small,
            _Calibration(crops),
            op_types_to_quantize=["Conv"],
            per_channel=True,
            reduce_range=True,
            activation_type=quantization.QuantType.QUInt8,
            weight_type=quantization.QuantType.QInt8,
        )
        return _with_papers(onnx.load(small), data)


class _Calibration:
    """Crops as onnxruntime's calibration reads them: one after another, None at the end."""

    def __init__(self, crops: FloatArray) -> None:
        self._crops: Iterator[FloatArray] = iter(crops)

    def get_next(self) -> dict[str, FloatArray] | None:
        """The next crop."""
        crop = next(self._crops, None)
        return None if crop is None else {"crop": crop}


def _with_papers(model: Any, original: bytes) -> bytes:
    """The model's bytes with the original's metadata, the card among it."""
    onnx = require("onnx", extra="train", purpose=_PURPOSE)
    papers = {entry.key: entry.value for entry in onnx.load_from_string(original).metadata_props}
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, papers)
    smaller: bytes = model.SerializeToString()
    return smaller
