"""Learned looks on an analysed face: regions, strengths, and looks that are joined."""

from __future__ import annotations

import numpy as np
import pytest

from drawn import Drawing
from kohl.core.region import Region
from kohl.faces.face import Face
from kohl.methods.base import Controls
from kohl.methods.tinybeauty.joining import join
from kohl.methods.tinybeauty.learned import LearnedLook
from kohl.methods.tinybeauty.method import TinyBeauty
from kohl.methods.tinybeauty.painting import paint_learned
from learned_looks import tint_look


@pytest.fixture(scope="module")
def look() -> LearnedLook:
    return LearnedLook.from_bytes(tint_look(), threads=1)


def only(region: Region, strength: float = 1.0) -> Controls:
    return Controls({other: strength * (other == region) for other in Region})


def test_everything_at_1_is_the_look_itself(look: LearnedLook, drawing: Drawing, drawn_face: Face):
    painted = TinyBeauty().apply(drawing.image, drawn_face, look, Controls())
    np.testing.assert_array_equal(painted, paint_learned(drawing.image, drawn_face.box, drawn_face.pose.roll, look))


def test_the_regions_one_by_one_add_up_to_the_whole(look: LearnedLook, drawing: Drawing, drawn_face: Face):
    method = TinyBeauty()
    whole = method.apply(drawing.image, drawn_face, look, Controls()).astype(np.float64) - drawing.image
    parts = [method.apply(drawing.image, drawn_face, look, only(region)).astype(np.float64) - drawing.image for region in Region]
    # Where a whole would leave [0, 1] it is cut, its parts are not.
    inside = ((drawing.image + whole > 1e-3) & (drawing.image + whole < 1 - 1e-3)).all(axis=2)
    np.testing.assert_allclose(sum(parts)[inside], whole[inside], atol=1e-6)


def test_a_region_carries_its_own_strength(look: LearnedLook, drawing: Drawing, drawn_face: Face):
    method = TinyBeauty()
    lips = drawing.lips > 0.99
    moved = {
        strength: np.abs(method.apply(drawing.image, drawn_face, look, only(Region.LIPS, strength)) - drawing.image)[lips].mean()
        for strength in (0.5, 1.0)
    }
    assert moved[0.5] == pytest.approx(moved[1.0] / 2, rel=1e-3)
    mixed = method.apply(drawing.image, drawn_face, look, Controls({Region.LIPS: 0.25}))
    assert np.abs(mixed - drawing.image)[lips].mean() == pytest.approx(moved[1.0] / 4, rel=0.05)


def test_a_joined_look_takes_each_region_from_its_own(drawing: Drawing, drawn_face: Face):
    red, blue = (LearnedLook.from_bytes(tint_look(colour), threads=1) for colour in ((0.2, 0.0, 0.0), (0.0, 0.0, 0.2)))
    painted = TinyBeauty().apply(drawing.image, drawn_face, join({Region.LIPS: red, Region.EYES: blue}), Controls())
    added = painted - drawing.image
    lips, eyes = (drawing.lips > 0.99), (drawing.eyes > 0.99) & (drawing.image < 0.8).all(axis=2)
    np.testing.assert_allclose(np.median(added[lips], axis=0), [0.2, 0, 0], atol=0.01)
    np.testing.assert_allclose(np.median(added[eyes], axis=0), [0, 0, 0.2], atol=0.01)
    brow = drawing.brows > 0.9
    assert np.abs(added[brow]).mean() < 0.02
