"""Lash lines: a line leaves no gap for skin to show, and lashes do."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import Image
from kohl.faces.face import Face
from kohl.looks.layers import Eyeliner
from kohl.looks.look import Look
from kohl.looks.pigment import Pigment
from kohl.reading.eye_patches import EyePatch, cut_eyes
from kohl.reading.lines import GAP_CELLS, STRIP_ABOVE, STRIP_ALONG, STRIP_BELOW, lower_gaps, lower_strip, upper_gaps, upper_strip
from kohl.reading.unrolled import unroll_window, window_light
from kohl.rendering.light import LUMINANCE
from kohl.rendering.renderer import render


def _eye(image: Image, face: Face) -> EyePatch:
    linear = window_light(image, face)
    return cut_eyes(linear, face, unroll_window(linear, face))[0]


def test_strips_and_gaps_have_their_grid(drawn_image: Image, drawn_face: Face) -> None:
    eye = _eye(drawn_image, drawn_face)
    assert upper_strip(eye).shape == (len(STRIP_ABOVE), len(STRIP_ALONG), 3)
    assert lower_strip(eye).shape == (len(STRIP_BELOW), len(STRIP_ALONG), 3)
    assert upper_gaps(eye).shape == (len(STRIP_ABOVE), GAP_CELLS)
    assert lower_gaps(eye).shape == (len(STRIP_BELOW), GAP_CELLS)


def test_gaps_are_the_brightest_of_their_stretch(drawn_image: Image, drawn_face: Face) -> None:
    eye = _eye(drawn_image, drawn_face)
    assert np.median(upper_gaps(eye) - (upper_strip(eye) @ LUMINANCE)[:, :36].reshape(len(STRIP_ABOVE), GAP_CELLS, 2).mean(-1)) >= 0


def test_a_line_fills_its_gaps(drawn_image: Image, drawn_face: Face) -> None:
    liner = Eyeliner(pigment=Pigment("#101010"), coverage=0.95, thickness=0.6)
    lined = render(drawn_image, drawn_face, Look(name="drawn", layers=(liner,)))
    change = upper_gaps(_eye(lined, drawn_face)) - upper_gaps(_eye(drawn_image, drawn_face))
    assert np.median(change[3:6, 7:15]) < -0.5
    assert np.abs(change[-1]).max() < 0.05, "not up on the lid"
