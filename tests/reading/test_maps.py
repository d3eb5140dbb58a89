"""Maps of eyes and cheeks: every cell the same place on everybody, left and right alike, hidden skin held to what is seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kohl.core.arrays import Image
from kohl.faces.face import Face
from kohl.looks.layers import Blush, Eyeshadow, Pan
from kohl.looks.look import Look
from kohl.looks.pigment import Pigment
from kohl.reading.cheek_map import cheek_map
from kohl.reading.eye_map import ABOVE, COLUMNS, ROWS, eye_map, eye_white
from kohl.reading.eye_patches import EyePatch, cut_eyes
from kohl.reading.lips import chroma
from kohl.reading.unrolled import Unrolled, unroll_window, window_light
from kohl.rendering.renderer import render

GREEN = Pigment("#1d7a3c")


def _seen(image: Image, face: Face) -> tuple[Unrolled, tuple[EyePatch, EyePatch]]:
    linear = window_light(image, face)
    unrolled = unroll_window(linear, face)
    return unrolled, cut_eyes(linear, face, unrolled)


def test_paint_on_the_lid_is_on_the_maps_lid(drawn_image: Image, drawn_face: Face) -> None:
    look = Look(name="green", layers=(Eyeshadow(pans=(Pan(zone="lid", pigment=GREEN, coverage=0.9),)),))
    before, after = (eye_map(_seen(image, drawn_face)[1]) for image in (drawn_image, render(drawn_image, drawn_face, look)))
    assert before.shape == (ROWS, COLUMNS, 3)
    greener = -(chroma(after) - chroma(before))[..., 0]
    lid, brow = slice(2, 4), slice(len(ABOVE) - 2, len(ABOVE) - 1)
    middle = slice(3, 8)
    assert greener[lid, middle].min() > 0.3
    assert abs(greener[brow, middle]).max() < 0.1
    assert abs(greener[len(ABOVE) :, middle]).max() < 0.1, "nor under the eye"


def test_map_of_eyes_in_even_colour_is_that_colour(drawn_image: Image, drawn_face: Face) -> None:
    _, eyes = _seen(drawn_image, drawn_face)
    even = [replace(eye, ratio=np.broadcast_to(np.float32([0.2, -0.1, 0.4]), eye.ratio.shape)) for eye in eyes]
    cells = eye_map(even)
    whole = np.abs(cells - np.float32([0.2, -0.1, 0.4])).max(-1)
    assert (whole < 0.01).mean() > 0.5
    assert np.isfinite(cells).all()


def test_closed_eyes_show_no_white_and_bright_ones_do(drawn_image: Image, drawn_face: Face) -> None:
    _, eyes = _seen(drawn_image, drawn_face)
    white = eye_white(eyes)
    assert np.isfinite(white).all()
    assert (np.diff(white[:4]) >= 0).all()
    brighter = eye_white([replace(eye, ratio=eye.ratio + np.float32(0.5)) for eye in eyes])
    assert brighter[:4] == pytest.approx(white[:4] + 0.5, abs=1e-4)
    assert brighter[4:] == pytest.approx(white[4:], abs=1e-4)
    closed = eye_white([replace(eye, eye=np.zeros_like(eye.eye)) for eye in eyes])
    assert np.isnan(closed[:6]).all()
    assert np.isfinite(closed[6])


def test_blush_is_seen_on_the_map_of_cheeks(drawn_image: Image, drawn_face: Face) -> None:
    look = Look(name="blush", layers=(Blush(pigment=Pigment("#c2364b"), coverage=0.6),))
    before, after = (cheek_map(_seen(image, drawn_face)[0]) for image in (drawn_image, render(drawn_image, drawn_face, look)))
    redder = (chroma(after) - chroma(before))[:, 0]
    assert redder.max() > 0.15
    assert np.median(redder) < 0.3 * redder.max()


def test_a_hidden_half_is_the_other_half(drawn_image: Image, drawn_face: Face) -> None:
    unrolled, _ = _seen(drawn_image, drawn_face)
    both = replace(
        unrolled, ratio=(unrolled.ratio + unrolled.ratio[:, ::-1]) / 2, skin_seen=np.minimum(unrolled.skin_seen, unrolled.skin_seen[:, ::-1])
    )
    half = both.skin_seen.copy()
    half[:, : half.shape[1] // 2] = 0
    shown = replace(both, skin_seen=half)
    assert np.median(np.abs(cheek_map(shown) - cheek_map(both))) < 0.02
    assert np.isfinite(cheek_map(replace(both, skin_seen=np.zeros_like(half)))).all()
