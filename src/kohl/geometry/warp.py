"""Pictures and masks through a matrix, with OpenCV. Its pixel centres lie at whole numbers, ours at halves; that is settled here, once."""

from __future__ import annotations

import math
from enum import IntEnum

import cv2
import numpy as np

from kohl.core.arrays import AnyArray, FloatArray, Image, Mask, Matrix
from kohl.core.checks import check_matrix, check_size
from kohl.core.errors import UsageError
from kohl.geometry.affine import compose, invert, scale_of, scaling, translation

_LONGEST_SIDE = 32_766
"""OpenCV counts rows and columns in 16 bits when it warps."""


class Interpolation(IntEnum):
    """How to look between pixels."""

    NEAREST = cv2.INTER_NEAREST
    LINEAR = cv2.INTER_LINEAR
    CUBIC = cv2.INTER_CUBIC


class Border(IntEnum):
    """What lies beyond the source's edge."""

    ZERO = cv2.BORDER_CONSTANT
    EDGE = cv2.BORDER_REPLICATE
    MIRROR = cv2.BORDER_REFLECT_101


def warp_image(
    image: Image,
    target_from_source: Matrix,
    size: tuple[int, int],
    *,
    interpolation: Interpolation = Interpolation.LINEAR,
    border: Border = Border.EDGE,
) -> Image:
    """Carry an image through a matrix. Where it shrinks to less than half, it is averaged down first, so fine detail can't alias.

    Parameters
    ----------
    image
        (H, W, C) or (H, W) float32, C at most 4.
    target_from_source
        (2, 3), continuous pixel coordinates.
    size
        (h, w) of the result.
    interpolation
        OpenCV places samples to 1/32 of a pixel.
    border
        What the result shows where it looks beyond the source.

    Returns
    -------
    (h, w, C) or (h, w) float32; CUBIC may overshoot the source's range a little.

    Raises
    ------
    UsageError
        The matrix flattens the plane, the size is not one, or a side is longer than OpenCV counts.
    """
    check_matrix(target_from_source, name="target_from_source")
    check_size(size)
    longest = max(*image.shape[:2], *size)
    if longest > _LONGEST_SIDE:
        raise UsageError(f"the sides of a warped picture must be at most {_LONGEST_SIDE} pixels, got {longest}; warp a part of it")
    source, target_from_shrunken = image, target_from_source
    if interpolation is not Interpolation.NEAREST:
        source, target_from_shrunken = _shrink(image, target_from_source, size)
    flags = int(interpolation) | cv2.WARP_INVERSE_MAP
    # OpenCV's coordinates are ours minus a half, on both sides.
    whole_from_target = compose(translation(-0.5, -0.5), invert(target_from_shrunken), translation(0.5, 0.5))
    height, width = size
    warped: FloatArray = cv2.warpAffine(source, whole_from_target, (width, height), flags=flags, borderMode=int(border))
    return warped


def warp_mask(mask: Mask, target_from_source: Matrix, size: tuple[int, int]) -> Mask:
    """Carry a soft mask, (H, W) float32 [0, 1], to (h, w) of `size`; nothing lies beyond its edge. Raises as `warp_image`."""
    return warp_image(mask, target_from_source, size, border=Border.ZERO)


def resize(image: Image, size: tuple[int, int]) -> Image:
    """An (H, W, C) or (H, W) float32 picture at another `size` (h, w): averaged where it shrinks, linear where it grows.

    Raises UsageError where the size is not one.
    """
    check_size(size)
    height, width = size
    shrinks = height < image.shape[0] or width < image.shape[1]
    resized: FloatArray = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return resized


def _shrink(image: AnyArray, target_from_source: Matrix, size: tuple[int, int]) -> tuple[AnyArray, Matrix]:
    """(what the target sees of the image, averaged by a whole factor that leaves it at least as fine as the target; its matrix)."""
    factor = int(1 / max(scale_of(target_from_source), 1e-6))
    if factor < 2:
        return image, target_from_source
    left, top, right, bottom = _seen(invert(target_from_source), size, image.shape[:2], margin=2 * factor)
    rows, columns = _in_whole_steps(top, bottom, image.shape[0], factor), _in_whole_steps(left, right, image.shape[1], factor)
    top, left = rows.start, columns.start
    part = image[rows, columns]
    height, width = max(1, part.shape[0] // factor), max(1, part.shape[1] // factor)
    shrunken = resize(np.ascontiguousarray(part), (height, width))
    across, down = width / part.shape[1], height / part.shape[0]
    shrunken_from_source = compose(scaling(across, down), translation(-left, -top))
    return shrunken, compose(target_from_source, invert(shrunken_from_source))


def _in_whole_steps(first: int, last: int, size: int, step: int) -> slice:
    """`first` to `last` of `size`, cut to a multiple of `step` where there is room: averaging whole numbers of pixels takes a quarter of the time."""
    # At the edge of a picture that is hardly looked at there may be less than a step.
    spare = (last - first) % step if last - first > step else 0
    if last < size:
        return slice(first, last - spare)
    return slice(first + spare, last) if first > 0 else slice(first, last)


def _seen(source_from_target: Matrix, size: tuple[int, int], source_size: tuple[int, ...], *, margin: int) -> tuple[int, int, int, int]:
    """The box (x0, y0, x1, y1) of the source that the target looks at, with a margin, at least a pixel large."""
    height, width = size
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]]) @ source_from_target.T.astype(np.float64)
    low, high = corners.min(axis=0) - margin, corners.max(axis=0) + margin
    left, top = (int(np.clip(math.floor(low[i]), 0, source_size[1 - i] - 1)) for i in (0, 1))
    right, bottom = (int(np.clip(math.ceil(high[i]), (left, top)[i] + 1, source_size[1 - i])) for i in (0, 1))
    return left, top, right, bottom
