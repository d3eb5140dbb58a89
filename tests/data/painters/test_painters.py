"""What every painter owes: a style that stays, its own masks and nothing beyond, and independence from our renderer."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

from drawn import SKINS, FixedDetector, draw, mirror
from kohl.core.arrays import AnyArray, Image
from kohl.core.errors import UnknownNameError
from kohl.data import painters
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.geometry.warp import warp_image
from kohl.methods.tinybeauty.crop import CROP_SIDE, crop_from_image

SOURCES = sorted(Path(painters.__file__).parent.glob("*.py"))
ALL = (*painters.INDEPENDENT, "procedural.plum-evening")


def face_of(image: Image, points: AnyArray) -> Face:
    return Analyzer(detector=FixedDetector(points)).analyze(image)[0]


def doing_nothing(before: Image, after: Image, face: Face) -> float:
    """PSNR in dB on the network's crop."""
    crops = [warp_image(image, crop_from_image(face.box), (CROP_SIDE, CROP_SIDE)) for image in (before, after)]
    return float(-10 * np.log10(np.mean((crops[0] - crops[1]) ** 2)))


def test_names_are_created_and_know_themselves():
    assert set(painters.INDEPENDENT) == {"airbrush", "histogram", "inks", "lab_brush"}
    assert painters.names()[:4] == painters.INDEPENDENT
    for name in ALL:
        painter = painters.create(name)
        assert isinstance(painter, painters.Painter)
        assert painter.name == name


def test_an_unknown_painter_names_the_nearest():
    with pytest.raises(UnknownNameError, match="lab_brush"):
        painters.create("lab_bruch")
    with pytest.raises(UnknownNameError, match=r"procedural\.smoky-eye"):
        painters.create("procedural.smokey-eye")


@pytest.mark.parametrize("path", [path for path in SOURCES if path.stem not in ("__init__", "rendered")], ids=lambda path: path.stem)
def test_artists_share_nothing_with_the_renderer(path: Path):
    imports = [node.module or "" for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
    assert imports
    assert not [name for name in imports if name.startswith(("kohl.rendering", "kohl.reading", "kohl.methods", "kohl.faces.chart"))]
    assert "uv" not in path.read_text().split()


@pytest.mark.parametrize("name", ALL)
def test_paints_the_same_face_the_same_way(name: str, drawn_image: Image, drawn_face: Face):
    first, again = (painters.create(name).paint(drawn_image, drawn_face) for _ in range(2))
    assert first.dtype == np.float32
    assert first.shape == drawn_image.shape
    assert first.min() >= 0
    assert first.max() <= 1
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize("name", painters.INDEPENDENT)
def test_strength_is_that_of_an_evening_look(name: str, drawn_image: Image, drawn_face: Face):
    painted = painters.create(name).paint(drawn_image, drawn_face)
    assert 27 < doing_nothing(drawn_image, painted, drawn_face) < 36


@pytest.mark.parametrize("name", painters.INDEPENDENT)
@pytest.mark.parametrize("skin", SKINS)
def test_eyes_teeth_hair_and_background_stay_bit_for_bit(name: str, skin: str):
    drawing = draw((384, 384), skin=SKINS[skin], mouth_open=0.8)
    face = face_of(drawing.image, drawing.points)
    painted = painters.create(name).paint(drawing.image, face)
    same = (painted == drawing.image).all(2)
    local = np.zeros_like(same)
    local[face.window_slices] = (face.masks.eyes > 0.999) | (face.masks.mouth > 0.999) | (face.masks.clear < 1e-3)
    assert local.sum() > 1000
    assert same[local].all()
    assert same[drawing.head < 0.01].mean() > 0.995
    outside = np.ones_like(same)
    outside[face.window_slices] = False
    assert same[outside].all()
    assert not same[drawing.lips > 0.9].any()


@pytest.mark.parametrize("name", painters.INDEPENDENT)
def test_forehead_and_chin_are_left_alone(name: str, drawn_image: Image, drawn_face: Face):
    painted = painters.create(name).paint(drawn_image, drawn_face)
    for number in (151, 199):
        x, y = drawn_face.points[number, :2].astype(int)
        np.testing.assert_array_equal(painted[y - 4 : y + 4, x - 4 : x + 4], drawn_image[y - 4 : y + 4, x - 4 : x + 4])


@pytest.mark.parametrize("name", painters.INDEPENDENT)
def test_the_style_is_the_same_on_both_halves(name: str, drawn_image: Image, drawn_face: Face):
    flipped_image, flipped_points = mirror(drawn_image, drawn_face.points)
    painted = painters.create(name).paint(drawn_image, drawn_face)
    flipped = painters.create(name).paint(flipped_image, face_of(flipped_image, flipped_points))
    assert np.abs(painted - flipped[:, ::-1]).mean() < 0.02 * np.abs(painted - drawn_image).mean()


@pytest.mark.parametrize("name", painters.INDEPENDENT)
def test_a_larger_photo_shows_the_same_makeup(name: str):
    small, large = (draw((side, side)) for side in (256, 512))
    changes = []
    for drawing in (small, large):
        painted = painters.create(name).paint(drawing.image, face_of(drawing.image, drawing.points))
        changes.append(painted - drawing.image)
    shrunk = changes[1].reshape(256, 2, 256, 2, 3).mean((1, 3))
    assert np.abs(changes[0] - shrunk).mean() < 0.25 * np.abs(shrunk).mean()


def test_a_seed_moves_the_bristles_but_not_the_style(drawn_image: Image, drawn_face: Face):
    painter = painters.create("lab_brush")
    first, other = painter.paint(drawn_image, drawn_face, 1), painter.paint(drawn_image, drawn_face, 2)
    assert (first != other).any()
    assert np.abs(first - other).mean() < 0.3 * np.abs(first - drawn_image).mean()


@pytest.mark.parametrize("yaw", [-20.0, 20.0])
@pytest.mark.parametrize("name", painters.INDEPENDENT)
def test_turned_faces_keep_their_makeup_on_the_skin(name: str, yaw: float):
    drawing = draw((384, 384), yaw=yaw)
    painted = painters.create(name).paint(drawing.image, face_of(drawing.image, drawing.points))
    changed = np.abs(painted - drawing.image).max(2) > 0.02
    assert changed.sum() > 2000
    # The far eye lies on the very edge of the drawn head, and shadow is soft.
    assert (changed & (drawing.head < 0.5)).sum() < 0.04 * changed.sum()
