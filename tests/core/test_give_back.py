"""What goes in comes out: the same type, and bit for bit where nothing was painted."""

from __future__ import annotations

import io

import cv2
import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as PillowImage

from kohl.core.arrays import AnyArray, Image
from kohl.core.encoding import encode
from kohl.core.errors import UsageError
from kohl.core.images import OpenedImage, encode_image, give_back, open_image, save_image
from kohl.core.opened import Raw
from pictures import adobe_rgb, display_p3, encoded, gray_profile, sampled, samples, smooth

RED = np.float32([0.8, 0.1, 0.2])
TOP, BOTTOM, LEFT, RIGHT = WINDOW = (2, 5, 3, 7)


def _painted(opened: OpenedImage) -> Image:
    """The picture with a red patch in WINDOW."""
    painted = opened.pixels.copy()
    painted[TOP:BOTTOM, LEFT:RIGHT] = RED
    return painted


def _outside(shape: tuple[int, ...]) -> AnyArray:
    outside = np.ones(shape[:2], bool)
    outside[TOP:BOTTOM, LEFT:RIGHT] = False
    return outside


ARRAYS = [(dtype, channels) for dtype in ("uint8", "uint16", "float32", "float64") for channels in ((), (1,), (3,), (4,))]


@pytest.mark.parametrize(("dtype", "channels"), ARRAYS)
@pytest.mark.parametrize("window", [None, WINDOW])
def test_array_round_trip(dtype, channels, window):
    array = samples((8, 11, *channels), dtype)
    before = array.copy()
    opened = open_image(array)
    back = give_back(opened, _painted(opened), window=window)
    assert back.dtype == array.dtype
    assert back.shape == array.shape
    outside = _outside(array.shape)
    assert np.array_equal(back[outside], array[outside])
    assert np.array_equal(array, before)
    top = 1.0 if dtype.startswith("float") else np.iinfo(dtype).max
    wanted = RED if channels in ((3,), (4,)) else RED @ [0.2126, 0.7152, 0.0722]
    patch = back[TOP:BOTTOM, LEFT:RIGHT]
    np.testing.assert_allclose(
        patch[..., :3] if channels == (4,) else patch,
        np.broadcast_to(wanted * top, patch.shape[:2] + np.shape(wanted)).reshape(patch[..., :3].shape if channels == (4,) else patch.shape),
        atol=max(0.51, 2e-3) if top > 1 else 1e-6,
    )
    if channels == (4,):
        assert np.array_equal(back[..., 3], array[..., 3])


@pytest.mark.parametrize(("dtype", "channels"), ARRAYS)
def test_nothing_painted_is_identity(dtype, channels):
    array = samples((8, 11, *channels), dtype)
    opened = open_image(array)
    back = give_back(opened, opened.pixels)
    assert np.array_equal(back, array)
    assert not np.shares_memory(back, array)


def test_foreign_byte_order_comes_back():
    array = samples((4, 5, 3), "uint16").astype(">u2")
    opened = open_image(array)
    back = give_back(opened, opened.pixels)
    assert back.dtype == array.dtype
    assert np.array_equal(back, array)


@given(arrays.arrays(np.uint8, arrays.array_shapes(min_dims=3, max_dims=3, max_side=6).map(lambda s: (s[0], s[1], 3))), st.data())
def test_only_what_changed_changes(array, data):
    opened = open_image(array)
    mask = data.draw(arrays.arrays(bool, array.shape[:2]))
    painted = np.where(mask[..., None], RED, opened.pixels)
    back = give_back(opened, painted)
    assert np.array_equal(back[~mask], array[~mask])
    assert (back[mask] == np.round(RED * 255)).all()


@pytest.mark.parametrize("shape", [(4, 4, 3), (8, 12, 3), (8, 11), (8, 11, 4)])
def test_painted_of_another_size_is_refused(shape):
    with pytest.raises(UsageError, match=r"must have the shape \(8, 11, 3\)"):
        give_back(open_image(samples((8, 11, 3))), np.zeros(shape, np.float32))


@pytest.mark.parametrize("window", [(-1, 4, 0, 4), (0, 9, 0, 4), (4, 2, 0, 4), (0, 4, 0, 12)])
def test_window_outside_is_refused(window):
    opened = open_image(samples((8, 11, 3)))
    with pytest.raises(UsageError, match="window must be"):
        give_back(opened, opened.pixels, window=window)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_nan_is_never_written(dtype):
    opened = open_image(samples((8, 11, 3), dtype))
    painted = opened.pixels.copy()
    painted[1, 1, 1] = np.nan
    with pytest.raises(UsageError, match="NaN"):
        give_back(opened, painted)


def test_overshoot_is_clipped():
    opened = open_image(samples((8, 11, 3)))
    assert (give_back(opened, np.full_like(opened.pixels, 1.5)) == 255).all()
    assert (give_back(opened, np.full_like(opened.pixels, -0.5)) == 0).all()


PIL_MODES = {"L": "RGB", "LA": "RGBA", "RGB": "RGB", "RGBA": "RGBA", "P": "RGB", "CMYK": "RGB", "1": "RGB", "I;16": "RGB", "YCbCr": "RGB"}


@pytest.mark.parametrize("mode", PIL_MODES)
def test_pil_comes_back_as_pil(mode):
    image = PillowImage.fromarray(smooth()[..., 0].astype(np.uint16) * 257) if mode == "I;16" else PillowImage.fromarray(smooth()).convert(mode)
    opened = open_image(image)
    back = give_back(opened, _painted(opened))
    assert back.mode == PIL_MODES[mode]
    assert back.size == image.size
    outside = _outside(opened.pixels.shape)
    assert np.abs(np.asarray(back.convert("RGB"))[outside] - opened.pixels[outside] * 255).max() <= 0.5
    assert (np.asarray(back.convert("RGB"))[TOP:BOTTOM, LEFT:RIGHT] == np.round(RED * 255)).all()


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "I;16", "F"])
def test_pil_untouched_keeps_mode_and_bits(mode):
    gray = smooth()[..., 0]
    special = {"I;16": gray.astype(np.uint16) * 251, "F": (gray / 255).astype(np.float32)}
    image = PillowImage.fromarray(special[mode]) if mode in special else PillowImage.fromarray(smooth()).convert(mode)
    opened = open_image(image)
    back = give_back(opened, opened.pixels)
    assert back.mode == mode
    assert np.array_equal(np.asarray(back), np.asarray(image))


def test_pil_carries_profile_and_mark():
    image = PillowImage.fromarray(smooth())
    image.info["icc_profile"] = display_p3()
    opened = open_image(image)
    back = give_back(opened, _painted(opened))
    assert back.info["icc_profile"] == display_p3()
    assert open_image(back).provenance.is_marked_by_kohl


LOSSLESS = {"PNG": {}, "TIFF": {}, "WEBP": {"lossless": True, "exact": True}}


@pytest.mark.parametrize("format_name", LOSSLESS)
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("kind", ["bytes", "path"])
def test_lossless_file_round_trip(format_name, mode, kind, tmp_path):
    channels = {"L": (), "LA": (2,), "RGB": (3,), "RGBA": (4,)}[mode]
    data = encoded(PillowImage.fromarray(samples((8, 11, *channels))), format_name, **LOSSLESS[format_name])
    path = tmp_path / "in"
    path.write_bytes(data)
    opened = open_image(data if kind == "bytes" else path)
    back = open_image(give_back(opened, _painted(opened)))
    assert back.format == format_name
    outside = _outside(opened.pixels.shape)
    assert np.array_equal(back.pixels[outside], opened.pixels[outside])
    np.testing.assert_allclose(back.pixels[TOP:BOTTOM, LEFT:RIGHT] * 255, np.broadcast_to(np.round(RED * 255), (3, 4, 3)), atol=1e-3)
    if opened.alpha is not None:
        assert np.array_equal(back.alpha, opened.alpha)


def test_gray_file_stays_gray_until_it_gets_color():
    opened = open_image(encoded(PillowImage.fromarray(samples((8, 11))), "PNG"))
    darker = opened.pixels * np.float32(0.5)
    plain, colored = encode_image(opened, darker), encode_image(opened, _painted(opened))
    assert PillowImage.open(io.BytesIO(plain.data)).mode == "L"
    assert plain.losses == ()
    assert PillowImage.open(io.BytesIO(colored.data)).mode == "RGB"
    assert colored.losses == ("the grey picture became RGB",)


@pytest.mark.parametrize("format_name", ["PNG", "TIFF"])
@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("height", [1, 127, 128, 300])
def test_16_bit_files_as_another_decoder_sees_them(format_name, channels, height):
    array = samples((height, 13, channels), "uint16")
    data = encode(Raw(array), format_name).data
    seen = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    order = {1: [0], 3: [2, 1, 0], 4: [2, 1, 0, 3]}[channels]
    assert np.array_equal(seen.reshape(height, 13, channels), array[..., order])


@pytest.mark.parametrize("name", ["out.png", "out.tif"])
@pytest.mark.parametrize("channels", [3, 4])
def test_16_bit_paint_leaves_every_bit_around_it(name, channels, deep_file, tmp_path):
    array, data = deep_file("PNG", channels)
    opened = open_image(data)
    written = save_image(tmp_path / name, opened, _painted(opened))
    back = open_image(written.path)
    outside = _outside(array.shape)
    assert np.array_equal(back.raw.samples[outside], array[outside])
    assert np.abs(back.raw.samples[TOP:BOTTOM, LEFT:RIGHT, :3] - RED * 65535).max() <= 0.51
    assert written.losses == ()


PROFILES = {"display-p3": display_p3, "adobe-rgb": adobe_rgb}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_wide_gamut_keeps_untouched_samples_and_its_profile(profile, dtype, tmp_path):
    icc = PROFILES[profile]()
    array = samples((40, 30, 3), dtype)
    opened = open_image(encode(Raw(array, icc=icc), "PNG").data)
    written = save_image(tmp_path / "out.png", opened, _painted(opened))
    back = open_image(written.path)
    assert back.icc == icc
    outside = _outside(array.shape)
    assert np.array_equal(back.raw.samples[outside], array[outside])
    # The patch lies over random samples, many outside sRGB; where they are inside, the paint is exact.
    inside = _inside_srgb(opened)[TOP:BOTTOM, LEFT:RIGHT]
    assert inside.any()
    assert np.abs(back.pixels[TOP:BOTTOM, LEFT:RIGHT][inside] - RED).max() < 1.5 / 255


def _inside_srgb(opened: OpenedImage) -> AnyArray:
    return ((opened.pixels > 0) & (opened.pixels < 1)).all(axis=2)


def test_thin_paint_on_a_color_outside_srgb_does_not_jump():
    """A Display P3 green has no sRGB equal; a veil of paint on it must not throw it to the edge of sRGB."""
    array = np.zeros((4, 4, 3), np.uint8)
    array[...] = (10, 250, 20)
    opened = open_image(encode(Raw(array, icc=display_p3()), "PNG").data)
    veil = opened.pixels + np.float32(0.004)
    back = open_image(give_back(opened, veil)).raw.samples.astype(int)
    assert np.abs(back - array).max() <= 3


def test_gray_profile_is_followed_and_kept_while_gray():
    icc = gray_profile(sampled((461,)))  # gamma 1.8
    array = samples((8, 11, 1))
    opened = open_image(encode(Raw(array, icc=icc), "PNG").data)
    linear = (array / 255) ** (461 / 256)
    wanted = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    np.testing.assert_allclose(opened.pixels, np.repeat(wanted, 3, axis=2), atol=3e-4)
    gray = opened.pixels.copy()
    gray[TOP:BOTTOM, LEFT:RIGHT] = 0.5
    back = open_image(give_back(opened, gray))
    assert back.icc == icc
    assert np.abs(back.pixels - gray).max() < 1.5 / 255
    colored = open_image(give_back(opened, _painted(opened)))
    assert colored.icc is None
    assert np.abs(colored.pixels - _painted(opened)).max() <= 0.51 / 255
