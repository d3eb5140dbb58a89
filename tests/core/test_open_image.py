"""What comes in: every type, mode and format, upright and in sRGB; and what is refused, with which words."""

from __future__ import annotations

import io
import os
import re
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image as PillowImage

from kohl.core.errors import ImageTooLargeError, MissingExtraError, UnreadableImageError, UsageError
from kohl.core.images import SourceKind, encode_image, open_image
from pictures import PNG, encoded, png_chunk, samples, smooth

SIZE = (6, 9)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
@pytest.mark.parametrize("channels", [(), (1,), (3,), (4,)])
def test_array_becomes_float_rgb(dtype, channels):
    array = samples((*SIZE, *channels), dtype)
    opened = open_image(array)
    top = 1.0 if dtype.startswith("float") else np.iinfo(dtype).max
    color = array[..., None] if array.ndim == 2 else array[..., :3]
    assert opened.pixels.dtype == np.float32
    np.testing.assert_allclose(opened.pixels, np.broadcast_to(color / top, (*SIZE, 3)), atol=1e-7)
    assert opened.kind is SourceKind.ARRAY
    assert opened.size == SIZE
    assert opened.icc is None
    if channels == (4,):
        np.testing.assert_allclose(opened.alpha, array[..., 3] / top, atol=1e-7)
    else:
        assert opened.alpha is None


def test_convention_pixels_of_8_bits_are_value_over_255():
    opened = open_image(np.arange(256, dtype=np.uint8).reshape(16, 16))
    assert np.array_equal(opened.pixels[..., 0].ravel(), np.arange(256, dtype=np.float32) / np.float32(255))


def test_pixels_are_a_read_only_copy():
    array = samples((4, 4, 3), "float32")
    opened = open_image(array)
    assert not np.shares_memory(opened.pixels, array)
    with pytest.raises(ValueError, match="read-only"):
        opened.pixels[0, 0] = 0


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros((4, 4, 3), bool), "got bool"),
        (np.zeros((4, 4, 3), np.int32), "got int32"),
        (np.zeros((4, 4, 3), np.float16), "got float16"),
        (np.zeros((4, 4, 2), np.uint8), r"got \(4, 4, 2\)"),
        (np.zeros((4,), np.uint8), r"got \(4,\)"),
        (np.zeros((1, 4, 4, 3), np.uint8), r"got \(1, 4, 4, 3\)"),
        (np.zeros((0, 4, 3), np.uint8), r"got \(0, 4, 3\)"),
    ],
)
def test_array_of_another_kind_is_refused(array, words):
    with pytest.raises(UsageError, match=words):
        open_image(array)


@pytest.mark.parametrize(("value", "words"), [(np.nan, "nan"), (np.inf, "inf"), (-0.25, "-0.25"), (1.5, "1.5"), (200.0, "divide by 255")])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_float_out_of_range_is_refused_and_located(value, words, dtype):
    array = np.full((5, 7, 3), 0.5, dtype)
    array[3, 4, 1] = value
    with pytest.raises(UsageError, match=re.escape(words)) as caught:
        open_image(array)
    assert "(3, 4, 1)" in str(caught.value)


@pytest.mark.parametrize("thing", [None, 3, ["a.jpg"], object()])
def test_other_objects_are_refused(thing):
    with pytest.raises(UsageError, match=type(thing).__name__):
        open_image(thing)


@pytest.mark.parametrize(
    ("thing", "advice"),
    [(io.BytesIO(), "pass the bytes, its .read()"), ([[0.5]], "numpy.asarray"), ("https://example.org/me.jpg", "download it and name the file")],
)
def test_what_to_do_with_another_object_is_told(thing, advice):
    with pytest.raises(UsageError) as caught:
        open_image(thing)
    assert advice in str(caught.value)


FILES = {
    "JPEG": ({"quality": 95, "subsampling": 0}, 6),
    "PNG": ({}, 0),
    "WEBP": ({"lossless": True}, 0),
    "TIFF": ({}, 0),
    "BMP": ({}, 0),
    "AVIF": ({"quality": 95, "subsampling": "4:4:4"}, 8),
}


@pytest.mark.parametrize("format_name", FILES)
@pytest.mark.parametrize("way", ["str", "path", "bytes", "memoryview", "pil"])
def test_every_format_every_way(format_name, way, tmp_path):
    options, tolerance = FILES[format_name]
    picture = smooth()
    data = encoded(PillowImage.fromarray(picture), format_name, **options)
    path = tmp_path / "picture.any"
    path.write_bytes(data)
    ways = {"str": str(path), "path": path, "bytes": data, "memoryview": memoryview(data), "pil": None}
    opened = open_image(PillowImage.open(io.BytesIO(data)) if way == "pil" else ways[way])
    assert np.abs(opened.pixels * 255 - picture).max() <= tolerance + 1e-3
    assert opened.format == format_name
    assert opened.losses == ()


MODES = {
    "1": (3, None, ""),
    "L": (3, None, ""),
    "LA": (3, "alpha", ""),
    "P": (3, None, "palette"),
    "PA": (3, "alpha", "palette"),
    "RGB": (3, None, ""),
    "RGBA": (3, "alpha", ""),
    "RGBX": (3, None, ""),
    "La": (3, "alpha", ""),
    "RGBa": (3, "alpha", ""),
    "CMYK": (3, None, "CMYK"),
    "YCbCr": (3, None, ""),
    "HSV": (3, None, "HSV"),
    "LAB": (3, None, "LAB"),
    "I;16": (3, None, ""),
    "I": (3, None, ""),
    "F": (3, None, ""),
}


@pytest.mark.parametrize("mode", MODES)
def test_every_pil_mode(mode):
    _, alpha, loss = MODES[mode]
    opened = open_image(_in_mode(mode))
    assert opened.pixels.shape == (24, 32, 3)
    assert (opened.alpha is not None) == (alpha is not None)
    assert loss in " ".join(opened.losses)
    assert bool(opened.losses) == bool(loss)


def _in_mode(mode: str) -> PillowImage.Image:
    gray = PillowImage.fromarray(smooth()[..., 0])
    if mode == "I;16":
        return PillowImage.fromarray(smooth()[..., 0].astype(np.uint16) * 257)
    if mode == "F":
        return PillowImage.fromarray((smooth()[..., 0] / 255).astype(np.float32))
    if mode == "I":
        return gray.convert("I")
    if mode in ("LAB", "PA"):
        return PillowImage.new(mode, (32, 24))
    if mode in ("La", "RGBa"):
        return PillowImage.fromarray(smooth()).convert("LA" if mode == "La" else "RGBA").convert(mode)
    return PillowImage.fromarray(smooth()).convert(mode)


@pytest.mark.parametrize(("mode", "value"), [("F", 2.0), ("F", float("nan")), ("I", 70_000), ("I", -1)])
def test_samples_without_a_scale_are_refused(mode, value):
    with pytest.raises(UnreadableImageError, match=r"values run from .*expected 0 to .*; scale them, or convert it to L or RGB$"):
        open_image(PillowImage.new(mode, (3, 3), value))


@pytest.mark.parametrize(("mode", "key"), [("L", 9), ("RGB", (1, 2, 3)), ("P", 0)])
def test_transparent_color_becomes_alpha(mode, key):
    image = PillowImage.new(mode, (4, 4), key)
    opened = open_image(encoded(image, "PNG", transparency=key))
    assert opened.alpha is not None
    assert opened.alpha.max() == 0


def test_one_pixel_is_a_picture():
    assert open_image(encoded(PillowImage.new("RGB", (1, 1), (255, 0, 0)), "PNG")).pixels.tolist() == [[[1.0, 0.0, 0.0]]]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format_name", ["PNG", "JPEG", "TIFF", "WEBP", "AVIF"])
def test_exif_orientation_is_applied(orientation, format_name):
    """The first row of the file is the picture's top, bottom, left or right, as EXIF 3.0, table 6, says."""
    upright = np.zeros((16, 24, 3), np.uint8)
    upright[:8, :12] = 250
    upright[:8, 12:] = 120
    stored = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.transpose(1, 0, 2),
        6: np.rot90(upright, 1),
        7: upright[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(upright, -1),
    }[orientation]
    exif = PillowImage.Exif()
    exif[0x0112] = orientation
    options = {"WEBP": {"lossless": True}, "JPEG": {"quality": 95}}.get(format_name, {})
    opened = open_image(encoded(PillowImage.fromarray(np.ascontiguousarray(stored)), format_name, exif=exif, **options))
    assert opened.size == (16, 24)
    assert np.abs(opened.pixels * 255 - upright).mean() < 4


def test_orientation_of_a_pil_image_is_applied():
    exif = PillowImage.Exif()
    exif[0x0112] = 6
    data = encoded(PillowImage.new("RGB", (8, 4)), "JPEG", exif=exif)
    assert open_image(PillowImage.open(io.BytesIO(data))).size == (8, 4)


@pytest.mark.parametrize("block", [b"Exif\0\0garbage", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40, b""])
def test_broken_exif_is_no_reason_to_refuse(block):
    data = encoded(PillowImage.fromarray(smooth()), "JPEG", exif=block)
    assert open_image(data).size == (24, 32)


@pytest.mark.parametrize("format_name", ["PNG", "TIFF"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_16_bits_keep_every_bit(format_name, channels, deep_file):
    array, data = deep_file(format_name, channels)
    opened = open_image(data)
    assert opened.raw.samples.dtype == np.uint16
    assert np.array_equal(opened.raw.samples, array)
    assert opened.losses == ()


def test_interlaced_16_bit_png_is_read_whole():
    # One pixel: of Adam7's seven passes only the first holds anything.
    row = b"\0" + struct.pack(">3H", 0x1234, 0xABCD, 0x00FF)
    header = struct.pack(">IIBBBBB", 1, 1, 16, 2, 0, 0, 1)
    data = PNG + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(row)) + png_chunk(b"IEND", b"")
    assert open_image(data).raw.samples.ravel().tolist() == [0x1234, 0xABCD, 0x00FF]


def test_16_bit_gray_with_alpha_states_its_loss(deep_file):
    array, data = deep_file("PNG", 2)
    opened = open_image(data)
    assert opened.losses == ("16 bits per channel were read as 8",)
    assert np.abs(opened.pixels[..., 0] - array[..., 0] / 65535).max() < 1 / 255


def _animation(format_name: str) -> bytes:
    frames = [PillowImage.new("RGB", (8, 8), color) for color in ("red", "green", "blue")]
    return encoded(frames[0], format_name, save_all=True, append_images=frames[1:])


@pytest.mark.parametrize("format_name", ["GIF", "PNG", "WEBP", "AVIF"])
def test_animation_is_refused_with_its_count(format_name):
    with pytest.raises(UnreadableImageError, match="animation with 3 frames; save one frame"):
        open_image(_animation(format_name))


def test_still_gif_is_taken():
    assert open_image(encoded(PillowImage.fromarray(smooth()).quantize(16), "GIF")).losses == ("the palette picture became RGB",)


@pytest.mark.parametrize("format_name", ["TIFF", "MPO"])
def test_first_of_several_pages_is_taken_and_said(format_name):
    opened = open_image(_animation(format_name))
    assert opened.losses == ("the first of 3 pictures in the file was taken",)
    assert opened.pixels[0, 0, 0] > 0.9


WHOLE = {name: encoded(PillowImage.fromarray(smooth(64, 64)), name) for name in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "GIF", "BMP")}


@pytest.mark.parametrize("format_name", WHOLE)
@pytest.mark.parametrize("share", [0.05, 0.3, 0.7])
def test_truncated_file_is_refused(format_name, share):
    data = WHOLE[format_name]
    with pytest.raises(UnreadableImageError, match=r"damaged|truncated"):
        open_image(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", r"empty \(0 bytes\)"),
        (b"Dear diary, this is not a picture.\n", "holds text"),
        (b"<html><body>404 not found</body></html>", "holds text"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n\x00\x01", "not a picture that kohl opens"),
        (bytes(range(256)), "not a picture that kohl opens"),
    ],
)
def test_what_is_no_picture_is_refused_by_name(content, words, tmp_path):
    path = tmp_path / "selfie.jpg"
    path.write_bytes(content)
    with pytest.raises(UnreadableImageError, match=words) as caught:
        open_image(path)
    assert "selfie.jpg" in str(caught.value)
    with pytest.raises(UnreadableImageError, match=words):
        open_image(content)


def test_missing_folder_and_pipe_are_told_apart(tmp_path):
    with pytest.raises(UnreadableImageError, match="does not exist"):
        open_image(tmp_path / "nobody.jpg")
    with pytest.raises(UnreadableImageError, match="is a folder"):
        open_image(tmp_path)
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(UnreadableImageError, match="not a regular file"):
        open_image(tmp_path / "pipe.jpg")
    with pytest.raises(UnreadableImageError, match="cannot be read"):
        open_image("long" * 100 + ".jpg")


def _claiming(width: int, height: int) -> bytes:
    """A PNG whose header claims a size and whose pixels are missing."""
    return PNG + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + struct.pack(">I", 9) + b"IDAT"


@pytest.mark.parametrize("size", [(30_000, 30_000), (12_000, 11_000)])
def test_too_many_pixels_are_refused_from_the_header(size):
    with pytest.raises(ImageTooLargeError, match="scale it down"):
        open_image(_claiming(*size))


def test_cap_is_inclusive_and_holds_for_every_type():
    array = samples((10, 10, 3))
    data = encoded(PillowImage.fromarray(array), "PNG")
    for source in (array, data, PillowImage.fromarray(array)):
        assert open_image(source, max_pixels=100).size == (10, 10)
        with pytest.raises(ImageTooLargeError):
            open_image(source, max_pixels=99)


def test_large_but_allowed_picture_warns_nobody():
    # Pillow itself warns above 89 megapixels; under the cap that is our decision, and it is made.
    with pytest.raises(UnreadableImageError):
        open_image(_claiming(10_000, 10_000))


def test_heic_needs_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(MissingExtraError, match=r"kohl\[heif\]"):
        open_image(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40)


def test_heic_goes_in_and_out():
    pytest.importorskip("pillow_heif", reason="the extra 'heif' is not installed")
    opened = open_image(smooth(64, 64))
    data = encode_image(opened, opened.pixels, format_name="HEIF").data
    back = open_image(data)
    assert np.abs(back.pixels - opened.pixels).max() < 12 / 255
    assert back.format == "HEIF"
    assert back.provenance.is_marked_by_kohl
    with pytest.raises(UnreadableImageError):
        open_image(data[: len(data) // 2])
    with pytest.raises(ImageTooLargeError):
        open_image(data, max_pixels=100)


def test_the_door_needs_numpy_and_pillow_only():
    program = "import sys, kohl.core.images; print([m for m in ('cv2', 'mediapipe', 'torch', 'scipy', 'skimage') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"
