"""Bad videos and bad targets: an error in words, and nothing half-written."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from films import SpotPainter, StillFinder, write_film, write_sound
from kohl.core.arrays import AnyArray
from kohl.core.errors import KohlError, MissingExtraError, NoFaceError, OutputError, OutputExistsError, UnreadableVideoError, UsageError
from kohl.core.images import open_image, save_image
from kohl.video import Encoding, Production, apply, make_up, sink
from kohl.video.sink import Sink

BAD: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda good: b"", "empty"),
    "text": (lambda good: b"Dear diary, today I filmed my face.\n" * 20, "text"),
    "random": (lambda good: np.random.default_rng(0).bytes(5000), "no video"),
    "cut off": (lambda good: good[: len(good) // 2], "truncated"),
    "without its index": (lambda good: good[: good.index(b"moov") - 4], "truncated"),
    "no samples": (lambda good: good[: good.index(b"mdat") + 4], "truncated|no frame|damaged"),
}


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def dress(film: Path, out: Path, finder: StillFinder, painter: Any = None, **options: Any) -> None:
    production = Production(encoding=Encoding(preset="ultrafast"), finder=finder, **options)
    make_up(film, painter or SpotPainter(), out=out, production=production)


@pytest.mark.parametrize("name", BAD)
def test_bad_files(name: str, frame: AnyArray, tmp_path: Path, finder: StillFinder):
    make, words = BAD[name]
    # Four seconds that keep changing, so that half of them is missed; with the index in front, but for the case that wants it behind.
    frames = [np.roll(frame, 7 * number, axis=1) for number in range(50)]
    path = tmp_path / ("good.mov" if name == "without its index" else "good.mp4")
    good = write_film(path, frames, times=range(0, 48 * 50, 48), sound=False)
    (tmp_path / "bad.mp4").write_bytes(make(good.read_bytes()))
    before = left_in(tmp_path)
    with pytest.raises(UnreadableVideoError, match=words) as caught:
        dress(tmp_path / "bad.mp4", tmp_path / "out.mp4", finder)
    assert caught.value.exit_code == 6
    assert "bad.mp4" in str(caught.value)
    assert left_in(tmp_path) == before


def test_a_file_that_is_not_there(tmp_path: Path, finder: StillFinder):
    for path, words in ((tmp_path / "none.mp4", "no such file"), (tmp_path, "folder")):
        with pytest.raises(UnreadableVideoError, match=words):
            dress(path, tmp_path / "out.mp4", finder)


def test_a_file_with_sound_alone(tmp_path: Path, finder: StillFinder):
    with pytest.raises(UnreadableVideoError, match="only audio"):
        dress(write_sound(tmp_path / "song.mp4"), tmp_path / "out.mp4", finder)


def test_a_photo_is_a_video_of_one_frame(frame: AnyArray, tmp_path: Path, finder: StillFinder):
    opened = open_image(frame)
    save_image(tmp_path / "photo.png", opened, opened.pixels)
    dress(tmp_path / "photo.png", tmp_path / "out.mp4", finder)
    with av.open(str(tmp_path / "out.mp4")) as film:
        assert len(list(film.decode(video=0))) == 1


def test_damaged_packets_are_passed_over_and_counted(frame: AnyArray, tmp_path: Path, finder: StillFinder):
    film = write_film(tmp_path / "in.mkv", [frame] * 10, codec="mjpeg", pix_fmt="yuvj420p", sound=False, tags={})
    data = bytearray(film.read_bytes())
    starts = [place for place in range(len(data)) if data[place : place + 3] == b"\xff\xd8\xff"]
    data[starts[4] : starts[4] + 700] = bytes(700)
    film.write_bytes(bytes(data))
    summary = make_up(film, SpotPainter(), out=tmp_path / "out.mp4", production=Production(finder=finder))
    assert summary.frames == 9
    assert "1 damaged packets could not be decoded" in summary.losses


def test_no_face_anywhere(film: Path, tmp_path: Path, mesh: AnyArray):
    nobody = StillFinder(mesh, is_there=lambda image: False)
    with pytest.raises(NoFaceError, match="12 frames"):
        dress(film, tmp_path / "out.mp4", nobody)
    assert left_in(tmp_path) == set()


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("none/out.mp4", OutputError, "does not exist"),
        ("out.avi", UsageError, r"\.avi"),
        ("out", UsageError, "no ending"),
        ("taken.mp4", OutputExistsError, "--force"),
        ("folder.mp4", OutputError, "folder"),
        ("out.webm", UsageError, "cannot hold this video's sound"),
    ],
)
def test_targets_that_cannot_be(name: str, error: type[KohlError], words: str, film: Path, tmp_path: Path, finder: StillFinder):
    (tmp_path / "taken.mp4").write_bytes(b"mine")
    (tmp_path / "folder.mp4").mkdir()
    before = left_in(tmp_path)
    with pytest.raises(error, match=words):
        dress(film, tmp_path / name, finder)
    assert left_in(tmp_path) == before
    assert (tmp_path / "taken.mp4").read_bytes() == b"mine"


def test_force_replaces_and_only_at_the_end(film: Path, tmp_path: Path, finder: StillFinder):
    target, seen = tmp_path / "out.mp4", []
    target.write_bytes(b"old")
    dress(film, target, finder, force=True, on_progress=lambda *_: seen.append(target.read_bytes() == b"old"))
    assert all(seen)
    assert target.stat().st_size > 1000


@pytest.mark.parametrize("where", ["write", "hand_on", "finish"])
def test_a_full_disk(where: str, film: Path, tmp_path: Path, finder: StillFinder, monkeypatch: pytest.MonkeyPatch):
    def full(*arguments: Any) -> None:
        with sink._disk_errors(tmp_path / "out.mp4"):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(Sink, where, full)
    with pytest.raises(OutputError, match="No space left"):
        dress(film, tmp_path / "out.mp4", finder)
    assert left_in(tmp_path) == set()


def test_a_disk_that_fills_up_while_ffmpeg_writes(film: Path, tmp_path: Path, finder: StillFinder):
    resource = pytest.importorskip("resource", reason="limits of file size are POSIX")
    old, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, old[1]))
        with pytest.raises(OutputError, match="free space"):
            dress(film, tmp_path / "out.mp4", finder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)
    assert left_in(tmp_path) == set()


@pytest.mark.parametrize("where", ["painter", "progress"])
def test_an_interrupt_leaves_nothing(where: str, film: Path, tmp_path: Path, finder: StillFinder):
    def interrupt(*arguments: Any) -> Any:
        raise KeyboardInterrupt

    painter = SpotPainter()
    if where == "painter":
        painter.paint = interrupt  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        dress(film, tmp_path / "out.mp4", finder, painter, on_progress=interrupt if where == "progress" else None)
    assert left_in(tmp_path) == set()


def test_a_fault_in_painting_comes_out_as_it_is(film: Path, tmp_path: Path, finder: StillFinder):
    painter = SpotPainter(colour=(0.1, 0.1))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="broadcast"):
        dress(film, tmp_path / "out.mp4", finder, painter)
    assert left_in(tmp_path) == set()


def test_without_pyav_the_extra_is_named(film: Path, tmp_path: Path, finder: StillFinder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    with pytest.raises(MissingExtraError, match=r'pip install "kohl\[video\]"'):
        dress(film, tmp_path / "out.mp4", finder)


@pytest.mark.parametrize(
    ("knobs", "words"),
    [({"only": "lisp"}, "lips"), ({"strength": 2.0}, "0 to 1"), ({"faces": 0}, "largest"), ({"colour": 1}, "keyword")],
)
def test_bad_knobs_are_refused_before_anything_is_read(knobs: dict[str, Any], words: str, tmp_path: Path):
    with pytest.raises(UsageError, match=words):
        apply(tmp_path / "none.mp4", "gothic", out=tmp_path / "out.mp4", **knobs)


@pytest.mark.parametrize("options", [{"quality": 60}, {"preset": "warp"}])
def test_bad_encodings(options: dict[str, Any]):
    with pytest.raises(UsageError):
        Encoding(**options)


def test_at_least_one_painter(film: Path, tmp_path: Path, finder: StillFinder):
    with pytest.raises(UsageError, match="workers"):
        dress(film, tmp_path / "out.mp4", finder, workers=0)


def test_strength_0_hands_the_frames_on(film: Path, tmp_path: Path):
    summary = apply(film, "gothic", out=tmp_path / "out.mp4", strength=0)
    assert (summary.frames, summary.painted) == (12, 0)
