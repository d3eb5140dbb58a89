"""What goes through a video file unchanged: times, sound, colours, rotation, the shape of pixels, and everything that is not painted."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image as PillowImage

from films import BT709, TICKS, SpotPainter, StillFinder, as_frame, background, packets, shown, write_film
from kohl.core.arrays import AnyArray, Points3
from kohl.video import Encoding, Production, Summary, make_up

FINE = Encoding(quality=4, preset="ultrafast")


def dress(film: Path, out: Path, painter: SpotPainter | None, finder: StillFinder, **options: object) -> Summary:
    return make_up(film, painter, out=out, production=Production(encoding=FINE, finder=finder, **options))  # type: ignore[arg-type]


def test_makeup_is_where_the_face_is_and_nowhere_else(film: Path, tmp_path: Path, painter: SpotPainter, finder: StillFinder, mesh: Points3):
    summary = dress(film, tmp_path / "out.mp4", painter, finder)
    assert (summary.frames, summary.painted, summary.faces, summary.lost, summary.cuts) == (12, 12, 1, 0, 0)
    x, y = mesh[:, :2].mean(0).astype(int)
    for (_, before), (_, after) in zip(shown(film), shown(tmp_path / "out.mp4"), strict=True):
        change = after.astype(int) - before
        spot = change[y - 8 : y + 8, x - 8 : x + 8].mean((0, 1)) / 255
        np.testing.assert_allclose(spot, painter.colour, atol=0.02)
        assert np.abs(change[:, :60].mean((0, 1))).max() < 0.5, "no colour shift where nobody painted"
        assert np.abs(change[:, :60]).mean() < 1.5


def test_frames_come_out_bit_for_bit_before_they_are_encoded(film: Path, tmp_path: Path, finder: StillFinder):
    out = tmp_path / "out.mkv"
    production = Production(encoding=Encoding(quality=0, preset="ultrafast"), finder=finder)
    make_up(film, None, out=out, production=production)
    assert all((before == after).all() for (_, before), (_, after) in zip(shown(film), shown(out), strict=True))


def test_sound_is_identical(film: Path, tmp_path: Path, painter: SpotPainter, finder: StillFinder):
    for name in ("out.mp4", "out.mov", "out.mkv"):
        dress(film, tmp_path / name, painter, finder)
        before, after = packets(film, "audio"), packets(tmp_path / name, "audio")
        assert len(before) > 10
        assert [checksum for checksum, _ in after] == [checksum for checksum, _ in before]
        # Matroska counts milliseconds from 0, where MP4 lets AAC begin a little before.
        start, tolerance = (before[0][1] - after[0][1], 0.0011) if name.endswith("mkv") else (0, 0)
        assert max(abs(one[1] - other[1] - start) for one, other in zip(before, after, strict=True)) <= tolerance
        assert abs(shown(tmp_path / name)[0][0] - shown(film)[0][0] + start) <= tolerance, "picture and sound stay together"


def test_times_are_kept_also_when_they_vary(frame: AnyArray, tmp_path: Path, painter: SpotPainter, finder: StillFinder):
    times = [0, 20, 33, 70, 90, 130, 200, 210, 300]
    film = write_film(tmp_path / "in.mp4", [frame] * len(times), times=times)
    dress(film, tmp_path / "out.mp4", painter, finder)
    assert [time for time, _ in shown(tmp_path / "out.mp4")] == [Fraction(time, TICKS) for time in times]
    with av.open(str(film)) as before, av.open(str(tmp_path / "out.mp4")) as after:
        assert after.streams.video[0].average_rate == before.streams.video[0].average_rate
        assert after.streams.video[0].duration * after.streams.video[0].time_base == Fraction(324, TICKS)


@pytest.mark.parametrize("rotation", [90, 180, -90])
def test_a_film_on_its_side_is_painted_and_plays_upright(
    rotation: int, frame: AnyArray, mesh: Points3, tmp_path: Path, painter: SpotPainter, finder: StillFinder
):
    stored = np.ascontiguousarray(np.rot90(frame, -rotation // 90))
    film = write_film(tmp_path / "in.mp4", [stored] * 3, rotation=rotation, aspect=Fraction(4, 3))
    dress(film, tmp_path / "out.mp4", painter, finder)
    x, y = mesh[:, :2].mean(0).astype(int)
    for _, after in shown(tmp_path / "out.mp4"):
        assert after.shape == frame.shape
        spot = (after.astype(int) - frame)[y - 8 : y + 8, x - 8 : x + 8].mean((0, 1)) / 255
        np.testing.assert_allclose(spot, painter.colour, atol=0.03)
    with av.open(str(tmp_path / "out.mp4")) as after:
        assert after.streams.video[0].sample_aspect_ratio == (Fraction(4, 3) if rotation == 180 else Fraction(3, 4))
        assert next(after.decode(video=0)).rotation == 0


@pytest.mark.parametrize(
    "tags",
    [BT709, {"color_range": 1, "colorspace": 6, "color_primaries": 6, "color_trc": 6}, {"color_range": 2, "colorspace": 1}],
    ids=["709", "601", "full"],
)
def test_colour_tags_are_kept(tags: dict[str, int], frame: AnyArray, tmp_path: Path, painter: SpotPainter, finder: StillFinder):
    film = write_film(tmp_path / "in.mp4", [frame] * 2, tags=tags, sound=False)
    dress(film, tmp_path / "out.mp4", painter, finder)
    with av.open(str(tmp_path / "out.mp4")) as after:
        codec = after.streams.video[0].codec_context
        assert {name: int(getattr(codec, name)) for name in tags} == tags


def test_makeup_of_a_600_line_film_is_right_in_its_own_matrix(frame: AnyArray, mesh: Points3, tmp_path: Path, finder: StillFinder):
    """The same change of colour comes out of BT.601 and BT.709 samples: whoever mixed them up would be off by a tenth in green."""
    painter, changes = SpotPainter((0.0, 0.25, 0.0)), []
    x, y = mesh[:, :2].mean(0).astype(int)
    for tags, space in ((BT709, "ITU709"), ({"color_range": 1, "colorspace": 6}, "ITU601")):
        film = write_film(tmp_path / f"{space}.mp4", [frame], tags=tags, sound=False)
        out = dress(film, tmp_path / f"{space}.out.mp4", painter, finder).output
        with av.open(str(film)) as before, av.open(str(out)) as after:
            pair = [next(one.decode(video=0)).to_ndarray(format="yuv420p")[y, x - 4 : x + 4].mean() for one in (before, after)]
        changes.append(pair[1] - pair[0])
    assert changes[0] == pytest.approx(0.25 * 219 * 0.7152, abs=1.5)
    assert changes[1] == pytest.approx(0.25 * 219 * 0.587, abs=1.5)


def test_webm_stays_webm(frame: AnyArray, tmp_path: Path, painter: SpotPainter, finder: StillFinder):
    film = write_film(tmp_path / "in.webm", [frame] * 6, codec="libvpx-vp9")
    summary = dress(film, tmp_path / "out.webm", painter, finder)
    assert summary.codec == "libvpx-vp9"
    assert [checksum for checksum, _ in packets(film, "audio")] == [checksum for checksum, _ in packets(tmp_path / "out.webm", "audio")]
    assert [time for time, _ in shown(film)] == [time for time, _ in shown(tmp_path / "out.webm")]


def test_ten_bits_stay_ten_bits(frame: AnyArray, tmp_path: Path, painter: SpotPainter, finder: StillFinder):
    film = write_film(tmp_path / "in.mkv", [frame] * 2, codec="libx265", pix_fmt="yuv420p10le", sound=False)
    summary = dress(film, tmp_path / "out.mp4", painter, finder)
    with av.open(str(tmp_path / "out.mp4")) as after:
        assert (summary.codec, after.streams.video[0].codec_context.format.name) == ("libx265", "yuv420p10le")


@pytest.mark.parametrize("count", [1, 2, 3])
def test_ten_bits_of_a_film_of_a_frame_or_two(count: int, frame: AnyArray, tmp_path: Path, painter: SpotPainter, finder: StillFinder):
    """x265 leaves their decode times unset: one such film in three could not be written."""
    film = write_film(tmp_path / "in.mkv", [frame] * count, codec="ffv1", pix_fmt="yuv420p10le", sound=False)
    for number in range(6):
        dress(film, tmp_path / f"{number}.mp4", painter, finder)
        assert [time for time, _ in shown(tmp_path / f"{number}.mp4")] == [time for time, _ in shown(film)]


@pytest.mark.parametrize(("size", "name", "expected"), [((91, 121), "out.mp4", (92, 122)), ((91, 121), "out.webm", (91, 121))])
def test_odd_sizes(size: tuple[int, int], name: str, expected: tuple[int, int], drawing: object, tmp_path: Path, mesh: Points3):
    film = write_film(tmp_path / "in.mkv", [background(size)] * 3, codec="ffv1", sound=False)
    painter, finder = SpotPainter(), StillFinder(mesh * 0.4)
    summary = dress(film, tmp_path / name, painter, finder)
    pixels = shown(tmp_path / name)[0][1]
    assert pixels.shape[:2] == expected
    assert any("even sides" in loss for loss in summary.losses) == (expected != size)


def test_other_pixel_formats_are_painted_too(frame: AnyArray, tmp_path: Path, painter: SpotPainter, finder: StillFinder):
    for pix_fmt, codec in (("bgr0", "ffv1"), ("gray", "ffv1"), ("yuv422p", "ffv1"), ("yuvj420p", "mjpeg")):
        film = write_film(tmp_path / f"{pix_fmt}.mkv", [frame] * 2, codec=codec, pix_fmt=pix_fmt, sound=False, tags={})
        assert dress(film, tmp_path / f"{pix_fmt}.mp4", painter, finder).painted == 2
        before, after = shown(film)[0][1].astype(int), shown(tmp_path / f"{pix_fmt}.mp4")[0][1]
        assert np.abs((after - before)[:, :60].mean((0, 1))).max() < 2.5, pix_fmt


def test_titles_stay_and_places_go(film: Path, tmp_path: Path, painter: SpotPainter, finder: StillFinder):
    dress(film, tmp_path / "out.mp4", painter, finder)
    with av.open(str(tmp_path / "out.mp4")) as after:
        assert after.metadata["title"] == "Me"
        assert not [name for name in after.metadata if "location" in name]


def test_metadata_can_be_kept(film: Path, tmp_path: Path, painter: SpotPainter, finder: StillFinder):
    kept = Encoding(quality=4, preset="ultrafast", keep_metadata=True)
    make_up(film, painter, out=tmp_path / "out.mp4", production=Production(encoding=kept, finder=finder))
    with av.open(str(film)) as before, av.open(str(tmp_path / "out.mp4")) as after:
        assert "location" in before.metadata
        assert after.metadata["location"] == before.metadata["location"]


def test_a_second_picture_stream_is_named_as_left_out(frame: AnyArray, tmp_path: Path, painter: SpotPainter, finder: StillFinder):
    path = tmp_path / "two.mkv"
    with av.open(str(path), "w") as film:
        streams = [film.add_stream("libx264", rate=25) for _ in range(2)]
        for stream in streams:
            stream.height, stream.width = frame.shape[:2]
            stream.pix_fmt = "yuv420p"
        for stream in streams:
            for number in range(3):
                pixels = av.VideoFrame.from_ndarray(frame, format="rgb24")
                pixels.pts = number
                film.mux(stream.encode(pixels))
            film.mux(stream.encode(None))
    summary = dress(path, tmp_path / "out.mkv", painter, finder)
    assert [loss for loss in summary.losses if "stream 1" in loss and "h264" in loss]


def test_progress_is_told_frame_by_frame(film: Path, tmp_path: Path, painter: SpotPainter, finder: StillFinder):
    told: list[tuple[int, float, float | None]] = []
    dress(film, tmp_path / "out.mp4", painter, finder, on_progress=lambda *numbers: told.append(numbers))
    assert [count for count, _, _ in told] == list(range(1, 13))
    assert told[-1][1] == pytest.approx(11 / 25)
    assert told[-1][2] == pytest.approx(12 / 25, abs=0.01)


def test_a_preview_shows_before_and_after(film: Path, tmp_path: Path, painter: SpotPainter, finder: StillFinder):
    sheet = tmp_path / "sheet.png"
    summary = dress(film, tmp_path / "out.mp4", painter, finder, preview=sheet)
    assert summary.preview == sheet
    with PillowImage.open(sheet) as picture:
        assert picture.size == (4 * (320 + 6) + 6, 3 * (2 * 180 + 3 + 6) + 6)


def test_the_same_film_gives_the_same_frames(film: Path, tmp_path: Path, painter: SpotPainter, finder: StillFinder):
    for name, workers in (("a.mp4", 1), ("b.mp4", 3)):
        dress(film, tmp_path / name, painter, finder, workers=workers)
    assert packets(tmp_path / "a.mp4", "video") == packets(tmp_path / "b.mp4", "video")


def test_no_face_in_half_of_the_frames(frame: AnyArray, mesh: Points3, tmp_path: Path, painter: SpotPainter):
    empty = as_frame(background((180, 320)) / 255)
    # Bright on its left: the drawn film is one flat colour there, the pattern is not.
    finder = StillFinder(mesh, is_there=lambda image: float(image[:, :4].std(axis=(0, 1)).max()) < 0.12)
    film = write_film(tmp_path / "in.mp4", [frame] * 10 + [empty] * 10)
    summary = dress(film, tmp_path / "out.mp4", painter, finder)
    assert (summary.frames, summary.painted, summary.cuts) == (20, 10, 1)
    before, after = shown(film)[-1][1].astype(int), shown(tmp_path / "out.mp4")[-1][1]
    assert np.abs(after - before).mean() < 2


@pytest.mark.parametrize(("name", "is_kept"), [("out.mkv", True), ("out.mp4", False)])
def test_subtitles_are_copied_or_named_as_left_out(name: str, is_kept: bool, film: Path, tmp_path: Path, painter: SpotPainter, finder: StillFinder):
    (tmp_path / "in.srt").write_text("1\n00:00:00,100 --> 00:00:00,400\nHello\n")
    with av.open(str(film)) as pictures, av.open(str(tmp_path / "in.srt")) as words, av.open(str(tmp_path / "in.mkv"), "w") as both:
        streams = [both.add_stream_from_template(source.streams[0]) for source in (pictures, words)]
        for source, stream in zip((pictures, words), streams, strict=True):
            for packet in source.demux(source.streams[0]):
                if packet.dts is not None:
                    packet.stream = stream
                    both.mux(packet)
    summary = dress(tmp_path / "in.mkv", tmp_path / name, painter, finder)
    assert (packets(tmp_path / name, "subtitle") == packets(tmp_path / "in.mkv", "subtitle")) == is_kept
    assert any("subtitle" in loss for loss in summary.losses) != is_kept


@pytest.mark.parametrize(("name", "codec"), [("in.avi", "mpeg4"), ("in.ts", "libx264"), ("in.mov", "libx264")])
def test_other_kinds_of_file_are_read(name: str, codec: str, frame: AnyArray, tmp_path: Path, painter: SpotPainter, finder: StillFinder):
    film = write_film(tmp_path / name, [frame] * 8, codec=codec, sound=name != "in.avi", times=range(0, 8 * 24, 24), tags={})
    summary = dress(film, tmp_path / "out.mp4", painter, finder)
    assert summary.frames == 8
    steps = np.diff([float(time) for time, _ in shown(tmp_path / "out.mp4")])
    np.testing.assert_allclose(steps, 1 / 25, atol=1e-3)


def test_chapters_are_kept(film: Path, tmp_path: Path, painter: SpotPainter, finder: StillFinder):
    with av.open(str(film)) as source, av.open(str(tmp_path / "in.mkv"), "w") as chaptered:
        stream = chaptered.add_stream_from_template(source.streams.video[0])
        chaptered.set_chapters([{"id": 1, "start": 0, "end": 200, "time_base": Fraction(1, 1000), "metadata": {"title": "Lips"}}])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                chaptered.mux(packet)
    for name in ("out.mkv", "out.mp4"):
        dress(tmp_path / "in.mkv", tmp_path / name, painter, finder)
        with av.open(str(tmp_path / name)) as after:
            (chapter,) = after.chapters()
            assert chapter["metadata"]["title"] == "Lips"
            assert chapter["end"] * chapter["time_base"] == Fraction(1, 5)
