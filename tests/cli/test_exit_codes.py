"""Bad input: one clear message on stderr, its exit code, nothing on stdout, nothing half-written."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage
from running import Kohl

from kohl.api.studio import Studio
from pictures import PNG, png_chunk
from stand_ins import install

LOOK = ("--look", "classic-red-lip")
APPLY = ("apply", "me.png", *LOOK)


def huge_png() -> bytes:
    """A PNG that says it is 30,000×30,000 and has no pixels: refused by what it says, before any memory is taken."""
    header = (30_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return PNG + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", b"") + png_chunk(b"IEND", b"")


def animated_gif() -> bytes:
    buffer = io.BytesIO()
    frames = [PillowImage.new("RGB", (80, 80), color) for color in ("red", "blue")]
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


# What lies at bad.jpg, the code, and words of the message.
BAD_FILES: dict[str, tuple[Callable[[bytes], bytes], int, str]] = {
    "empty": (lambda good: b"", 6, "empty"),
    "text": (lambda good: b"Dear diary, today I wore red.", 6, "text"),
    "truncated": (lambda good: good[: len(good) // 2], 6, "truncated|cut"),
    "random": (lambda good: np.random.default_rng(0).bytes(2000), 6, "picture"),
    "animated": (lambda good: animated_gif(), 6, "anima"),
    "huge": (lambda good: huge_png(), 6, "megapixel|pixels"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files(name: str, kohl: Kohl):
    make, code, words = BAD_FILES[name]
    Path("bad.jpg").write_bytes(make(Path("me.png").read_bytes()))
    before = set(Path().iterdir())
    result = kohl("apply", "bad.jpg", *LOOK)
    assert result.exit_code == code, result.output
    assert any(word in result.stderr.lower() for word in words.split("|")), result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stdout == ""
    assert set(Path().iterdir()) == before


# The command line, the code, and words of the message.
BAD_CALLS: list[tuple[tuple[str, ...], int, str]] = [
    (("apply", "none.jpg", *LOOK), 6, "none.jpg"),
    (("apply", ".", *LOOK), 6, "folder"),
    (("apply", "me.png"), 2, "--look"),
    (("apply", "me.png", "--look", "classic-red-lpi"), 2, "classic-red-lip"),
    (("apply", "me.png", "--look", "none.json"), 2, "none.json"),
    ((*APPLY, "--only", "lisp"), 2, "lips"),
    ((*APPLY, "--without", "eys"), 2, "eyes"),
    ((*APPLY, "--strength", "2"), 2, "0 to 1"),
    ((*APPLY, "--strength", "lips=much"), 2, "lips=much"),
    ((*APPLY, "--faces", "0"), 2, "largest"),
    ((*APPLY, "-o", "none/out.png"), 7, "none"),
    ((*APPLY, "-o", "out.xyz"), 2, ".xyz"),
    ((*APPLY, "-o", "reference.png"), 7, "--force"),
    ((*APPLY, "-o", "."), 7, "folder"),
    (("transfer", "me.png", "none.png"), 6, "none.png"),
    (("transfer", "me.png", "reference.png", "--texture", "shiny"), 2, "keep"),
    (("transfer", "me.png", "reference.png", "--detail", "paint"), 2, "layers"),
    (("transfer", "me.png", "reference.png", "--reference-for", "eyes"), 2, "eyes=b.jpg"),
    (("transfer", "me.png", "reference.png", "--reference-for", "noes=me.png"), 2, "region"),
    (("read", "me.png", "--face", "3"), 2, "from 0 to 0"),
    (("looks", "show", "clasic-red-lip"), 2, "classic-red-lip"),
    (("looks", "list", "--tag", "boldd"), 2, "bold"),
    (("batch", "me.png", "-o", "out"), 2, "--look"),
    (("batch", "me.png", "-o", "out", *LOOK, "--reference", "reference.png"), 2, "both"),
    (("batch", "none", "-o", "out", *LOOK), 6, "none"),
    (("verify", "none.png"), 6, "none.png"),
    (("frobnicate",), 2, "frobnicate"),
]


@pytest.mark.parametrize(("arguments", "code", "words"), BAD_CALLS, ids=lambda value: " ".join(value) if isinstance(value, tuple) else None)
def test_bad_calls(arguments: tuple[str, ...], code: int, words: str, kohl: Kohl):
    before = {path: path.stat().st_mtime_ns for path in Path().iterdir()}
    result = kohl(*arguments)
    assert result.exit_code == code, result.output
    assert words in result.stderr
    assert result.stdout == ""
    assert {path: path.stat().st_mtime_ns for path in Path().iterdir()} == before


def test_no_face(kohl: Kohl, monkeypatch: pytest.MonkeyPatch):
    install(monkeypatch)
    result = kohl(*APPLY)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "face" in result.stderr


def test_a_picture_of_one_pixel_has_no_face(kohl: Kohl, monkeypatch: pytest.MonkeyPatch):
    install(monkeypatch)
    PillowImage.new("RGB", (1, 1)).save("dot.png")
    assert kohl("apply", "dot.png", *LOOK).exit_code == 3


def test_a_tiny_face(kohl: Kohl, monkeypatch: pytest.MonkeyPatch, drawing: object):
    install(monkeypatch, drawing.points * np.float32(0.15))  # type: ignore[attr-defined]
    result = kohl(*APPLY)
    assert result.exit_code == 3
    assert "64 px" in result.stderr


def test_a_folder_that_cannot_be_written(kohl: Kohl, monkeypatch: pytest.MonkeyPatch):
    def refuse(*arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refuse)
    result = kohl(*APPLY)
    assert result.exit_code == 7
    assert "Permission denied" in result.stderr
    assert not Path("me.kohl.png").exists()


def test_a_missing_extra_says_what_to_type(kohl: Kohl, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "skimage.data", None)
    result = kohl("samples", "try")
    assert result.exit_code == 5
    assert 'pip install "kohl[samples]"' in result.stderr


def test_some_of_a_batch_failed(kohl: Kohl):
    Path("bad.png").write_bytes(b"")
    result = kohl("batch", ".", "-o", "out", *LOOK)
    assert result.exit_code == 4
    assert "1 of 3" in result.stderr


@pytest.mark.parametrize(
    ("error", "code", "words"), [(ZeroDivisionError("oops"), 1, "fault in kohl"), (MemoryError(), 1, "memory"), (KeyboardInterrupt(), 130, "stopped")]
)
def test_what_nobody_foresaw(error: BaseException, code: int, words: str, kohl: Kohl, monkeypatch: pytest.MonkeyPatch):
    def fail(*arguments: object, **knobs: object) -> None:
        raise error

    monkeypatch.setattr(Studio, "apply_details", fail)
    result = kohl(*APPLY)
    assert result.exit_code == code
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert "Traceback" in kohl(*APPLY, "--debug").stderr


def test_errors_as_json(kohl: Kohl):
    result = kohl("apply", "none.jpg", *LOOK, "--json")
    told = json.loads(result.stdout)
    assert told["ok"] is False
    assert (told["error"]["type"], told["error"]["exit_code"]) == ("UnreadableImageError", 6)
    assert told["error"]["message"] in result.stderr


# The command line, and words of the message.
REFUSED_CALLS: list[tuple[tuple[str, ...], str]] = [
    (("apply", "me.png", "--lok", "gothic", "--json"), "--lok"),
    (("--json", "apply", "me.png", *LOOK), "--json"),
    ((*APPLY, "--json", "--seed", "abc"), "--seed"),
    (("batch", "me.png", "-o", "out", *LOOK, "--workers", "0", "--json"), "--workers"),
    (("aply", "me.png", "--json"), "'apply'"),
    (("looks", "lst", "--json"), "'list'"),
    (("looks", "show", "--json"), "Missing argument"),
    ((*APPLY, "extra.png", "--json"), "extra.png"),
    (("batch", "me.png", "--json", *LOOK), "--output"),
]


@pytest.mark.parametrize(("arguments", "words"), REFUSED_CALLS, ids=lambda value: " ".join(value) if isinstance(value, tuple) else None)
def test_what_the_option_parser_refuses_is_one_json_object_too(arguments: tuple[str, ...], words: str, kohl: Kohl):
    result = kohl(*arguments)
    assert result.exit_code == 2
    told = json.loads(result.stdout)
    assert (told["ok"], told["error"]["type"], told["error"]["exit_code"]) == (False, "UsageError", 2)
    assert words in told["error"]["message"]
    assert "--help" in told["error"]["message"]
    assert result.stderr


def test_a_file_that_is_called_json_asks_for_nothing(kohl: Kohl):
    result = kohl("apply", "me.png", "--lok", "--", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
