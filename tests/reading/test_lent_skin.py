"""Faces that never were: colours of lips, lids and cheeks are lent, detail stays."""

from __future__ import annotations

import numpy as np

import lent_skin
from kohl.core.arrays import Image
from kohl.faces.face import Face


def test_ones_own_colours_change_little(drawn_image: Image, drawn_face: Face) -> None:
    own = lent_skin.coarse_colours(drawn_image, drawn_face)
    assert np.abs(lent_skin.lend(drawn_image, drawn_face, own) - drawn_image).max() < 1e-3


def test_redder_skin_is_lent_to_the_face_alone(drawn_image: Image, drawn_face: Face) -> None:
    lender = lent_skin.coarse_colours(drawn_image, drawn_face)
    lender[..., 0] += 0.3
    lent = lent_skin.lend(drawn_image, drawn_face, lender)
    skin = drawn_face.masks.skin > 0.9
    window = drawn_face.window_slices
    assert (lent - drawn_image)[window][skin][:, 0].mean() > 0.02
    assert np.abs((lent - drawn_image)[window][skin][:, 1:]).max() < 1e-3
    outside = np.ones(drawn_image.shape[:2], bool)
    outside[window] = False
    assert np.array_equal(lent[outside], drawn_image[outside])
    assert 0 <= lent.min() <= lent.max() <= 1
