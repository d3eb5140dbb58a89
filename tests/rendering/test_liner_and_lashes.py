"""Lines: tapering, mirrored, hidden when the eye closes."""

from __future__ import annotations

import numpy as np
import pytest
from painting import drawn

from kohl.looks.layers import Lashes
from kohl.rendering.lines.brow_hairs import draw_brow_hairs
from kohl.rendering.lines.eye import eye_lines
from kohl.rendering.lines.lashes import draw_lashes
from kohl.rendering.lines.liner import draw_liner, draw_lower_liner


def right_half(mask: np.ndarray) -> np.ndarray:
    """The subject's right eye, which lies on the left of the picture."""
    return mask[:, : mask.shape[1] // 2]


def test_an_open_eye_and_a_closed_one():
    gaps = [eye_lines(drawn(eyes_open=amount)[1])[0].openness for amount in (1.0, 0.5, 0.0)]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[0] > 0.2
    assert gaps[2] < 0.03


def test_out_and_up_point_away_from_the_face():
    right, left = eye_lines(drawn()[1])
    assert right.out[0] < -0.9
    assert left.out[0] > 0.9
    assert right.up[1] < -0.9
    assert left.up[1] < -0.9


def test_the_line_tapers_towards_the_nose():
    face = drawn()[1]
    line = right_half(draw_liner(face, 0.6, 0.0, 28.0))
    columns = np.flatnonzero(line.max(0) > 0.1)
    thirds = np.array_split(line[:, columns].sum(0), 3)
    assert thirds[0].mean() > thirds[1].mean() > thirds[2].mean() > 0


@pytest.mark.parametrize("angle", [10.0, 28.0, 45.0])
def test_the_wing_ends_at_its_length_and_angle(angle):
    face = drawn()[1]
    eye = eye_lines(face)[0]
    line = right_half(draw_liner(face, 0.4, 0.8, angle))
    rows, columns = np.nonzero(line > 0.3)
    tip = np.array([columns.min() + 0.5, rows[columns == columns.min()].mean() + 0.5])
    way = tip - eye.upper[0]
    assert np.linalg.norm(way) == pytest.approx(0.5 * 0.8 * eye.width, rel=0.12)
    assert np.degrees(np.arctan2(way @ eye.up, way @ eye.out)) == pytest.approx(angle, abs=6)


def test_the_wing_narrows_to_its_tip():
    face = drawn()[1]
    eye = eye_lines(face)[0]
    line = right_half(draw_liner(face, 0.4, 0.9, 28.0))
    columns = np.flatnonzero(line.max(0) > 0.1)
    wing = line[:, columns[columns < eye.upper[0, 0]]].sum(0)
    assert wing[: len(wing) // 3].mean() < 0.5 * wing[-len(wing) // 3 :].mean()


def test_thicker_means_thicker_and_no_wing_means_none():
    face = drawn()[1]
    eye = eye_lines(face)[0]
    areas = [draw_liner(face, thickness, 0.0, 28.0).sum() for thickness in (0.0, 0.4, 1.0)]
    assert areas[0] < areas[1] < areas[2]
    assert np.flatnonzero(draw_liner(face, 0.4, 0.0, 28.0).max(0) > 0.1).min() > eye.upper[0, 0] - 0.06 * eye.width


def test_both_wings_are_mirror_images():
    line = draw_liner(drawn()[1], 0.5, 0.7, 28.0)
    assert np.abs(line - line[:, ::-1]).sum() < 0.06 * line.sum()


def test_a_closed_eye_has_no_lower_line_and_lashes_that_hang():
    face = drawn(eyes_open=0.0)[1]
    assert draw_lower_liner(face, 0.5, 1.0).max() == 0
    lashes = draw_lashes(face, Lashes(length=0.7, density=0.7, lower=0.0), 0)
    rows = np.nonzero(lashes > 0.2)[0]
    assert rows.mean() > eye_lines(face)[0].upper[:, 1].mean() + 1


def test_open_eyes_carry_their_lashes_up_and_a_fine_line_below():
    face = drawn()[1]
    upper = draw_lashes(face, Lashes(length=0.7, density=0.7, lower=0.0), 0)
    middle = eye_lines(face)[0]
    assert np.nonzero(upper > 0.2)[0].mean() < middle.upper[:, 1].mean()
    below = draw_lower_liner(face, 0.5, 1.0)
    assert 0 < below.sum() < 0.65 * draw_liner(face, 0.5, 0.0, 28.0).sum()
    assert draw_lower_liner(face, 0.5, 0.4).sum() < below.sum()


@pytest.mark.parametrize("pattern", ["natural", "winged", "wispy", "doll"])
def test_lashes_grow_with_length_and_are_mirrored_and_seeded(pattern):
    face = drawn()[1]
    short, long = (draw_lashes(face, Lashes(length=length, pattern=pattern), 3) for length in (0.2, 0.8))
    assert long.sum() > 1.5 * short.sum()
    assert (long == draw_lashes(face, Lashes(length=0.8, pattern=pattern), 3)).all()
    assert (long != draw_lashes(face, Lashes(length=0.8, pattern=pattern), 4)).any()
    soft = np.abs(long.sum(0) - long.sum(0)[::-1]).sum() / long.sum()
    assert soft < 0.35


def test_lashes_taper():
    face = drawn()[1]
    mask = right_half(draw_lashes(face, Lashes(length=1.0, density=0.5, lower=0.0), 0))
    rows = np.flatnonzero(mask.max(1) > 0.1)
    crown = mask[rows[0] : rows[0] + len(rows) // 4]
    middle = mask[rows[len(rows) // 2] : rows[3 * len(rows) // 4]]
    assert crown.max() < middle.max()


def test_brow_hairs_lie_in_the_brow_and_leave_gaps():
    face = drawn()[1]
    hairs = draw_brow_hairs(face, 0)
    points = face.local_points[:, :2]
    rows = np.nonzero(hairs > 0.3)[0]
    assert points[[105, 334], 1].min() - 12 < rows.min()
    assert rows.max() < points[[159, 386], 1].max()
    assert (hairs == draw_brow_hairs(face, 0)).all()
    inside = hairs[int(points[105, 1]) : int(points[52, 1]), int(points[105, 0]) - 8 : int(points[105, 0]) + 12]
    assert 0.05 < inside.mean() < 0.9
