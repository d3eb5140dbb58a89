"""Names for the arrays that travel through kohl; `docs/conventions.md` says what each one means."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float32]
"""Any float32 array."""

Image: TypeAlias = npt.NDArray[np.float32]
"""(H, W, 3) float32, RGB, sRGB-encoded, [0, 1]."""

LinearImage: TypeAlias = npt.NDArray[np.float32]
"""(H, W, 3) float32, RGB, linear light, [0, 1]."""

Mask: TypeAlias = npt.NDArray[np.float32]
"""(H, W) float32, soft, [0, 1]."""

Points: TypeAlias = npt.NDArray[np.float32]
"""(N, 2) float32, (x, y) in pixels; the centre of pixel i is i + 0.5."""

Points3: TypeAlias = npt.NDArray[np.float32]
"""(N, 3) float32, (x, y, z) in pixels; z grows away from the viewer."""

Matrix: TypeAlias = npt.NDArray[np.float32]
"""(2, 3) float32, `target_from_source`."""

IntArray: TypeAlias = npt.NDArray[np.int32]
"""Any int32 array: indices, vertex numbers."""

Box: TypeAlias = tuple[slice, slice]
"""Rows and columns of a picture, each with start and stop in pixels."""

AnyArray: TypeAlias = npt.NDArray[Any]
"""An array whose type is not ours yet: what comes in at the door."""
