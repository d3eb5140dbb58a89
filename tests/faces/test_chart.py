import cv2
import numpy as np
import pytest

from drawn import draw, face_points
from kohl.faces.chart import build_field, vertex_normals
from kohl.faces.topology import load_topology
from kohl.faces.unrolling import ChartView
from kohl.geometry.triangles import signed_area

SIZE = (320, 280)
WINDOW = (0, 320, 0, 280)


@pytest.fixture(scope="module")
def field():
    return build_field(face_points(SIZE), WINDOW)


def test_the_field_finds_the_vertices_where_the_chart_has_them(field):
    topology = load_topology()
    points = face_points(SIZE)
    inner = [4, 50, 280, 151, 199, 61, 291, 105, 334]
    columns, rows = np.round(points[inner, :2] - 0.5).astype(int).T
    found = field.uv[rows, columns]
    np.testing.assert_allclose(found, topology.chart[inner], atol=0.01)


@pytest.mark.parametrize("yaw", [0, 25])
def test_to_the_chart_and_back(yaw):
    drawing = draw((360, 360), yaw=yaw)
    window = (0, 360, 0, 360)
    ramps = np.dstack(np.meshgrid(np.linspace(0, 1, 360), np.linspace(0, 1, 360))).astype(np.float32)
    view = ChartView.of(drawing.points, window, 512)
    texture, seen = view.unroll(ramps), view.seen
    field = build_field(drawing.points, window)
    back = field.sample(np.dstack([texture, seen]))
    sure = (field.facing > 0.95) & (back[..., 2] > 0.95)
    assert sure.sum() > 10_000
    # The nose hides a little of the cheek behind it; everywhere else a pixel comes back to its place.
    error = np.abs(back[..., :2] - ramps)[sure] * 360
    assert np.quantile(error, 0.97) < 1.0
    assert np.median(error) < 0.25


def test_chart_points_share_out_the_pixels_of_the_face(field):
    view = ChartView.of(face_points(SIZE), WINDOW, 192)
    assert float(view.areas.min()) >= 0
    assert float((view.areas * view.seen).sum()) == pytest.approx(float(field.facing.sum()), rel=0.1)
    some = np.flatnonzero(view.seen > 0.5)[::7]
    np.testing.assert_array_equal(view.areas_at(some), view.areas.ravel()[some])


def test_facing_is_a_mask_that_falls_off_towards_the_edge(field):
    assert field.facing.min() == 0
    assert field.facing.max() == 1
    points = face_points(SIZE)
    centre = points[4, :2].astype(int)
    assert field.facing[centre[1], centre[0]] == 1
    assert field.facing[0, 0] == 0


def test_the_field_ends_softly_above_the_forehead(field):
    """A bald head has no hairline to hide a seam."""
    column = field.facing[:, SIZE[1] // 2]
    rows = np.flatnonzero((column > 0.02) & (column < 0.98))
    top = rows[rows < SIZE[0] / 2]
    assert len(top) > 0.02 * SIZE[0]


def test_mirrored_mesh_gives_the_mirrored_field():
    right = build_field(face_points(SIZE, yaw=20), WINDOW)
    left = build_field(face_points(SIZE, yaw=-20), WINDOW)
    both = (right.facing > 0.5) & (left.facing[:, ::-1] > 0.5)
    flipped = left.uv[:, ::-1] * [-1, 1] + [1, 0]
    assert np.quantile(np.abs(right.uv - flipped)[both], 0.99) < 0.01


def test_normals_are_unit_and_look_at_the_viewer(field):
    rows, columns = np.indices(SIZE)
    normals = field.normals(rows.ravel(), columns.ravel()).reshape(*SIZE, 3)
    np.testing.assert_allclose(np.linalg.norm(normals, axis=-1), 1, atol=1e-3)
    assert normals[field.facing > 0.9][:, 2].min() > 0
    nose_left, nose_right = face_points(SIZE)[[280, 50], :2].astype(int)
    assert normals[nose_left[1], nose_left[0], 0] > 0 > normals[nose_right[1], nose_right[0], 0]


def test_a_pixels_normal_is_the_coarse_grids_there(field):
    grid = cv2.resize(field.coarse_normals, SIZE[::-1], interpolation=cv2.INTER_LINEAR)
    rows, columns = np.array([3, 101, 160, 300]), np.array([5, 77, 140, 279])
    expected = grid[rows, columns] / np.linalg.norm(grid[rows, columns], axis=1, keepdims=True)
    np.testing.assert_allclose(field.normals(rows, columns), expected, atol=0.02)


def test_the_reach_of_a_texture_holds_all_that_shows_of_it(field):
    texture = np.zeros((256, 256), np.float32)
    texture[100:112, 60:90] = 1
    rows, columns = field.reach(texture)
    shown = field.sample(texture, (slice(0, SIZE[0]), slice(0, SIZE[1])))
    assert shown.max() == 1
    assert (np.flatnonzero(shown.max(1))[[0, -1]] == np.clip(np.flatnonzero(shown.max(1))[[0, -1]], rows.start, rows.stop - 1)).all()
    assert (field.sample(texture) == shown).all()
    assert (rows.stop - rows.start) * (columns.stop - columns.start) < 0.2 * SIZE[0] * SIZE[1]
    assert field.reach(np.zeros_like(texture)) is None


def test_vertex_normals_of_the_mean_face_are_mirror_images():
    topology = load_topology()
    normals = vertex_normals(topology.extend(topology.shape))
    np.testing.assert_allclose(normals[topology.mirror] * [-1, 1, 1], normals, atol=1e-3)


def test_the_chart_is_whole_and_symmetric():
    topology = load_topology()
    area = signed_area(topology.chart[topology.triangles])
    assert (area > 0).all()
    np.testing.assert_allclose(topology.chart[topology.mirror] * [-1, 1] + [1, 0], topology.chart, atol=1e-5)
    assert topology.chart.min() > 0
    assert topology.chart.max() < 1


@pytest.mark.parametrize("window", [(100, 140, 90, 130), (0, 20, 0, 20), (150, 152, 100, 102)])
def test_a_window_of_part_of_the_face_or_none_of_it(window):
    part = build_field(face_points(SIZE), window)
    assert part.uv.shape == (window[1] - window[0], window[3] - window[2], 2)
    assert np.isfinite(part.uv).all()
    whole = build_field(face_points(SIZE), WINDOW)
    y0, y1, x0, x1 = window
    sure = (part.facing > 0.9) & (whole.facing[y0:y1, x0:x1] > 0.9)
    assert np.abs(part.uv - whole.uv[y0:y1, x0:x1])[sure].max(initial=0) < 0.02
