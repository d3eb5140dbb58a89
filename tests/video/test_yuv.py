"""Y'CbCr and back: the standards' own numbers, and samples that nobody painted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from films import background, picture
from kohl.core.arrays import AnyArray
from kohl.video.yuv import BT601, BT709, BT2020, Coding, Picture, weights_of

# (luma weights, colour, limited-range 8-bit samples), from the standards' equations, rounded.
KNOWN = [
    (BT709, (0, 0, 0), (16, 128, 128)),
    (BT709, (1, 1, 1), (235, 128, 128)),
    (BT709, (1, 0, 0), (63, 102, 240)),
    (BT709, (0, 1, 0), (173, 42, 26)),
    (BT601, (1, 0, 0), (81, 90, 240)),
    (BT601, (0, 0, 1), (41, 240, 110)),
    (BT2020, (0, 1, 0), (164, 47, 25)),
]


def flat(samples: tuple[int, ...], coding: Coding, size: tuple[int, int] = (8, 8)) -> Picture:
    down, across = coding.shrink
    shapes = [size, *[(-(-size[0] // down), -(-size[1] // across))] * 2]
    return Picture([np.full(shape, sample, coding.dtype) for shape, sample in zip(shapes, samples, strict=True)], coding)


@pytest.mark.parametrize(("weights", "colour", "samples"), KNOWN)
def test_colours_are_those_of_the_standards(weights: tuple[float, float], colour: tuple[int, ...], samples: tuple[int, ...]):
    found = flat(samples, Coding(weights=weights)).rgb()
    assert np.abs(found - np.array(colour)).max() < 2.5 / 255


@pytest.mark.parametrize("coding", [Coding(), Coding(full=True), Coding(10), Coding(10, full=True), Coding(shrink=(1, 1)), Coding(weights=BT601)])
def test_a_change_arrives(coding: Coding):
    scale = 1 << (coding.bits - 8)
    canvas = flat((120 * scale, 128 * scale, 128 * scale), coding, (16, 16))
    before, change = canvas.rgb(), np.full((8, 8, 3), (0.1, -0.05, 0.02), np.float32)
    canvas.add((4, 12, 4, 12), canvas.samples_of(change))
    difference = canvas.rgb() - before
    np.testing.assert_allclose(difference[6:10, 6:10], change[2:6, 2:6], atol=1.6 / 255 / scale)
    assert (difference[:3] == 0).all()


@given(st.integers(2, 41), st.integers(2, 41), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_no_change_leaves_every_sample(height: int, width: int, seed: int):
    rng = np.random.default_rng(seed)
    shapes = [(height, width), *[(-(-height // 2), -(-width // 2))] * 2]
    canvas = Picture([rng.integers(0, 256, shape).astype(np.uint8) for shape in shapes], Coding())
    kept = canvas.copy()
    box = canvas.align((1, height - 1, 1, width))
    canvas.add(box, canvas.samples_of(np.zeros((box[1] - box[0], box[3] - box[2], 3), np.float32)))
    assert all((plane == old).all() for plane, old in zip(canvas.planes, kept.planes, strict=True))
    assert canvas.rgb(box).shape == (box[1] - box[0], box[3] - box[2], 3)


@given(st.integers(1, 50), st.integers(1, 50), st.tuples(*[st.integers(0, 60)] * 4))
@settings(max_examples=60, deadline=None)
def test_aligned_boxes_hold_whole_chroma_samples(height: int, width: int, corners: tuple[int, ...]):
    canvas = flat((16, 128, 128), Coding(), (height, width))
    y0, y1 = sorted(min(corner, height) for corner in corners[:2])
    x0, x1 = sorted(min(corner, width) for corner in corners[2:])
    aligned = canvas.align((y0, y1, x0, x1))
    assert aligned[0] <= y0 <= y1 <= aligned[1] <= height
    assert aligned[2] <= x0 <= x1 <= aligned[3] <= width
    assert aligned[0] % 2 == aligned[2] % 2 == 0
    assert all(end % 2 == 0 or end in (height, width) for end in (aligned[1], aligned[3]))


def test_changes_are_clipped():
    canvas = flat((235, 128, 128), Coding())
    canvas.add((0, 8, 0, 8), canvas.samples_of(np.ones((8, 8, 3), np.float32)))
    assert canvas.planes[0].max() == 255


def test_a_shrunk_copy_says_by_how_much():
    small, stretch = picture(background((90, 160))).shrunk_rgb(80)
    assert small.shape == (45, 80, 3)
    np.testing.assert_allclose(stretch, 0.5)
    same, stretch = picture(background((90, 160))).shrunk_rgb(400)
    assert same.shape == (90, 160, 3)
    assert (stretch == 1).all()


def test_pixels_come_back(drawn_image: AnyArray):
    pixels = np.round(drawn_image[::2, ::2] * 255).astype(np.uint8)
    found = picture(pixels, "yuv444p").rgb() * 255
    assert np.abs(found - pixels).max() < 3


@pytest.mark.parametrize(("matrix", "lines", "weights"), [(1, 480, BT709), (6, 1080, BT601), (9, 2160, BT2020), (2, 1080, BT709), (2, 480, BT601)])
def test_an_unnamed_matrix_is_guessed_as_players_do(matrix: int, lines: int, weights: tuple[float, float]):
    assert weights_of(matrix, lines) == weights
