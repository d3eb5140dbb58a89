"""What every method in the registry keeps to; a new one is tested by being registered."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from drawn import Drawing
from kohl.core.arrays import Image
from kohl.core.errors import UsageError
from kohl.core.region import Region
from kohl.faces.face import Face
from kohl.looks import presets
from kohl.looks.look import Look
from kohl.methods import registry
from kohl.methods.base import Controls, MakeupMethod, Worn
from kohl.methods.tinybeauty.learned import LearnedLook
from learned_looks import tint_look

Paint = Callable[[Image, Controls], Image]
EVERYTHING = "plum-evening"


@pytest.fixture(scope="module", params=registry.names())
def method(request: pytest.FixtureRequest) -> MakeupMethod:
    return registry.create(request.param)


@pytest.fixture(scope="module")
def look(method: MakeupMethod) -> Worn:
    """What the method can put on: a preset, or a learned look so small that it is made here."""
    if method.capabilities.applies_looks:
        return presets.load(EVERYTHING)
    assert method.capabilities.applies_learned, f"the method {method.name!r} puts nothing on"
    return LearnedLook.from_bytes(tint_look())


@pytest.fixture(scope="module", params=["apply", "transfer"])
def paint(request: pytest.FixtureRequest, method: MakeupMethod, drawn_image: Image, drawn_face: Face, look: Worn) -> Paint:
    """Both ways to paint the drawn face, as one call."""
    if request.param == "apply":
        return lambda image, controls: method.apply(image, drawn_face, look, controls)
    if not (method.capabilities.transfers and method.capabilities.reads):
        pytest.skip("does not transfer")
    made_up = method.apply(drawn_image, drawn_face, look, Controls())
    references = dict.fromkeys(Region, method.read(made_up, drawn_face))
    return lambda image, controls: method.transfer(image, drawn_face, references, controls)


def test_it_paints_within_range_and_leaves_its_input_alone(paint: Paint, drawn_image: Image):
    before = drawn_image.copy()
    painted = paint(drawn_image, Controls())
    np.testing.assert_array_equal(drawn_image, before)
    assert painted.dtype == np.float32
    assert painted.shape == drawn_image.shape
    assert float(painted.min()) >= 0.0
    assert float(painted.max()) <= 1.0
    assert (painted != drawn_image).any()


def test_strength_0_is_identity(paint: Paint, drawn_image: Image):
    np.testing.assert_array_equal(paint(drawn_image, Controls(dict.fromkeys(Region, 0.0))), drawn_image)


@pytest.mark.parametrize("region", list(Region))
def test_one_region_touches_only_its_own_place(region: Region, method: MakeupMethod, paint: Paint, drawn_image: Image, drawing: Drawing):
    if region not in method.capabilities.regions:
        pytest.skip("does not control this region")
    controls = Controls({other: float(other == region) for other in Region})
    changed = (paint(drawn_image, controls) != drawn_image).any(axis=2)
    # A face's height in thirds: what lies well away from a region's third must not move.
    top, bottom = drawing.points[:, 1].min(), drawing.points[:, 1].max()
    rows = np.arange(drawn_image.shape[0]) + 0.5
    far = {
        Region.LIPS: rows < top + (bottom - top) * 0.45,
        Region.EYES: rows > top + (bottom - top) * 0.7,
        Region.BROWS: rows > top + (bottom - top) * 0.55,
    }
    # A reading may rightly miss faint brows or foundation; lips and lids of this look it may not.
    assert changed.any() or region not in (Region.LIPS, Region.EYES)
    assert not changed[far.get(region, np.zeros_like(rows, bool))].any()


def test_outside_the_faces_window_nothing_changes(paint: Paint, drawn_image: Image, drawn_face: Face):
    same = (paint(drawn_image, Controls()) == drawn_image).all(axis=2)
    same[drawn_face.window_slices] = True
    assert same.all()


def test_half_the_strength_moves_less(paint: Paint, drawn_image: Image):
    moved = [float(np.abs(paint(drawn_image, Controls(dict.fromkeys(Region, strength))) - drawn_image).mean()) for strength in (0.25, 0.5, 1.0)]
    assert moved == sorted(moved)
    assert moved[0] < moved[-1]


def test_same_seed_same_picture_alone_and_in_threads(paint: Paint, drawn_image: Image):
    alone = paint(drawn_image, Controls(seed=3))
    with ThreadPoolExecutor(2) as pool:
        for together in pool.map(lambda _: paint(drawn_image, Controls(seed=3)), range(2)):
            np.testing.assert_array_equal(together, alone)


def test_a_kind_of_look_that_it_does_not_wear_is_refused(method: MakeupMethod, drawn_image: Image, drawn_face: Face):
    kinds = ((method.capabilities.applies_looks, presets.load(EVERYTHING)), (method.capabilities.applies_learned, LearnedLook(tint_look())))
    for worn, look in kinds:
        if not worn:
            with pytest.raises(UsageError, match=r"got .*[Ll]ook"):
                method.apply(drawn_image, drawn_face, look, Controls())


def test_what_it_cannot_do_it_refuses(method: MakeupMethod, drawn_image: Image, drawn_face: Face):
    if not method.capabilities.transfers:
        with pytest.raises(UsageError, match="cannot transfer"):
            method.transfer(drawn_image, drawn_face, {}, Controls())
    if not method.capabilities.reads:
        with pytest.raises(UsageError, match="cannot read"):
            method.read(drawn_image, drawn_face)


def test_reading_gives_a_look_and_how_sure_it_is(method: MakeupMethod, drawn_image: Image, drawn_face: Face):
    if not method.capabilities.reads:
        pytest.skip("does not read")
    reading = method.read(drawn_image, drawn_face)
    assert isinstance(reading.look, Look)
    assert all(0.0 <= value <= 1.0 for value in reading.confidence.values())
    assert {layer.product for layer in reading.look.layers} <= reading.confidence.keys()
