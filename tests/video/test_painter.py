"""One painter for every kind of look."""

from __future__ import annotations

import numpy as np
import pytest

from drawn import Drawing
from films import picture
from kohl.core.arrays import AnyArray
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
    canvas = picture(pixels)
    found = paint_face(painters(drawing, drawn_face)[kind], canvas, TrackedFace(1, drawing.points, 1.0, 1.0))
    assert found is not None
    y0, y1, x0, x1 = found.box
    assert np.abs(found.added[drawing.lips[y0:y1, x0:x1] > 0.9]).mean() > 0.02
    assert (found.added[:, :2] == 0).all()
    assert np.isfinite(found.added).all()


def test_the_part_is_painted_as_the_whole_picture_would_be(drawing: Drawing, pixels: AnyArray):
    """What a painter sees around a face is enough: the same look on the whole picture differs nowhere."""
    canvas = picture(pixels, "yuv444p")
    for painter in (LookPainter(registry.create("procedural"), LOOK, Controls()), LearnedPainter(LearnedLook.from_bytes(tint_look()))):
        found = paint_face(painter, canvas, TrackedFace(1, drawing.points, 1.0, 1.0))
        assert found is not None
        y0, y1, x0, x1 = found.box
        whole = painter.paint(canvas.rgb(), Mesh(drawing.points, 1.0)) - canvas.rgb()
        np.testing.assert_allclose(found.added, whole[y0:y1, x0:x1], atol=2e-3)


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
    found = paint_face(painter, picture(pixels), TrackedFace(1, drawing.points, 1.0, 1.0))
    assert found is not None
    y0, y1, x0, x1 = found.box
    assert np.abs(found.added[drawing.lips[y0:y1, x0:x1] > 0.9]).mean() > 0.02
    assert np.abs(found.added[drawing.eyes[y0:y1, x0:x1] > 0.9]).max() < 0.01
