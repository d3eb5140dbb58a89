"""`kohl video`: what it prints and writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from running import Kohl, load

from drawn import Drawing
from films import StillFinder, as_frame, shown, write_film, write_sound
from kohl.cli.voice import Voice
from kohl.video import tracking
from learned_looks import tint_look

LOOK = ("--look", "classic-red-lip")


@pytest.fixture
def film(kohl: Kohl, drawing: Drawing, monkeypatch: pytest.MonkeyPatch) -> Path:
    """in.mp4 in the folder of the fixture `kohl`: six frames of the drawn face, which is found where it was drawn."""
    monkeypatch.setattr(tracking, "shared_finder", lambda: StillFinder(drawing.points * np.float32(0.5)))
    return write_film(Path("in.mp4"), [as_frame(drawing.image, (256, 256))] * 6)


@pytest.mark.usefixtures("film")
def test_a_look(kohl: Kohl, drawing: Drawing):
    result = kohl("video", "in.mp4", *LOOK, "-o", "out.mp4")
    assert (result.exit_code, result.stdout) == (0, "out.mp4\n"), result.stderr
    assert "6 frames" in result.stderr
    lips = drawing.lips[::2, ::2] > 0.95
    change = shown(Path("out.mp4"))[3][1].astype(int) - shown(Path("in.mp4"))[3][1]
    assert change[lips][:, 1].mean() < -20, "red lips have less green"
    assert np.abs(change[:20, :20]).mean() < 2


@pytest.mark.usefixtures("film")
def test_a_reference_as_json(kohl: Kohl):
    result = kohl("video", "in.mp4", "--reference", "reference.png", "--only", "lips", "--json", "--preview")
    told = json.loads(result.stdout)
    assert result.exit_code == 0, result.stderr
    assert told["ok"] is True
    assert (told["output"], told["preview"]) == ("in.kohl.mp4", "in.kohl.preview.png")
    assert (told["frames"], told["painted"], told["faces"], told["lost"], told["cuts"]) == (6, 6, 1, 0, 0)
    assert told["fps"] > 0
    assert set(told["stages"]) == {"decode", "track", "paint", "encode"}
    assert load("in.kohl.preview.png").width > 1000


@pytest.mark.usefixtures("film")
def test_a_learned_look(kohl: Kohl):
    Path("tint.onnx").write_bytes(tint_look())
    result = kohl("video", "in.mp4", "--look", "tint.onnx", "--strength", "0.5", "-o", "out.mkv", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 0, result.stderr
    assert told["learned"]["name"] == "tint"
    assert told["painted"] == 6


@pytest.mark.usefixtures("film")
def test_a_video_that_stays_as_it_is_is_no_surprise(kohl: Kohl):
    result = kohl("video", "in.mp4", "--look", "red lips", "--only", "eyes", "-o", "out.mp4")
    assert (result.exit_code, "note: nothing to put on" in result.stderr) == (0, True)


def test_a_face_that_is_always_too_small_is_told(kohl: Kohl, drawing: Drawing, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tracking, "shared_finder", lambda: StillFinder(drawing.points * np.float32(0.1)))
    write_film(Path("small.mp4"), [as_frame(drawing.image, (52, 52))] * 3)
    result = kohl("video", "small.mp4", *LOOK, "-o", "out.mp4")
    assert (result.exit_code, "note: no frame got makeup" in result.stderr) == (0, True), result.stderr


@pytest.mark.usefixtures("film")
def test_verify_reads_videos(kohl: Kohl):
    assert kohl("video", "in.mp4", *LOOK, "-o", "out.mp4", "--quiet").stdout == ""
    before, after, photo = kohl("verify", "in.mp4", "out.mp4", "me.png").stdout.splitlines()
    assert before.endswith("carries no mark")
    assert "made up with kohl" in after
    assert photo.endswith("carries no mark")


@pytest.mark.usefixtures("film")
def test_verify_refuses_a_video_that_was_cut_off(kohl: Kohl):
    data = Path("in.mp4").read_bytes()
    Path("cut.mp4").write_bytes(data[: len(data) // 2])
    result = kohl("verify", "cut.mp4")
    assert (result.exit_code, result.stdout) == (6, "")
    assert "truncated" in result.stderr


@pytest.mark.usefixtures("film")
def test_progress_where_somebody_watches(kohl: Kohl, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Voice, "shows_progress", True)
    assert "6 frames" in kohl("video", "in.mp4", *LOOK, "-o", "out.mp4").stderr


BAD_CALLS: list[tuple[tuple[str, ...], int, str]] = [
    (("none.mp4", *LOOK), 6, "none.mp4"),
    (("text.mp4", *LOOK), 6, "text"),
    (("song.mp4", *LOOK), 6, "audio"),
    (("in.mp4",), 2, "--look"),
    (("in.mp4", *LOOK, "--reference", "reference.png"), 2, "one of the two"),
    (("in.mp4", "--look", "classic-red-lpi"), 2, "classic-red-lip"),
    (("in.mp4", "--look", "weights.pt"), 6, "pickle"),
    (("in.mp4", "--reference", "none.png"), 6, "none.png"),
    (("in.mp4", *LOOK, "-o", "out.avi"), 2, ".avi"),
    (("in.mp4", *LOOK, "-o", "out.webm"), 2, "sound"),
    (("in.mp4", *LOOK, "-o", "me.png"), 2, ".png"),
    (("in.mp4", *LOOK, "-o", "taken.mp4"), 7, "--force"),
    (("in.mp4", *LOOK, "-o", "none/out.mp4"), 7, "none"),
    (("in.mp4", *LOOK, "--preset", "warp"), 2, "ultrafast"),
    (("in.mp4", *LOOK, "--quality", "99"), 2, "quality"),
    (("in.mp4", *LOOK, "--only", "lisp"), 2, "lips"),
]


@pytest.mark.usefixtures("film")
@pytest.mark.parametrize(("arguments", "code", "words"), BAD_CALLS, ids=lambda value: " ".join(value) if isinstance(value, tuple) else None)
def test_bad_calls(arguments: tuple[str, ...], code: int, words: str, kohl: Kohl):
    Path("text.mp4").write_text("Dear diary, today I filmed my face. " * 30)
    Path("taken.mp4").write_bytes(b"mine")
    Path("weights.pt").write_bytes(b"PK\x03\x04")
    write_sound(Path("song.mp4"))
    before = {path: path.stat().st_mtime_ns for path in Path().iterdir()}
    result = kohl("video", *arguments)
    assert result.exit_code == code, result.output
    assert words in result.stderr
    assert result.stdout == ""
    assert {path: path.stat().st_mtime_ns for path in Path().iterdir()} == before
