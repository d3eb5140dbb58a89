"""Tiny videos for tests, drawn: a face that stands or moves, a sine tone beside it, and what a good video can have besides."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from kohl.core.arrays import AnyArray, Image, Points3
from kohl.faces.mesh import Mesh
from kohl.video.frames import picture_of
from kohl.video.orientation import Turn
from kohl.video.painter import Painted
from kohl.video.yuv import Picture

RATE = 25
TICKS = 600
"""Units of time in a second of these videos: 24 a frame at 25 frames a second."""
BT709 = {"color_range": 1, "colorspace": 1, "color_primaries": 1, "color_trc": 1}


def write_film(
    path: Path,
    frames: Sequence[AnyArray],
    *,
    times: Sequence[int] | None = None,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    sound: bool = True,
    rotation: int | None = None,
    aspect: Fraction | None = None,
    tags: dict[str, int] | None = None,
    metadata: dict[str, str] | None = None,
) -> Path:
    """Write (H, W, 3) uint8 frames; `times` in 1/600 s. Sound: a 440 Hz sine in AAC (Opus in WebM)."""
    times = list(range(0, TICKS // RATE * len(frames), TICKS // RATE)) if times is None else times
    tags = BT709 if tags is None else tags
    with av.open(str(path), "w", options={"movflags": "+faststart"} if path.suffix == ".mp4" else {}) as film:
        film.metadata.update(metadata or {})
        stream = film.add_stream(codec, rate=RATE, options={"crf": "4", "preset": "ultrafast"} if codec == "libx264" else {})
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = pix_fmt
        stream.time_base = stream.codec_context.time_base = Fraction(1, TICKS)
        for name, value in tags.items():
            setattr(stream.codec_context, name, value)
        if aspect is not None:
            stream.sample_aspect_ratio = aspect
        if rotation is not None:
            stream.set_display_rotation(rotation)
        tone = film.add_stream("libopus" if path.suffix == ".webm" else "aac", rate=48_000, layout="mono") if sound else None
        for number, (pixels, time) in enumerate(zip(frames, times, strict=True)):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format=pix_fmt, dst_colorspace="ITU709")
            frame.pts, frame.time_base = time, Fraction(1, TICKS)
            frame.duration = (times[number + 1] if number + 1 < len(times) else time + TICKS // RATE) - time
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
        if tone is not None:
            _write_tone(film, tone, (times[-1] + TICKS // RATE) / TICKS)
    return path


def _write_tone(film: Any, stream: Any, seconds: float) -> None:
    length = 960 if stream.name == "libopus" else 1024
    for start in range(0, int(48_000 * seconds), length):
        wave = 0.3 * np.sin(2 * np.pi * 440 * (np.arange(length) + start) / 48_000)
        frame = av.AudioFrame.from_ndarray(wave.astype(np.float32)[None], format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, start, Fraction(1, 48_000)
        film.mux(stream.encode(frame))
    film.mux(stream.encode(None))


def write_sound(path: Path) -> Path:
    """A file with a tone and no picture."""
    with av.open(str(path), "w") as film:
        _write_tone(film, film.add_stream("aac", rate=48_000, layout="mono"), 0.5)
    return path


def packets(path: Path, kind: str) -> list[tuple[str, Fraction]]:
    """(checksum, time) of every packet of the streams of one kind."""
    with av.open(str(path)) as film:
        streams = [stream for stream in film.streams if stream.type == kind]
        found = [packet for packet in film.demux(*streams) if packet.dts is not None]
        return [(hashlib.sha256(bytes(packet)).hexdigest(), packet.pts * packet.time_base) for packet in found]


def shown(path: Path) -> list[tuple[Fraction, AnyArray]]:
    """(time in seconds, (H, W, 3) uint8) of every frame, as it is stored."""
    with av.open(str(path)) as film:
        return [(frame.pts * frame.time_base, frame.to_ndarray(format="rgb24")) for frame in film.decode(video=0)]


def as_frame(image: Image, size: tuple[int, int] | None = None) -> AnyArray:
    """A picture (H, W, 3) in [0, 1] as uint8, resized to (h, w)."""
    resized = image if size is None else cv2.resize(image, size[::-1], interpolation=cv2.INTER_AREA)
    return np.round(resized * 255).clip(0, 255).astype(np.uint8)


def background(size: tuple[int, int], seed: int = 0) -> AnyArray:
    """(h, w, 3) uint8: a coarse pattern without a face."""
    rng = np.random.default_rng(seed)
    small = rng.integers(20, 235, (6, 8, 3)).astype(np.uint8)
    return cv2.resize(small, size[::-1], interpolation=cv2.INTER_NEAREST)


def picture(pixels: AnyArray, pix_fmt: str = "yuv420p") -> Picture:
    """The picture of (H, W, 3) uint8 pixels, in Y'CbCr of BT.709."""
    frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format=pix_fmt, dst_colorspace="ITU709")
    frame.colorspace, frame.color_range = 1, 1
    return picture_of(frame, Turn())[0]


class ScriptedFinder:
    """A `FaceFinder` that knows where the face is: `script` gives the mesh (478, 3) in pixels of the frame that comes next, or None."""

    def __init__(self) -> None:
        self.script: Points3 | None = None
        self.others: list[Points3] = []
        """Meshes that only a search of the whole frame finds."""
        self.num_searches = 0

    def detect(self, picture: Picture) -> list[Mesh]:
        self.num_searches += 1
        return [Mesh(points, 0.9) for points in self._all()]

    def follow(self, picture: Picture, mesh: Mesh) -> Mesh | None:
        there = {float(np.linalg.norm(points.mean(0) - mesh.points.mean(0))): points for points in self._all()}
        nearest = min(there, default=np.inf)
        return Mesh(there[nearest], mesh.score) if nearest < np.ptp(mesh.points[:, 0]) / 2 else None

    def _all(self) -> list[Points3]:
        return ([] if self.script is None else [self.script]) + self.others


class StillFinder:
    """A `FaceFinder` for films whose face stands where it was drawn, in frames that `is_there` says yes to.

    points: (478, 3) in pixels of a frame. `is_there` sees what the networks would: the frame in R'G'B'.
    """

    def __init__(self, points: Points3, *, is_there: Callable[[Image], bool] = lambda image: True) -> None:
        self.points, self.is_there = points, is_there

    def detect(self, picture: Picture) -> list[Mesh]:
        return [Mesh(self.points, 0.9)] if self.is_there(picture.rgb()) else []

    def follow(self, picture: Picture, mesh: Mesh) -> Mesh | None:
        return mesh if self.is_there(picture.rgb()) else None


class SpotPainter:
    """Adds `colour` to a disc around the mesh's middle, and nothing elsewhere."""

    def __init__(self, colour: tuple[float, float, float] = (0.2, -0.1, -0.1), reach: float = 1.6) -> None:
        self.colour, self.reach = colour, reach
        self.meshes: list[Mesh] = []

    def paint(self, image: Image, mesh: Mesh) -> Painted:
        self.meshes.append(mesh)
        (x, y), radius = mesh.points[:, :2].mean(0), np.ptp(mesh.points[:, 0]) / 4
        rows, columns = np.mgrid[: image.shape[0], : image.shape[1]] + 0.5
        inside = np.hypot(columns - x, rows - y) < radius
        painted = image.copy()
        painted[inside] = np.clip(painted[inside] + np.array(self.colour, np.float32), 0, 1)
        y0, y1, x0, x1 = box_of(inside)
        return (slice(y0, y1), slice(x0, x1)), painted[y0:y1, x0:x1]


def box_of(mask: AnyArray) -> tuple[int, int, int, int]:
    """y0, y1, x0, x1 of what is true in (h, w) `mask`."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
