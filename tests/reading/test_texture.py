"""Texture: read when asked for, and the same as if it had been read at once."""

from __future__ import annotations

import pickle

import numpy as np

from kohl.core.arrays import Image
from kohl.faces.face import Face
from kohl.reading.reader import read_makeup
from kohl.reading.texture import LazyTexture, lay_texture
from kohl.reading.unrolled import window_light
from kohl.rendering.canvas import Canvas


def test_a_reading_carries_its_texture_even_to_another_process(drawn_image: Image, drawn_face: Face) -> None:
    reading = read_makeup(drawn_image, drawn_face)
    again = pickle.loads(pickle.dumps(reading))
    assert reading.texture.relief.std() > 1e-3
    np.testing.assert_array_equal(again.texture.relief, reading.texture.relief)
    assert reading.texture.relief is reading.texture.relief, "read once"


def test_the_own_texture_changes_next_to_nothing(drawn_image: Image, drawn_face: Face) -> None:
    canvas = Canvas.of(drawn_image, drawn_face)
    own = LazyTexture.of(window_light(drawn_image, drawn_face), drawn_face)
    lay_texture(canvas, own, 1.0)
    skin = drawn_face.masks.skin > 0.9
    assert np.abs(canvas.finish() - drawn_image[drawn_face.window_slices])[skin].mean() < 2e-3
