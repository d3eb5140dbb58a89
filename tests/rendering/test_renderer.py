"""Properties of the whole: identity at 0, locality, monotone coverage, mirror symmetry, order, every skin, every preset."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from painting import difference, drawn, drawn_mirrored, look_of, painted, whole

from drawn import SKINS, FixedDetector, draw
from kohl.core.arrays import Image
from kohl.faces.analyzer import Analyzer
from kohl.looks import presets
from kohl.looks.layers import Blush, Brows, Contour, Eyeliner, Eyeshadow, Finish, Foundation, Highlighter, Lipstick, Pan
from kohl.looks.look import Look
from kohl.rendering.canvas import Canvas
from kohl.rendering.renderer import paint_layers, render

FULL = look_of(
    Foundation(coverage=0.6),
    Contour(pattern="full"),
    Blush(pigment="#c9545a"),
    Highlighter(finish="satin"),
    Brows(),
    Eyeshadow(pans=(Pan(zone="lid", pigment="#6b3a5b", finish="satin"), Pan(zone="outer_v", pigment="#2a1526"))),
    Eyeliner(wing=0.5),
    Lipstick(pigment="#a5131f", finish="gloss"),
)

SHELF = [layer for name in presets.names() for layer in presets.load(name).layers]
"""Every layer of every preset."""


def looks() -> st.SearchStrategy[Look]:
    """Any mixture of the presets' layers, at most one of a product."""
    chosen = st.lists(st.sampled_from(SHELF), min_size=1, max_size=7, unique_by=type)
    strengths = st.integers(1, 100).map(lambda hundredths: hundredths / 100)
    return st.builds(lambda layers, strength: look_of(*layers) * strength, chosen, strengths)


@settings(max_examples=8, deadline=None)
@given(looks(), st.sampled_from(sorted(SKINS)))
def test_at_strength_0_the_photo_comes_back_bit_for_bit(look, tone):
    image, face = drawn(tone)
    assert (render(image, face, look * 0) == image).all()


@settings(max_examples=10, deadline=None)
@given(looks(), st.integers(0, 9))
def test_any_look_stays_in_the_window_and_in_range_and_does_not_touch_its_input(look, seed):
    image, face = drawn()
    before = image.copy()
    result = render(image, face, look, seed=seed)
    assert (image == before).all()
    assert result.dtype == np.float32
    assert np.isfinite(result).all()
    assert result.min() >= 0
    assert result.max() <= 1
    outside = np.ones(face.size, bool)
    outside[face.window_slices] = False
    assert (result[outside] == image[outside]).all()


@settings(max_examples=10, deadline=None)
@given(looks(), st.integers(0, 9))
def test_pixels_that_no_layer_reaches_are_the_photos_own(look, seed):
    image, face = drawn()
    canvas = Canvas.of(image, face)
    paint_layers(canvas, look.layers, seed)
    result = render(image, face, look, seed=seed)
    untouched = whole(canvas.touched, face) == 0
    assert (result[untouched] == image[untouched]).all()
    eyeballs = whole(face.masks.eyes, face) > 0.999
    liner_or_lashes = {layer.product for layer in look.layers} & {"eyeliner", "lashes", "decal"}
    if not liner_or_lashes:
        assert (result[eyeballs] == image[eyeballs]).all()


@settings(max_examples=10, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(["deep", "medium", "fair"]))
def test_more_coverage_makes_more_difference(one, other, tone):
    image, face = drawn(tone)
    lips = whole(face.masks.lips, face) > 0.9
    thin, thick = (
        difference(image, painted(Lipstick(pigment="#7a1030", coverage=coverage), tone=tone))[lips].mean() for coverage in sorted((one, other))
    )
    assert thin <= thick + 0.05


@settings(max_examples=10, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1))
def test_more_strength_makes_more_difference(one, other):
    image, face = drawn()
    weak, strong = (difference(image, render(image, face, FULL * strength)).mean() for strength in sorted((one, other)))
    assert weak <= strong + 0.02


@settings(max_examples=5, deadline=None)
@given(st.permutations(FULL.layers), st.integers(0, 5))
def test_convention_order(layers, seed):
    image, face = drawn(side=192)
    listed = Look(name="listed", layers=tuple(layers))
    assert (render(image, face, listed, seed=seed) == render(image, face, FULL, seed=seed)).all()


@pytest.mark.parametrize("tone", SKINS)
def test_a_mirrored_face_gets_the_mirrored_look(tone):
    image, face = drawn(tone)
    mirrored, mirrored_face = drawn_mirrored(tone)
    assert (mirrored[:, ::-1] == image).all()
    direct = render(image, face, FULL)
    turned = render(mirrored, mirrored_face, FULL)[:, ::-1]
    apart = difference(direct, turned)
    assert apart.mean() < 0.1
    assert np.percentile(apart, 99) < 1.5


@pytest.mark.parametrize("finish", [Finish.GLITTER, Finish.SHIMMER])
def test_the_same_seed_gives_the_same_sparkle(finish):
    layer = Lipstick(pigment="#a5131f", finish=finish)
    assert (painted(layer, seed=4) == painted(layer, seed=4)).all()
    assert (painted(layer, seed=4) != painted(layer, seed=5)).any()


def skins() -> list[tuple[float, float, float]]:
    """Skins from very deep to very fair along a line of typical hue."""
    return [(0.20 + 0.76 * share, 0.13 + 0.70 * share, 0.10 + 0.66 * share) for share in np.linspace(0, 1, 5)]


@pytest.mark.parametrize("skin", skins())
def test_a_look_works_on_every_skin(skin):
    drawing = draw((256, 256), skin=skin)
    face = Analyzer(detector=FixedDetector(drawing.points)).analyze(drawing.image)[0]
    result = render(drawing.image, face, FULL)
    assert np.isfinite(result).all()
    lips = whole(face.masks.lips, face) > 0.9
    assert difference(drawing.image, result)[lips].mean() > 8
    newly_burnt = (result >= 1).any(-1) & ~(drawing.image >= 1).any(-1)
    assert newly_burnt.mean() < 0.002


@pytest.mark.parametrize("tone", SKINS)
@pytest.mark.parametrize("name", presets.names())
def test_every_preset_renders_on_every_tone_without_a_warning(name, tone):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        image, face = drawn(tone, side=192)
        result = render(image, face, presets.load(name))
    assert np.isfinite(result).all()
    assert (result != image).any()
    assert (result[:8] == image[:8]).all()


@pytest.mark.parametrize("pose", [{"yaw": 30.0}, {"yaw": -30.0}, {"mouth_open": 1.0}, {"eyes_open": 0.0}])
def test_poses_are_painted_and_their_eyes_and_teeth_left_alone(pose):
    image, face = drawn(**pose)
    result = render(image, face, look_of(*(layer for layer in FULL.layers if not isinstance(layer, Eyeliner))))
    assert difference(image, result)[whole(face.masks.lips, face) > 0.9].mean() > 8
    for mask in (face.masks.eyes, face.masks.mouth):
        assert unchanged(image, result)[whole(mask, face) > 0.999].all()


def unchanged(image: Image, result: Image) -> np.ndarray:
    return (image == result).all(-1)
