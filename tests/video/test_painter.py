"""One painter for every kind of look."""

from __future__ import annotations

import numpy as np
import pytest

from drawn import Drawing
from films import picture
from kohl.core.arrays import AnyArray, Image, Points3
from kohl.core.region import Region
from kohl.faces.face import Face
from kohl.faces.mesh import Mesh
from kohl.looks import presets
from kohl.methods import registry
from kohl.methods.base import Controls
from kohl.methods.tinybeauty.learned import LearnedLook
from kohl.reading.reader import read_makeup
from kohl.video.painter import LearnedPainter, LookPainter, Painter, ReferencePainter, paint_face, painter_for
from kohl.video.tracking import TrackedFace
from learned_looks import tint_look

LOOK = presets.load("classic-red-lip")


@pytest.fixture(scope="module")
def pixels(drawing: Drawing) -> AnyArray:
    return np.round(drawing.image * 255).astype(np.uint8)


def painters(drawing: Drawing, face: Face) -> dict[str, Painter]:
    made_up = registry.create("procedural").apply(drawing.image, face, LOOK, Controls())
    references = dict.fromkeys(Region, read_makeup(made_up, face))
    learned = painter_for(LearnedLook.from_bytes(tint_look()), Controls())
    assert learned is not None
    return {
        "look": LookPainter(registry.create("procedural"), LOOK, Controls()),
        "reference": ReferencePainter(registry.create("procedural"), references, Controls()),
        "learned": learned,
    }


@pytest.mark.parametrize("kind", ["look", "reference", "learned"])
def test_every_kind_paints_lips_and_leaves_the_background(kind: str, drawing: Drawing, drawn_face: Face, pixels: AnyArray):
    difference = shown(painters(drawing, drawn_face)[kind], pixels, drawing.points)
    assert np.abs(difference[drawing.lips > 0.9]).mean() > 0.02
    assert (difference[:, :2] == 0).all()


def shown(painter: Painter, pixels: AnyArray, points: Points3) -> Image:
    """(H, W, 3): what a frame shows more, in R'G'B', with all of its makeup."""
    canvas = picture(pixels)
    before, found = canvas.rgb(), paint_face(painter, canvas, TrackedFace(1, points, 1.0, 1.0))
    assert found is not None
    canvas.add(found.box, found.added)
    return canvas.rgb() - before


def test_the_part_is_painted_as_the_whole_picture_would_be(drawing: Drawing, pixels: AnyArray):
    """What a painter sees around a face is enough: the same look on the whole picture differs nowhere."""
    canvas = picture(pixels, "yuv444p")
    for painter in (LookPainter(registry.create("procedural"), LOOK, Controls()), LearnedPainter(LearnedLook.from_bytes(tint_look()))):
        found = paint_face(painter, canvas, TrackedFace(1, drawing.points, 1.0, 1.0))
        assert found is not None
        y0, y1, x0, x1 = found.box
        whole, painted = canvas.rgb(), painter.paint(canvas.rgb(), Mesh(drawing.points, 1.0))
        assert painted is not None
        change = np.zeros_like(whole)
        change[painted[0]] = painted[1] - whole[painted[0]]
        for added, expected in zip(found.added, canvas.samples_of(change), strict=True):
            np.testing.assert_allclose(added, expected[y0:y1, x0:x1], atol=0.5)
            expected[y0:y1, x0:x1] = 0
            assert np.abs(expected).max() < 0.5, "and nothing beyond"


def test_what_paints_depends_on_look_and_knobs():
    learned = LearnedLook.from_bytes(tint_look())
    assert isinstance(painter_for(LOOK, Controls()), LookPainter)
    assert isinstance(painter_for(learned, Controls()), LearnedPainter)
    assert painter_for(LOOK, Controls(dict.fromkeys(Region, 0.0))) is None
    some = painter_for(learned, Controls({Region.LIPS: 0.5}))
    assert isinstance(some, LookPainter), "by region it needs the whole face"
    weak = painter_for(learned, Controls(dict.fromkeys(Region, 0.25)))
    assert isinstance(weak, LearnedPainter)
    assert weak.strength == 0.25


def test_a_learned_look_by_region_leaves_the_others(drawing: Drawing, pixels: AnyArray):
    strengths = dict.fromkeys(Region, 0.0) | {Region.LIPS: 1.0}
    painter = painter_for(LearnedLook.from_bytes(tint_look()), Controls(strengths))
    assert painter is not None
    difference = shown(painter, pixels, drawing.points)
    assert np.abs(difference[drawing.lips > 0.9]).mean() > 0.02
    assert np.abs(difference[drawing.eyes > 0.9]).max() < 0.01


def test_where_nothing_is_painted_there_is_no_change(drawing: Drawing, pixels: AnyArray):
    face = TrackedFace(1, drawing.points, 1.0, 1.0)
    nothing = LookPainter(registry.create("procedural"), LOOK, Controls(dict.fromkeys(Region, 0.0)))
    for painter in (nothing, LearnedPainter(LearnedLook.from_bytes(tint_look()), 0.0)):
        assert paint_face(painter, picture(pixels), face) is None


@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuv422p", "yuv444p"])
def test_changes_lie_on_whole_chroma_samples(pix_fmt: str, drawing: Drawing, pixels: AnyArray):
    canvas = picture(pixels[:-1, :-1], pix_fmt)
    found = paint_face(LookPainter(registry.create("procedural"), LOOK, Controls()), canvas, TrackedFace(1, drawing.points, 1.0, 1.0))
    assert found is not None
    assert found.box == canvas.align(found.box)
    (luma, chroma), (y0, y1, x0, x1), (down, across) = found.added, found.box, canvas.coding.shrink
    assert luma.shape == (y1 - y0, x1 - x0)
    assert chroma.shape == (-(-(y1 - y0) // down), -(-(x1 - x0) // across), 2)
