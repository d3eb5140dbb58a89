"""Lash lines, straightened: every row follows the eye's edge, and paint is seen where it runs."""

from __future__ import annotations

import numpy as np

from kohl.core.arrays import Image
from kohl.faces.face import Face
from kohl.looks.layers import Eyeliner
from kohl.looks.look import Look
from kohl.looks.pigment import Pigment
from kohl.reading.eye_patches import EyePatch, cut_eyes
from kohl.reading.lines import (
    LINE_ABOVE,
    LINE_BELOW,
    LINE_PLACES,
    STRIP_ABOVE,
    STRIP_ALONG,
    STRIP_BELOW,
    lash_lines,
    lower_strip,
    upper_strip,
)
from kohl.reading.unrolled import unroll_window, window_light
from kohl.rendering.light import LUMINANCE
from kohl.rendering.renderer import render


def _eye(image: Image, face: Face) -> EyePatch:
    linear = window_light(image, face)
    return cut_eyes(linear, face, unroll_window(linear, face))[0]


def test_strips_have_their_grid(drawn_image: Image, drawn_face: Face) -> None:
    eye = _eye(drawn_image, drawn_face)
    assert upper_strip(eye).shape == (len(STRIP_ABOVE), len(STRIP_ALONG), 3)
    assert lower_strip(eye).shape == (len(STRIP_BELOW), len(STRIP_ALONG), 3)
    assert lash_lines(eye).shape == (len(LINE_ABOVE) + len(LINE_BELOW), len(LINE_PLACES), 5)


def test_lash_lines_run_along_the_eyes_edges(drawn_image: Image, drawn_face: Face) -> None:
    lines = lash_lines(_eye(drawn_image, drawn_face))
    ball, middle = lines[..., 4], slice(44, 84)
    upper, lower = ball[: len(LINE_ABOVE)], ball[len(LINE_ABOVE) :]
    assert upper[:20, middle].max() < 0.5, "no eyeball above its edge"
    assert upper[-4:, middle].mean() > 0.5, "but below it"
    assert lower[5:, middle].max() < 0.5
    assert lines[:20, middle, 3].mean() > 0.5, "skin on the lid"


def test_a_line_is_dark_where_it_runs(drawn_image: Image, drawn_face: Face) -> None:
    liner = Eyeliner(pigment=Pigment("#101010"), coverage=0.95, thickness=0.6)
    lined = render(drawn_image, drawn_face, Look(name="drawn", layers=(liner,)))
    after, before = (lash_lines(_eye(image, drawn_face))[..., :3] @ LUMINANCE for image in (lined, drawn_image))
    change = (after - before)[: len(LINE_ABOVE), 44:84]
    on_line = np.argmin(np.abs(LINE_ABOVE - 0.02))
    assert np.median(change[on_line]) < -0.5
    assert np.abs(change[:3]).max() < 0.05, "not up on the lid"
