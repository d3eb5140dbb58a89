"""Videos that were filmed upside down or on their side stand upright."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.video.orientation import Turn

ONE = 1 << 16
PLANE = np.arange(6).reshape(2, 3)
# What the matrix (a, b, c, d) does to the plane; the rotations are counter-clockwise.
TURNS = {
    "upright": ((1, 0, 0, 1), PLANE),
    "90": ((0, -1, 1, 0), np.rot90(PLANE)),
    "180": ((-1, 0, 0, -1), np.rot90(PLANE, 2)),
    "270": ((0, 1, -1, 0), np.rot90(PLANE, 3)),
    "mirrored": ((-1, 0, 0, 1), PLANE[:, ::-1]),
    "flipped": ((1, 0, 0, -1), PLANE[::-1]),
    "transposed": ((0, 1, 1, 0), PLANE.T),
}


@pytest.mark.parametrize("name", TURNS)
def test_matrices(name: str):
    (a, b, c, d), expected = TURNS[name]
    turn = Turn.of([a * ONE, b * ONE, 0, c * ONE, d * ONE, 0, 0, 0, 1 << 30])
    assert (turn.apply(PLANE) == expected).all()
    assert turn.apply(PLANE).flags.c_contiguous
    assert turn.is_none == (name == "upright")


@pytest.mark.parametrize("matrix", [None, [], [1, 2, 3]])
def test_no_matrix_turns_nothing(matrix: list[int] | None):
    assert Turn.of(matrix).is_none


def test_an_odd_angle_is_rounded_to_a_quarter():
    cos, sin = round(np.cos(np.radians(80)) * ONE), round(np.sin(np.radians(80)) * ONE)
    assert Turn.of([cos, -sin, 0, sin, cos, 0, 0, 0, 1 << 30]) == Turn.of([0, -ONE, 0, ONE, 0, 0, 0, 0, 1 << 30])
