"""Validators for the public borders; each raises UsageError with what was expected, what came, and what to do."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import AnyArray
from kohl.core.errors import UsageError


def check_image(image: object, *, name: str = "image") -> None:
    """Require a float32 (H, W, 3) array with finite values in [0, 1], H and W at least 1. Raises UsageError."""
    array = _check_float_array(image, name)
    if array.ndim != 3 or array.shape[2] != 3 or array.size == 0:
        raise UsageError(f"{name} must have the shape (H, W, 3), got {array.shape}; open it with kohl.core.images.open_image")
    check_unit_range(array, name=name)


def check_mask(mask: object, *, size: tuple[int, int] | None = None, name: str = "mask") -> None:
    """Require a float32 (H, W) array with finite values in [0, 1], of `size` (h, w) where one is given. Raises UsageError."""
    array = _check_float_array(mask, name)
    if array.ndim != 2 or array.size == 0:
        raise UsageError(f"{name} must have the shape (H, W), got {array.shape}; drop or add axes")
    if size is not None and array.shape != size:
        raise UsageError(f"{name} must be of size (h, w) = {size}, got {array.shape}; resize it to its image")
    check_unit_range(array, name=name)


def check_points(points: object, *, name: str = "points") -> None:
    """Require an (N, 2) array of finite numbers, (x, y) in pixels. Raises UsageError."""
    if not isinstance(points, np.ndarray) or points.ndim != 2 or points.shape[1] != 2:
        raise UsageError(f"{name} must be an array of shape (N, 2), (x, y) in pixels, got {_describe(points)}")
    if not np.isfinite(points).all():
        raise UsageError(f"{name} must be finite, got NaN or infinity at {_first(~np.isfinite(points))}; remove those points")


def check_matrix(matrix: object, *, name: str = "matrix") -> None:
    """Require a finite (2, 3) array, target_from_source. Raises UsageError."""
    if not isinstance(matrix, np.ndarray) or matrix.shape != (2, 3):
        raise UsageError(f"{name} must be an array of shape (2, 3), target_from_source, got {_describe(matrix)}")
    if not np.isfinite(matrix).all():
        raise UsageError(f"{name} must be finite, got NaN or infinity at {_first(~np.isfinite(matrix))}")


def check_size(size: tuple[int, int], *, name: str = "size") -> None:
    """Require (h, w), both whole and at least 1. Raises UsageError."""
    if len(size) != 2 or any(not isinstance(side, int | np.integer) or side < 1 for side in size):
        raise UsageError(f"{name} must be (h, w) in whole pixels of at least 1, got {size!r}")


def check_unit(value: float, *, name: str) -> float:
    """Return `value` as a float in [0, 1]. Raises UsageError where it is not one."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise UsageError(f"{name} must be a number from 0 to 1, got {value!r}") from None
    if not 0.0 <= number <= 1.0:
        raise UsageError(f"{name} must be from 0 to 1, got {value!r}")
    return number


_BITS_OF_ONE = np.float32(1).view(np.uint32)
"""Floats from 0 to 1 lie in the order of their bits, below all others: one pass tells whether there are any others."""


def check_unit_range(array: AnyArray, *, name: str, slack: float = 0.0) -> None:
    """Require every value of a float array to be finite and in [0, 1] (± `slack`). Raises UsageError that says where not.

    Min and max are two quick passes and NaN goes through both; the place is searched for only when something is wrong.
    """
    if array.dtype == np.float32 and array.flags.c_contiguous and array.view(np.uint32).max() <= _BITS_OF_ONE:
        return
    low, high = float(array.min()), float(array.max())
    if low >= -slack and high <= 1.0 + slack:
        return
    outside = ~((array >= -slack) & (array <= 1.0 + slack))
    place = _first(outside)
    hint = "divide by 255 or pass uint8" if np.isfinite(high) and high > 2.0 else "clip it or repair it first"
    raise UsageError(f"{name} must be finite and in [0, 1], got {array[place]!s} at index {place} ({int(outside.sum())} such values); {hint}")


def _check_float_array(value: object, name: str) -> AnyArray:
    if not isinstance(value, np.ndarray) or value.dtype != np.float32:
        raise UsageError(f"{name} must be a float32 array, got {_describe(value)}; convert it with kohl.core.images.open_image")
    return value


def _describe(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype} and shape {value.shape}"
    return f"{type(value).__name__}"


def _first(wrong: AnyArray) -> tuple[int, ...]:
    """The index of the first True."""
    return tuple(int(i) for i in np.unravel_index(int(wrong.argmax()), wrong.shape))
