"""What a learned look can be exported as, and how far each format may stray from the original."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Format(StrEnum):
    """What a learned look can be exported as."""

    ONNX = "onnx"
    ONNX_FP16 = "onnx-fp16"
    ONNX_INT8 = "onnx-int8"
    TFLITE = "tflite"
    COREML = "coreml"
    WEB = "web"


@dataclass(frozen=True, slots=True)
class Promise:
    """What a format keeps to. Differences are of the residual, in units of [0, 1]: one 8-bit step is 0.0039."""

    suffix: str
    """How a file of it ends; "" is a folder of any name."""
    largest: float
    """The largest difference of any value, on any test crop."""
    mean: float
    """The mean difference over all test crops."""


_STEP = 1 / 255
PROMISES = MappingProxyType(
    {
        Format.ONNX: Promise(".onnx", 1e-4, 1e-5),
        Format.ONNX_FP16: Promise(".onnx", _STEP, _STEP / 4),
        Format.ONNX_INT8: Promise(".onnx", 16 * _STEP, 2 * _STEP),
        Format.TFLITE: Promise(".tflite", 1e-3, 1e-4),
        Format.COREML: Promise(".mlpackage", 1e-3, 1e-4),
        Format.WEB: Promise("", 1e-4, 1e-5),
    }
)
"""Exact formats may differ in rounding. Half precision stays under what an 8-bit picture shows. Weights of 8 bits stray by a few
of its steps at single hard edges, by a thirtieth of one on the mean."""
