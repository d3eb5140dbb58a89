"""What is written: by name, whole or not at all, never over another file unasked."""

from __future__ import annotations

import io
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from kohl.core import encoding
from kohl.core.atomic import write_atomically
from kohl.core.encoding import encode
from kohl.core.errors import MissingExtraError, OutputError, OutputExistsError, UsageError
from kohl.core.images import encode_image, open_image, save_image
from kohl.core.opened import Raw
from pictures import display_p3, encoded, samples, smooth

ENDINGS = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".JPG": "JPEG",
    ".jpe": "JPEG",
    ".png": "PNG",
    ".PNG": "PNG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".avif": "AVIF",
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_ending_chooses_the_format(ending, tmp_path):
    opened = open_image(smooth())
    written = save_image(tmp_path / f"out{ending}", opened, opened.pixels)
    assert written.format == ENDINGS[ending]
    with PillowImage.open(written.path) as image:
        assert image.format == ENDINGS[ending]
    assert np.abs(open_image(written.path).pixels - opened.pixels).max() < 9 / 255


@pytest.mark.parametrize(
    ("came", "goes"), [("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "WEBP"), ("TIFF", "TIFF"), ("GIF", "PNG"), ("BMP", "PNG"), ("MPO", "JPEG")]
)
def test_without_ending_the_input_format_is_written(came, goes, tmp_path):
    image = PillowImage.fromarray(smooth())
    options = {"save_all": True, "append_images": [image]} if came == "MPO" else {}
    opened = open_image(encoded(image, came, **options))
    assert opened.format == came
    assert save_image(tmp_path / "out", opened, opened.pixels).format == goes
    assert encode_image(opened, opened.pixels).format == goes


@pytest.mark.parametrize("name", ["out.gif", "out.psd", "out.txt", "out.jpg.part"])
def test_unknown_ending_is_refused(name, tmp_path):
    opened = open_image(smooth())
    with pytest.raises(UsageError, match=r"use one of \.jpg"):
        save_image(tmp_path / name, opened, opened.pixels)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp", ".tif", ".avif"])
def test_profile_is_kept_in_every_format(ending, tmp_path):
    opened = open_image(encode(Raw(smooth(), icc=display_p3()), "PNG").data)
    assert open_image(save_image(tmp_path / f"out{ending}", opened, opened.pixels).path).icc == display_p3()


@pytest.mark.parametrize("ending", [".png", ".webp", ".tif", ".avif"])
@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_alpha_is_kept(ending, mode, tmp_path):
    array = samples((12, 10, len(mode)))
    opened = open_image(PillowImage.fromarray(array))
    back = open_image(save_image(tmp_path / f"out{ending}", opened, opened.pixels).path)
    assert np.abs(back.alpha - opened.alpha).max() <= (6 / 255 if ending == ".avif" else 0)


def test_alpha_in_jpeg_is_laid_on_white_and_said(tmp_path):
    array = np.zeros((8, 8, 4), np.uint8)
    array[..., 3] = 64
    opened = open_image(array)
    written = save_image(tmp_path / "out.jpg", opened, opened.pixels)
    assert written.losses == ("JPEG has no transparency: the picture was laid on white",)
    assert np.abs(open_image(written.path).pixels - (1 - 64 / 255)).max() < 2 / 255


@pytest.mark.parametrize(
    ("dtype", "ending", "loss"),
    [("uint16", ".jpg", "uint16"), ("uint16", ".png", ""), ("uint16", ".tif", ""), ("float32", ".png", "float32"), ("uint8", ".png", "")],
)
def test_lost_depth_is_said(dtype, ending, loss, tmp_path):
    opened = open_image(samples((8, 8, 3), dtype))
    losses = save_image(tmp_path / f"out{ending}", opened, opened.pixels).losses
    assert bool(losses) == bool(loss)
    assert loss in " ".join(losses)


def test_16_bits_round_to_the_nearest_8():
    values = np.arange(0, 65536, 7, dtype=np.uint16).reshape(1, -1, 1)
    data = encode(Raw(values), "WEBP", quality=100).data
    assert np.array_equal(np.asarray(PillowImage.open(io.BytesIO(data)))[0, :, 0], np.round(values[0, :, 0] / 257))


def test_lossless_webp_goes_back_as_one():
    array = samples((16, 16, 3))
    for options, exact in (({"lossless": True}, True), ({"quality": 90}, False)):
        opened = open_image(encoded(PillowImage.fromarray(array), "WEBP", **options))
        back = open_image(encode_image(opened, opened.pixels).data)
        assert np.array_equal(back.pixels, opened.pixels) == exact


@pytest.mark.parametrize("quality", [0, 101, -1, 9.5, "95"])
def test_quality_out_of_range_is_refused(quality):
    opened = open_image(smooth())
    with pytest.raises(UsageError, match="from 1 to 100"):
        encode_image(opened, opened.pixels, quality=quality)


def test_quality_counts():
    opened = open_image(samples((64, 64, 3)))
    sizes = [len(encode_image(opened, opened.pixels, format_name="JPEG", quality=quality).data) for quality in (30, 95)]
    assert sizes[0] < sizes[1]


@pytest.mark.parametrize(("format_name", "side"), [("JPEG", 65_536), ("WEBP", 16_384)])
def test_side_that_the_format_does_not_hold(format_name, side):
    opened = open_image(np.zeros((1, side), np.uint8))
    with pytest.raises(OutputError, match=f"at most {side - 1} pixels"):
        encode_image(opened, opened.pixels, format_name=format_name)


def test_exif_too_long_for_jpeg_is_left_behind_and_said():
    long = encode(Raw(smooth(), exif=b"Exif\0\0" + b"x" * 70_000), "JPEG")
    assert long.losses == ("the EXIF block is too long for JPEG and was left behind",)


def test_failing_encoder_is_an_output_error(monkeypatch):
    def fail(*_: object) -> None:
        raise ValueError("the encoder is out of sorts")

    monkeypatch.setitem(encoding._WRITERS, "PNG", fail)
    opened = open_image(smooth())
    with pytest.raises(OutputError, match="out of sorts; choose another format"):
        encode_image(opened, opened.pixels, format_name="PNG")


def test_heic_without_its_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", None)
    opened = open_image(smooth())
    with pytest.raises(MissingExtraError, match="writing HEIC"):
        encode_image(opened, opened.pixels, format_name="HEIF")


def test_existing_file_is_kept_without_force(tmp_path):
    path = tmp_path / "out.png"
    path.write_bytes(b"precious")
    opened = open_image(smooth())
    with pytest.raises(OutputExistsError, match="--force"):
        save_image(path, opened, opened.pixels)
    assert path.read_bytes() == b"precious"
    save_image(path, opened, opened.pixels, force=True)
    assert open_image(path).size == opened.size
    assert [p.name for p in tmp_path.iterdir()] == ["out.png"]


def test_target_that_cannot_be_is_refused_before_work(tmp_path):
    opened = open_image(smooth())
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(OutputError, match="a folder has that name"):
        save_image(tmp_path / "folder.png", opened, opened.pixels, force=True)
    with pytest.raises(OutputError, match="does not exist; create it"):
        save_image(tmp_path / "nowhere" / "out.png", opened, opened.pixels)
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(OutputError, match="not a regular file"):
        save_image(tmp_path / "pipe.png", opened, opened.pixels, force=True)


FAULTS = {
    "full disk": ("fsync", OSError(28, "No space left on device")),
    "no rights": ("open", PermissionError(13, "Permission denied")),
    "no rename": ("replace", OSError(5, "Input/output error")),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_failure_leaves_nothing_and_harms_nothing(fault, tmp_path, monkeypatch):
    path = tmp_path / "out.bin"
    path.write_bytes(b"old")
    name, error = FAULTS[fault]

    def fail(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(os, name, fail)
        with pytest.raises(OutputError, match=error.strerror):
            write_atomically(path, b"new", force=True)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.bin"]


def test_interruption_leaves_nothing(tmp_path, monkeypatch):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "out.bin", b"new")
    assert not list(tmp_path.iterdir())


def test_no_hard_links_is_no_hindrance(tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    write_atomically(tmp_path / "out.bin", b"new")
    assert (tmp_path / "out.bin").read_bytes() == b"new"
    with pytest.raises(OutputExistsError):
        write_atomically(tmp_path / "out.bin", b"newer")
    assert (tmp_path / "out.bin").read_bytes() == b"new"


def test_race_without_force_has_one_winner(tmp_path):
    path, start = tmp_path / "out.bin", threading.Barrier(8)

    def attempt(number: int) -> bool:
        start.wait()
        try:
            write_atomically(path, b"%d" % number)
        except OutputExistsError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(attempt, range(8)))
    assert sum(won) == 1
    assert path.read_bytes() == b"%d" % won.index(True)
    assert len(list(tmp_path.iterdir())) == 1


def test_link_is_followed_and_rights_are_ordinary(tmp_path):
    real, link = tmp_path / "real.bin", tmp_path / "link.bin"
    write_atomically(real, b"old")
    link.symlink_to(real)
    write_atomically(link, b"new", force=True)
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    mask = os.umask(0)
    os.umask(mask)
    assert real.stat().st_mode & 0o777 == 0o666 & ~mask


def test_longest_name_is_writable(tmp_path):
    path = Path(tmp_path / ("n" * 251 + ".bin"))
    write_atomically(path, b"x")
    assert path.read_bytes() == b"x"


def test_threads_share_the_door():
    data = [encoded(PillowImage.fromarray(samples((40, 40, 3), seed=i)), "PNG") for i in range(12)]
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(open_image, data))
        back = list(pool.map(lambda one: open_image(encode_image(one, one.pixels).data), opened))
    for i, (one, other) in enumerate(zip(opened, back, strict=True)):
        assert np.array_equal(one.raw.samples, samples((40, 40, 3), seed=i))
        assert np.array_equal(one.pixels, other.pixels)
