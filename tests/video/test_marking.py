"""The mark that says a video was made up, and what other marks become."""

from __future__ import annotations

from pathlib import Path

import pytest

from films import SpotPainter, StillFinder
from kohl.core.errors import UnreadableVideoError
from kohl.core.provenance import Provenance, SourceType, write_xmp
from kohl.video import Production, make_up
from kohl.video.marking import is_video, mark, read_video_provenance


@pytest.mark.parametrize("name", ["out.mp4", "out.mov", "out.mkv"])
def test_videos_carry_the_mark(name: str, film: Path, tmp_path: Path, painter: SpotPainter, finder: StillFinder):
    assert read_video_provenance(film) == Provenance()
    make_up(film, painter, out=tmp_path / name, production=Production(finder=finder))
    found = read_video_provenance(tmp_path / name)
    assert found.is_marked_by_kohl
    assert found.source_type == "algorithmicallyEnhanced"
    assert is_video(tmp_path / name)


@pytest.mark.parametrize("name", ["again.mp4", "again.mkv"])
def test_a_generated_video_stays_a_generated_one(name: str, film: Path, tmp_path: Path, painter: SpotPainter, finder: StillFinder):
    generated = tmp_path / "generated.mp4"
    packet = write_xmp(SourceType.GENERATED, Provenance())
    box = bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + packet
    generated.write_bytes(film.read_bytes() + (len(box) + 8).to_bytes(4, "big") + b"uuid" + box)
    assert read_video_provenance(generated).source_type == "trainedAlgorithmicMedia"
    make_up(generated, painter, out=tmp_path / name, production=Production(finder=finder))
    assert read_video_provenance(tmp_path / name).source_type == "trainedAlgorithmicMedia"


@pytest.mark.parametrize(
    "tail",
    [b"\x00\x00\x00\x04uuid", b"\x00\x00\x00\x00uuid" + b"x" * 5, b"\xff\xff\xff\xffuuid", b"\x00\x00\x00\x01uuid" + b"\xff" * 8, b"\x00\x00"],
    ids=["too small", "to the end", "too large", "huge", "cut off"],
)
def test_hostile_boxes_are_passed_over(tail: bytes, tmp_path: Path):
    path = tmp_path / "bad.mp4"
    path.write_bytes(b"\x00\x00\x00\x10ftypisom\x00\x00\x00\x00" + tail)
    assert read_video_provenance(path) == Provenance()


@pytest.mark.parametrize(("kept", "lack"), [(0.5, "bytes are missing"), (0.999, "bytes are missing"), (0, "its index is missing")])
def test_of_a_video_that_was_cut_off_nobody_says_that_it_has_no_mark(
    kept: float, lack: str, film: Path, tmp_path: Path, painter: SpotPainter, finder: StillFinder
):
    make_up(film, painter, out=tmp_path / "out.mp4", production=Production(finder=finder))
    data = (tmp_path / "out.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(data[: int(kept * len(data)) or int.from_bytes(data[:4], "big")])
    assert read_video_provenance(tmp_path / "out.mp4", whole=True).is_marked_by_kohl
    assert read_video_provenance(film, whole=True) == Provenance()
    with pytest.raises(UnreadableVideoError, match=rf"truncated \({'[0-9]+ ' if kept else ''}{lack}\): .*cut\.mp4"):
        read_video_provenance(tmp_path / "cut.mp4", whole=True)


def test_a_whole_video_may_end_in_what_is_no_box(film: Path, tmp_path: Path):
    for tail in (b"\x00" * 40, b"\x00\x00", b"\xff" * 40):
        (tmp_path / "padded.mp4").write_bytes(film.read_bytes() + tail)
        assert read_video_provenance(tmp_path / "padded.mp4", whole=True) == Provenance()


def test_what_is_no_video(tmp_path: Path):
    (tmp_path / "a.heic").write_bytes(b"\x00\x00\x00\x10ftypheic\x00\x00\x00\x00")
    (tmp_path / "b.txt").write_bytes(b"hello")
    assert not is_video(tmp_path / "a.heic")
    assert not is_video(tmp_path / "b.txt")
    assert not is_video(tmp_path / "none.mp4")
    with pytest.raises(UnreadableVideoError, match="none"):
        read_video_provenance(tmp_path / "none.mp4")
    (tmp_path / "c.mkv").write_bytes(b"\x1a\x45\xdf\xa3" + b"broken" * 20)
    with pytest.raises(UnreadableVideoError, match="damaged"):
        read_video_provenance(tmp_path / "c.mkv")


def test_matroska_is_not_marked_twice(tmp_path: Path):
    path = tmp_path / "x.mkv"
    path.write_bytes(b"data")
    mark(path, ".mkv", Provenance())
    assert path.read_bytes() == b"data"
