"""Lines: tapering, mirrored, hidden when the eye closes."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from painting import drawn

from kohl.faces import landmarks
from kohl.faces.contours import at_shares
from kohl.faces.face import Face
from kohl.looks.layers import Lashes
from kohl.rendering.lines import lashes as lash_lines
from kohl.rendering.lines.brow_hairs import draw_brow_hairs
from kohl.rendering.lines.eye import EyeLines, eye_lines
from kohl.rendering.lines.lashes import draw_lashes
from kohl.rendering.lines.liner import draw_liner, draw_lower_liner


def right_half(mask: np.ndarray) -> np.ndarray:
    """The subject's right eye, which lies on the left of the picture."""
    return mask[:, : mask.shape[1] // 2]


def places(mask: np.ndarray, eye: EyeLines) -> tuple[np.ndarray, np.ndarray]:
    """(h, w) how far every pixel of a mask lies out of the eye's outer corner, and above it."""
    rows, columns = np.indices(mask.shape)
    way = np.stack([columns + 0.5, rows + 0.5], -1) - eye.upper[0]
    return way @ eye.out, way @ eye.up


def looking_down(face: Face, by: float) -> Face:
    """The same face with both lids of both eyes lowered, by so many eye widths: the slit between them stays."""
    points = face.points.copy()
    for upper, lower in ((landmarks.RIGHT_LID_UPPER, landmarks.RIGHT_LID_LOWER), (landmarks.LEFT_LID_UPPER, landmarks.LEFT_LID_LOWER)):
        width = np.linalg.norm(points[upper[0]] - points[upper[-1]])
        points[np.concatenate([upper[1:-1], lower[1:-1]]), 1] += by * width
    return dataclasses.replace(face, points=points)


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


@pytest.mark.parametrize(("wing", "angle"), [(0.0, 28.0), (0.2, 8.0), (0.4, 28.0), (1.0, 24.0)])
def test_nothing_of_a_line_hangs_below_the_outer_corner(wing, angle):
    face = drawn(side=640)[1]
    line = draw_liner(face, 1.0, wing, angle)
    for eye in eye_lines(face):
        out, up = places(line, eye)
        assert line[(out > -0.1 * eye.width) & (out < eye.width) & (up < -1)].max() < 0.05


def test_a_wing_has_a_body_also_on_a_closed_lid():
    """An open lid's arch fills the wedge between line and wing; a closed one has none."""
    for eyes_open in (1.0, 0.0):
        face = drawn(eyes_open=eyes_open, side=640)[1]
        eye = eye_lines(face)[0]
        line = draw_liner(face, 0.75, 1.0, 24.0)
        out, up = places(line, eye)
        middle = (np.abs(out - 0.2 * eye.width) < 0.5) & (np.abs(up) < eye.width)
        assert line[middle].sum() > 0.03 * eye.width


def test_a_turned_head_narrows_the_eye_and_leaves_the_line_its_height():
    far, near = eye_lines(drawn(yaw=40.0)[1])
    far, near = sorted((far, near), key=lambda eye: eye.width)
    assert far.width < 0.8 * near.width
    assert far.size == pytest.approx(near.size, rel=0.02)
    assert far.opening == pytest.approx(near.opening, rel=0.1)


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


def test_lashes_are_curved(monkeypatch):
    drawn_curves = []
    outlines = lash_lines.stroke_outlines
    monkeypatch.setattr(lash_lines, "stroke_outlines", lambda curves, widths: drawn_curves.append(curves) or outlines(curves, widths))
    draw_lashes(drawn()[1], Lashes(length=0.8, lower=0.0), 0)
    curves = np.concatenate(drawn_curves)
    chord = curves[:, -1] - curves[:, 0]
    way = curves[:, 3] - curves[:, 0]
    bow = np.abs(chord[:, 0] * way[:, 1] - chord[:, 1] * way[:, 0]) / (chord**2).sum(1)
    assert np.median(bow) > 0.04


@pytest.mark.parametrize("pattern", ["natural", "winged", "wispy"])
def test_the_longest_lashes_stand_over_the_outer_third(pattern):
    share = np.linspace(0, 0.9, 46)
    long = lash_lines._profile(pattern, share, np.zeros(46, np.int64))
    assert share[long.argmax()] < 1 / 3
    assert long[-1] < 0.5 * long.max()


def test_roots_leave_no_skin_between_full_lashes():
    face = drawn(side=640)[1]
    eye = eye_lines(face)[0]
    mask = draw_lashes(face, Lashes(length=0.6, density=0.7, lower=0.0), 0)
    root = at_shares(eye.upper, np.linspace(0.1, 0.8, 80)) + 0.5 * eye.up
    assert mask[root[:, 1].astype(int), root[:, 0].astype(int)].min() > 0.35


def test_lashes_of_a_small_face_are_a_soft_fringe():
    """No pixel beyond the roots stands out from its neighbours like a stick."""
    face = drawn(side=160)[1]
    mask = right_half(draw_lashes(face, Lashes(length=0.6, density=0.5, lower=0.0), 0))
    fringe = mask[: int(eye_lines(face)[0].upper[:, 1].min()) - 1]
    assert fringe.max() > 0.05
    assert np.abs(np.diff(fringe, axis=1)).max() < 0.35


def test_lashes_of_a_turned_heads_far_eye_are_no_shorter():
    face = drawn(yaw=40.0, side=640)[1]
    mask = draw_lashes(face, Lashes(length=0.6, density=0.6, lower=0.0, pattern="doll"), 0)
    heights = []
    for eye in eye_lines(face):
        out, up = places(mask, eye)
        at_eye = (out > -eye.width) & (out < 0)
        heights.append(up[at_eye & (mask > 0.3)].max() - ((eye.upper - eye.upper[0]) @ eye.up).max())
    assert min(heights) > 0.75 * max(heights)


def test_lashes_hang_where_the_lid_hangs_even_over_an_open_slit():
    face = looking_down(drawn(eyes_open=0.5)[1], 0.16)
    eye = eye_lines(face)[0]
    assert eye.opening > 0.12
    mask = right_half(draw_lashes(face, Lashes(length=0.7, density=0.7, lower=0.0), 0))
    middle = [np.nonzero(mask[:, round(x)] > 0.2)[0].mean() - y for x, y in eye.upper[24:40]]
    assert np.mean(middle) > 1


def test_lower_lashes_fade_as_the_eye_closes():
    """A row that is there in one frame of a film and gone in the next would flicker."""
    inks = []
    for eyes_open in (0.5, 0.32, 0.28, 0.24, 0.0):
        face = drawn(eyes_open=eyes_open)[1]
        without, with_lower = (draw_lashes(face, Lashes(length=0.2, density=0.5, lower=lower), 0).sum() for lower in (0.0, 1.0))
        inks.append(with_lower - without)
    assert inks == sorted(inks, reverse=True)
    assert inks[-1] == 0
    assert 0.05 * inks[0] < inks[2] < 0.8 * inks[0]


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
