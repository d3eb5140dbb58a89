"""LPIPS with AlexNet, from one safetensors file.

Zhang, Isola, Efros, Shechtman, Wang: "The unreasonable effectiveness of deep features as a perceptual metric" (CVPR 2018). The file holds
torchvision's AlexNet (`features.0.weight` …) and the paper's linear weights (`lin0.model.1.weight` …), both by their own names.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import numpy as np

from kohl.core.arrays import Image
from kohl.core.errors import MissingModelError
from kohl.core.extras import require
from kohl.evaluation.metrics.comparing import check_same_shape

_SHIFT, _SCALE = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)
"""The paper's scaling of pixels in [-1, 1]."""
_LAYERS = ((0, 4, 2, False), (3, 1, 2, True), (6, 1, 1, True), (8, 1, 1, False), (10, 1, 1, False))
"""Of every convolution: its number in torchvision's list, stride, padding, and whether pooling comes before it."""


class Lpips:
    """The network in the safetensors file at `path`. Raises MissingModelError for no such file or other contents, MissingExtraError without torch."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise MissingModelError(f"expected AlexNet's and LPIPS's weights in a safetensors file at {path}, and there is no such file")
        self._torch = require("torch", extra="train", purpose="LPIPS")
        weights = require("safetensors.torch", extra="train", purpose="LPIPS").load_file(str(path))
        wanted = [f"features.{layer[0]}.{part}" for layer in _LAYERS for part in ("weight", "bias")]
        wanted += [f"lin{number}.model.1.weight" for number in range(len(_LAYERS))]
        missing = [name for name in wanted if name not in weights]
        if missing:
            raise MissingModelError(f"expected torchvision's AlexNet and the weights of LPIPS in {path}, got a file without {', '.join(missing[:3])}")
        self._weights = weights

    def distance(self, first: Image, second: Image) -> float:
        """LPIPS of two (H, W, 3) sRGB pictures in [0, 1]. Range [0, ~1], lower is nearer, 0 for equal ones. Raises UsageError for other shapes."""
        check_same_shape(first, second)
        with self._torch.inference_mode():
            total = 0.0
            for number, (one, other) in enumerate(zip(self._features(first), self._features(second), strict=True)):
                apart = self._torch.nn.functional.conv2d((one - other) ** 2, self._weights[f"lin{number}.model.1.weight"])
                total += float(apart.mean())
        return total

    def _features(self, image: Image) -> list[Any]:
        """The five activations, each of unit length over its channels."""
        functional = self._torch.nn.functional
        shift, scale = (self._torch.tensor(values).reshape(1, 3, 1, 1) for values in (_SHIFT, _SCALE))
        signal = (self._torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1)[None])) * 2 - 1 - shift) / scale
        found = []
        for number, stride, padding, is_pooled in _LAYERS:
            signal = functional.max_pool2d(signal, 3, 2) if is_pooled else signal
            weight, bias = (self._weights[f"features.{number}.{part}"] for part in ("weight", "bias"))
            signal = functional.relu(functional.conv2d(signal, weight, bias, stride, padding))
            found.append(signal / ((signal**2).sum(1, keepdim=True) + 1e-8).sqrt())
        return found


@functools.lru_cache(maxsize=1)
def lpips(path: Path) -> Lpips:
    """The one at `path`, loaded once. Raises as `Lpips`."""
    return Lpips(path)
