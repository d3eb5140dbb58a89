"""2×3 matrices, named `target_from_source`, that carry continuous points (x, y): pixel i covers [i, i + 1), its centre is i + 0.5.

Read right to left, names cancel: ``compose(target_from_crop, crop_from_image)`` is ``target_from_image``. Matrices are stored as float32
and computed in float64; on a 4,096-pixel picture that leaves errors under a thousandth of a pixel.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from kohl.core.arrays import AnyArray, Matrix, Points
from kohl.core.checks import check_matrix, check_points, check_size
from kohl.core.errors import UsageError


def identity() -> Matrix:
    """The (2, 3) matrix that leaves every point where it is."""
    return np.eye(2, 3, dtype=np.float32)


def translation(x: float, y: float) -> Matrix:
    """The (2, 3) matrix that moves points by (x, y) pixels."""
    return _matrix([[1.0, 0.0, x], [0.0, 1.0, y]])


def scaling(x: float, y: float | None = None) -> Matrix:
    """The (2, 3) matrix that scales about the origin, the outer corner of the first pixel; by `x` both ways where `y` is not given."""
    return _matrix([[x, 0.0, 0.0], [0.0, x if y is None else y, 0.0]])


def rotation(degrees: float, *, about: tuple[float, float] = (0.0, 0.0)) -> Matrix:
    """The (2, 3) matrix that turns by `degrees`, counter-clockwise as seen (y grows downwards), about a point (x, y) in pixels."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x, y = about
    return _matrix([[cos, sin, x - cos * x - sin * y], [-sin, cos, y + sin * x - cos * y]])


def compose(*matrices: Matrix) -> Matrix:
    """The (2, 3) matrix that applies the last of `matrices` first: ``compose(c_from_b, b_from_a)`` is ``c_from_a``.

    Raises UsageError where one of them is not a finite (2, 3) matrix.
    """
    product = np.eye(3)
    for matrix in matrices:
        check_matrix(matrix)
        product = product @ _square(matrix)
    return _matrix(product[:2])


def invert(target_from_source: Matrix) -> Matrix:
    """`source_from_target`, (2, 3). Raises UsageError where the matrix flattens the plane to a line or a point."""
    check_matrix(target_from_source, name="target_from_source")
    square = _square(target_from_source)
    if abs(np.linalg.det(square)) < 1e-12:
        raise UsageError(f"target_from_source cannot be inverted, it flattens the plane: {target_from_source.tolist()}")
    # Not numpy's: LAPACK wakes its threads even for this, see `kohl.core.products`.
    return _matrix(cv2.invertAffineTransform(square[:2]))


def apply(target_from_source: Matrix, points: Points) -> Points:
    """Carry (N, 2) points, (x, y) in pixels of the source, to (N, 2) float32 points in pixels of the target.

    Raises UsageError where the matrix or the points have another shape or are not finite.
    """
    check_matrix(target_from_source, name="target_from_source")
    check_points(points)
    carried = points.astype(np.float64) @ target_from_source[:, :2].T.astype(np.float64) + target_from_source[:, 2]
    return carried.astype(np.float32)


def scale_of(target_from_source: Matrix) -> float:
    """How many target pixels one source pixel is long: the root of the area's growth."""
    check_matrix(target_from_source, name="target_from_source")
    return math.sqrt(abs(float(np.linalg.det(target_from_source[:, :2].astype(np.float64)))))


def crop_from_box(box: tuple[float, float, float, float], size: tuple[int, int]) -> Matrix:
    """`crop_from_image`, (2, 3): the box (x0, y0, x1, y1, half-open, in image pixels) fills a crop of `size` (h, w).

    Raises UsageError where the box has no area or the size is not one.
    """
    check_size(size)
    x0, y0, x1, y1 = box
    if not (x1 > x0 and y1 > y0):
        raise UsageError(f"box must be (x0, y0, x1, y1) with x1 > x0 and y1 > y0, got {box}")
    height, width = size
    across, down = width / (x1 - x0), height / (y1 - y0)
    return _matrix([[across, 0.0, -across * x0], [0.0, down, -down * y0]])


def similarity_from_points(source: Points, target: Points) -> Matrix:
    """`target_from_source`, (2, 3): the turn, scale and move, never a mirror image, that brings `source` nearest to `target`.

    Least squares over all points: Umeyama 1991, "Least-squares estimation of transformation parameters between two point patterns",
    which in the plane is one complex division.

    Parameters
    ----------
    source, target
        (N, 2), (x, y) in pixels, point by point; N at least 2.

    Raises
    ------
    UsageError
        The counts differ or are under 2, or all source points are one.
    """
    _check_pairs(source, target, fewest=2)
    a, b = source @ np.array([1, 1j]), target @ np.array([1, 1j])
    spread = a - a.mean()
    energy = float((np.abs(spread) ** 2).sum())
    if energy < 1e-12:
        raise UsageError(f"source points must not all be one point, got {source[0].tolist()} {len(source)} times")
    turn = complex((np.conj(spread) * (b - b.mean())).sum() / energy)
    move = complex(b.mean() - turn * a.mean())
    return _matrix([[turn.real, -turn.imag, move.real], [turn.imag, turn.real, move.imag]])


def affine_from_points(source: Points, target: Points) -> Matrix:
    """`target_from_source`, (2, 3): the affine map that brings `source` nearest to `target` in least squares; exact for three points.

    Parameters
    ----------
    source, target
        (N, 2), (x, y) in pixels, point by point; N at least 3.

    Raises
    ------
    UsageError
        The counts differ or are under 3, or the source points lie on one line.
    """
    _check_pairs(source, target, fewest=3)
    columns = np.column_stack([source, np.ones(len(source))]).astype(np.float64)
    solution, _, rank, _ = np.linalg.lstsq(columns, target.astype(np.float64), rcond=None)
    if rank < 3:
        raise UsageError("source points must not lie on one line; give three that span a triangle")
    return _matrix(solution.T)


def _check_pairs(source: Points, target: Points, *, fewest: int) -> None:
    check_points(source, name="source")
    check_points(target, name="target")
    if len(source) != len(target) or len(source) < fewest:
        raise UsageError(f"source and target must be {fewest} or more points each, as many here as there, got {len(source)} and {len(target)}")


def _square(matrix: Matrix) -> AnyArray:
    return np.vstack([matrix.astype(np.float64), [0.0, 0.0, 1.0]])


def _matrix(rows: AnyArray | list[list[float]]) -> Matrix:
    return np.array(rows, dtype=np.float32)
