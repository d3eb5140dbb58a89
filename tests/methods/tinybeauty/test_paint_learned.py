from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drawn import Drawing
from kohl.core.arrays import FloatArray, Image
from kohl.core.errors import UsageError
from kohl.faces.face import Face
from kohl.geometry.affine import invert
from kohl.geometry.warp import Border, warp_image
from kohl.methods.tinybeauty.crop import crop_from_image
from kohl.methods.tinybeauty.learned import LearnedLook
from kohl.methods.tinybeauty.painting import paint_learned, paint_piece
from learned_looks import SIDE, card, tint_look

COLOUR = (0.15, -0.1, -0.05)


class Fixed:
    """A learned look that always says the same."""

    card = card()
    sha256 = "fixed"

    def __init__(self, residual: FloatArray) -> None:
        self._residual = residual.astype(np.float32)

    def residual(self, crop: Image, regions: object = None) -> FloatArray:
        assert crop.shape == (SIDE, SIDE, 3)
        return self._residual


@pytest.fixture(scope="module")
def look() -> LearnedLook:
    return LearnedLook.from_bytes(tint_look(COLOUR), threads=1)


def everywhere(value: float) -> Fixed:
    return Fixed(np.full((SIDE, SIDE, 3), value))


def test_a_tint_lands_on_the_face_and_nowhere_else(look: LearnedLook, drawing: Drawing, drawn_face: Face):
    before = drawing.image.copy()
    painted = paint_learned(drawing.image, drawn_face.box, 0.0, look)
    np.testing.assert_array_equal(drawing.image, before)
    assert painted is not drawing.image
    x, y = (int((drawn_face.box[i] + drawn_face.box[i + 2]) / 2) for i in (0, 1))
    np.testing.assert_allclose(painted[y, x] - drawing.image[y, x], COLOUR, atol=2e-3)
    changed = (painted != drawing.image).any(axis=2)
    assert changed.mean() < 0.5
    assert not changed[[0, -1]].any()


def test_strength_0_is_identity_and_strengths_scale(look: LearnedLook, drawing: Drawing, drawn_face: Face):
    assert paint_learned(drawing.image, drawn_face.box, 0.0, look, strength=0.0).tobytes() == drawing.image.tobytes()
    half, full = (paint_learned(drawing.image, drawn_face.box, 0.0, look, strength=strength) - drawing.image for strength in (0.5, 1.0))
    inside = (drawing.image + full > 0.001).all(axis=2) & (drawing.image + full < 0.999).all(axis=2)
    np.testing.assert_allclose(half[inside], full[inside] / 2, atol=1e-6)


@pytest.mark.parametrize("roll", [0.0, 30.0])
def test_outside_the_crop_not_a_bit_moves(roll: float, drawing: Drawing, drawn_face: Face):
    painted = paint_learned(drawing.image, drawn_face.box, roll, everywhere(0.3))
    to_crop = crop_from_image(drawn_face.box, roll=roll)
    reached = warp_image(np.ones((SIDE, SIDE), np.float32), invert(to_crop), drawing.image.shape[:2], border=Border.ZERO) > 0
    assert (painted == drawing.image).all(axis=2)[~reached].all()
    assert (painted != drawing.image).any(axis=2)[reached].mean() > 0.9


def test_no_square_shows(drawing: Drawing, drawn_face: Face):
    """Towards the crop's rim the makeup fades: no step between neighbours is larger than a twelfth of it."""
    flat = np.full_like(drawing.image, 0.4)
    painted = paint_learned(flat, drawn_face.box, 15.0, everywhere(0.3))
    assert max(np.abs(np.diff(painted, axis=axis)).max() for axis in (0, 1)) < 0.3 / 8


def test_a_network_that_says_almost_nothing_changes_nothing(drawing: Drawing, drawn_face: Face):
    for value in (0.0, 0.0009, -0.0009):
        assert paint_learned(drawing.image, drawn_face.box, 0.0, everywhere(value)).tobytes() == drawing.image.tobytes()


def test_a_mask_says_where(look: LearnedLook, drawing: Drawing, drawn_face: Face):
    full = paint_learned(drawing.image, drawn_face.box, 0.0, look)
    ones = np.ones(drawing.image.shape[:2], np.float32)
    np.testing.assert_array_equal(paint_learned(drawing.image, drawn_face.box, 0.0, look, mask=ones), full)
    upper = ones.copy()
    upper[250:] = 0
    painted = paint_learned(drawing.image, drawn_face.box, 0.0, look, mask=upper)
    np.testing.assert_array_equal(painted[250:], drawing.image[250:])
    np.testing.assert_array_equal(painted[:250], full[:250])


def test_it_stays_in_range(drawing: Drawing, drawn_face: Face):
    for value in (1.0, -1.0):
        painted = paint_learned(drawing.image, drawn_face.box, 0.0, everywhere(value))
        assert painted.dtype == np.float32
        assert painted.min() >= 0
        assert painted.max() <= 1


def test_a_face_at_the_pictures_edge(look: LearnedLook, drawing: Drawing, drawn_face: Face):
    x0, y0, x1, y1 = drawn_face.box
    cut = np.ascontiguousarray(drawing.image[:, int(x0) + 40 :])
    painted = paint_learned(cut, (-40.0, y0, x1 - x0 - 40, y1), 0.0, look)
    assert painted.shape == cut.shape
    assert (painted != cut).any()


def test_a_face_outside_the_picture_changes_nothing(look: LearnedLook, drawing: Drawing):
    painted = paint_learned(drawing.image, (5000.0, 5000.0, 5300.0, 5300.0), 0.0, look)
    assert painted.tobytes() == drawing.image.tobytes()


@example(box=(0.0, 377.0, 8.0, 366.0), roll=0.0, strength=1.0)
@given(
    box=st.tuples(st.floats(-300, 500), st.floats(-300, 500), st.floats(8, 700), st.floats(8, 700)),
    roll=st.floats(-180, 180),
    strength=st.floats(0, 1),
)
@settings(max_examples=20, deadline=None)
def test_whatever_the_box_the_picture_stays_a_picture(box: tuple[float, float, float, float], roll: float, strength: float):
    image = np.random.default_rng(0).random((300, 260, 3), np.float32)
    painted = paint_learned(image, (box[0], box[1], box[0] + box[2], box[1] + box[3]), roll, everywhere(0.2), strength=strength)
    assert painted.shape == image.shape
    assert np.isfinite(painted).all()
    assert painted.min() >= 0
    assert painted.max() <= 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"strength": 1.5},
        {"strength": float("nan")},
        {"mask": np.ones((3, 3), np.float32)},
        {"mask": np.full((512, 512), 2, np.float32)},
        {"box": (10.0, 10.0, 10.0, 10.0)},
        {"box": (10.0, float("nan"), 40.0, 40.0)},
    ],
)
def test_a_wrong_call_is_refused(wrong: dict[str, object], look: LearnedLook, drawing: Drawing, drawn_face: Face):
    call: dict[str, object] = {"box": drawn_face.box} | wrong
    with pytest.raises(UsageError):
        paint_learned(drawing.image, roll=0.0, look=look, **call)  # type: ignore[arg-type]


@pytest.mark.parametrize("roll", [0.0, 12.0])
def test_a_piece_is_all_that_changes(roll: float, look: LearnedLook, drawing: Drawing, drawn_face: Face):
    found = paint_piece(drawing.image, drawn_face.box, roll, look)
    assert found is not None
    place, piece = found
    whole = paint_learned(drawing.image, drawn_face.box, roll, look)
    np.testing.assert_array_equal(whole[place], piece)
    whole[place] = drawing.image[place]
    np.testing.assert_array_equal(whole, drawing.image)
    assert all(part.start % 2 == 0 and (part.stop % 2 == 0 or part.stop == side) for part, side in zip(place, drawing.image.shape[:2], strict=True))


def test_where_nothing_changes_there_is_no_piece(look: LearnedLook, drawing: Drawing, drawn_face: Face):
    assert paint_piece(drawing.image, drawn_face.box, 0.0, look, strength=0.0) is None
    assert paint_piece(drawing.image, drawn_face.box, 0.0, everywhere(0.0)) is None
    assert paint_piece(drawing.image, (5000.0, 5000.0, 5300.0, 5300.0), 0.0, look) is None
