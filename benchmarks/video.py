"""Measures video: frames per second end to end, makeup that must not tremble, and sound that must not change.

    python benchmarks/video.py [--save] [--quick] [--learned FILE.onnx]

Two films of 1280×720 are made from a still portrait (scikit-image's astronaut) with sensor noise and a tone: in one the head stands still, in the
other the camera zooms and pans slowly. Speed is that of `kohl.video` on the moving film, from file to file, warm: the middle of three runs after
one that does not count; processor time (all threads) hardly moves when other programs run. Flicker is measured on the still film's frames as they
are before they are encoded, every pair of them. Without `--learned` the first learned look that comes with kohl is worn; if there is none, a row
says so.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from kohl import video
from kohl.api.asking import as_look
from kohl.api.samples import sample_photo
from kohl.api.studio import Studio
from kohl.core.arrays import AnyArray, Image
from kohl.core.region import Region
from kohl.evaluation.metrics.flicker import flicker, warp_error
from kohl.methods import registry
from kohl.methods.base import Controls
from kohl.methods.tinybeauty import shipped
from kohl.video.dressing import Dresser
from kohl.video.frames import picture_of
from kohl.video.orientation import Turn
from kohl.video.painter import Painter, ReferencePainter, painter_for
from kohl.video.steadying import Steadier
from kohl.video.tracking import Tracker, box_around
from kohl.video.yuv import Picture
from record import Record, Table

SIZE = (720, 1280)
RATE = 25
NOISE = 2.0
"""Standard deviation of the sensor's noise, in 1/255."""
PRESETS = ("classic-red-lip", "plum-evening", "gothic")
TARGET_FPS, TARGET_FLICKER = 25, 1.0
THREADS = 2


@dataclass(frozen=True)
class Kind:
    """What is worn: a name for the tables, and its painter."""

    name: str
    painter: Painter
    must_be_fast: bool = False
    """Whether the target of 25 frames a second is meant for it."""


def frames(count: int, *, moving: bool) -> Iterator[AnyArray]:
    """(720, 1280, 3) uint8: the portrait with noise, as a camera on a tripod or in a hand sees it."""
    photo, rng = sample_photo(), np.random.default_rng(0)
    for number in range(count):
        seconds = number / RATE if moving else 0.0
        scale = SIZE[0] / photo.shape[0] * (1 + 0.05 * np.sin(0.8 * seconds))
        x = SIZE[1] / 2 - scale * photo.shape[1] / 2 + 40 * np.sin(1.1 * seconds)
        y = SIZE[0] / 2 - scale * photo.shape[0] / 2 + 15 * np.sin(1.7 * seconds)
        matrix = np.array([[scale, 0, x], [0, scale, y]])
        seen = cv2.warpAffine(photo, matrix, SIZE[::-1], flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        noisy = seen + rng.standard_normal(seen.shape, np.float32) * np.float32(NOISE)
        yield np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def as_video_frame(pixels: AnyArray) -> Any:
    frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p", dst_colorspace="ITU709")
    frame.colorspace = frame.color_range = frame.color_primaries = frame.color_trc = 1
    return frame


def write_film(path: Path, count: int) -> None:
    """The moving film, with a tone of 440 Hz."""
    with av.open(str(path), "w") as film:
        picture = film.add_stream("libx264", rate=RATE, options={"crf": "16", "preset": "veryfast"})
        picture.height, picture.width = SIZE
        picture.pix_fmt = "yuv420p"
        tone = film.add_stream("aac", rate=48_000, layout="mono")
        for number, pixels in enumerate(frames(count, moving=True)):
            frame = as_video_frame(pixels)
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            film.mux(picture.encode(frame))
        film.mux(picture.encode(None))
        for start in range(0, 48_000 * count // RATE, 1024):
            wave = 0.3 * np.sin(2 * np.pi * 440 * (np.arange(1024) + start) / 48_000)
            sound = av.AudioFrame.from_ndarray(wave.astype(np.float32)[None], format="fltp", layout="mono")
            sound.sample_rate, sound.pts = 48_000, start
            film.mux(tone.encode(sound))
        film.mux(tone.encode(None))


def sound_of(path: Path) -> list[tuple[str, Fraction]]:
    """Checksum and time of every packet of sound."""
    with av.open(str(path)) as film:
        packets = [packet for packet in film.demux(audio=0) if packet.dts is not None]
        return [(hashlib.sha256(bytes(packet)).hexdigest(), packet.pts * packet.time_base) for packet in packets]


def kinds(learned: str | None) -> list[Kind]:
    """Everything that is worn."""
    found = [Kind(f"preset {name}", _painter(name)) for name in PRESETS]
    photo = sample_photo()
    reference = Studio().apply(np.ascontiguousarray(photo[:, ::-1]), "plum-evening")
    readings = dict.fromkeys(Region, Studio().read_details(reference))
    found.append(Kind("reference", ReferencePainter(registry.create("procedural"), readings, Controls())))
    name = learned or next((f"{shipped.PREFIX}{name}" for name in shipped.names()), None)
    if name is not None:
        found.append(Kind(f"learned look {Path(name).stem}", _painter(name), must_be_fast=True))
    return found


def _painter(name: str) -> Painter:
    painter = painter_for(as_look(name), Controls())
    if painter is None:
        raise SystemExit(f"nothing to paint in {name}")
    return painter


@dataclass(frozen=True)
class Speed:
    """One kind on the moving film: frames a second, processor milliseconds a frame, busy milliseconds a frame of each stage, the sound kept."""

    fps: float
    processor: float
    stages: dict[str, float]
    sound_is_identical: bool


def measure_speed(kind: Kind, film: Path, folder: Path, runs: int) -> Speed:
    """Middle of `runs` after one that does not count."""
    out, results = folder / "out.mp4", []
    for _ in range(runs + 1):
        start = time.process_time()
        summary = video.make_up(film, kind.painter, out=out, production=video.Production(force=True))
        results.append((summary.fps, 1000 * (time.process_time() - start) / summary.frames, summary))
    fps, processor, summary = sorted(results[1:], key=lambda result: result[0])[runs // 2]
    stages = {name: 1000 * seconds / summary.frames for name, seconds in summary.stages.items()}
    return Speed(fps, processor, stages, sound_of(film) == sound_of(out))


def measure_flicker(kind: Kind, pictures: list[Picture], *, steadied: bool = True) -> dict[str, float]:
    """Flicker, and the warp error with and without makeup, in 1/255, of the still film around the face."""
    tracker = Tracker()
    dresser = Dresser(kind.painter, tracker, Steadier() if steadied else Steadier(np.inf))
    before: list[Image] = []
    after: list[Image] = []
    box = None
    for number, picture in enumerate(pictures):
        painted = picture.copy()
        dresser.dress(painted, number / RATE)
        if box is None:
            points = Tracker().update(picture, 0.0)[0].points
            box = picture.align(box_around(points, 1.6, picture.size))
        before.append(picture.rgb(box))
        after.append(painted.rgb(box))
    return {"flicker": flicker(before, after), "warp_before": warp_error(before), "warp_after": warp_error(after, before)}


def speed_table(measured: dict[str, Speed], worn: list[Kind]) -> Table:
    rows: list[list[str | float | None]] = []
    for kind in worn:
        speed = measured[kind.name]
        stages = [speed.stages[name] for name in ("decode", "track", "paint", "encode")]
        target = TARGET_FPS if kind.must_be_fast else None
        rows.append([kind.name, speed.fps, target, speed.processor, *stages, "yes" if speed.sound_is_identical else "NO"])
    if not any(kind.must_be_fast for kind in worn):
        rows.append(["learned look: none is here", None, TARGET_FPS, *[None] * 5, "–"])
    columns = ("worn", "frames a second", "target", "processor ms a frame", "decode", "track", "paint", "encode", "sound identical")
    notes = "Stages: milliseconds a frame at work; they overlap, and two painters count twice. From file to file, sound included."
    return Table(f"{SIZE[1]}×{SIZE[0]}, from file to file, warm", columns, rows, notes)


def flicker_table(measured: dict[str, tuple[dict[str, float], dict[str, float]]]) -> Table:
    rows = [
        [name, steady["flicker"], TARGET_FLICKER, raw["flicker"], steady["warp_before"], steady["warp_after"]]
        for name, (steady, raw) in measured.items()
    ]
    columns = ("worn", "flicker", "target", "without steadying", "warp error of the film", "with makeup")
    return Table(f"A still face with noise of {NOISE:g}/255, in 1/255", columns, rows, "Lower is better. See `kohl.evaluation.metrics.flicker`.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--save", action="store_true", help="write docs/results/video.json and docs/benchmarks.md")
    parser.add_argument("--quick", action="store_true", help="short films, one run")
    parser.add_argument("--learned", metavar="FILE", help="the learned look to wear")
    options = parser.parse_args()
    cv2.setNumThreads(THREADS)
    record = Record("video", "How fast is video, and does makeup stand still?")
    worn, count, runs = kinds(options.learned), 20 if options.quick else 150, 1 if options.quick else 3
    pictures = [picture_of(as_video_frame(pixels), Turn())[0] for pixels in frames(8 if options.quick else 25, moving=False)]
    measured = {kind.name: (measure_flicker(kind, pictures), measure_flicker(kind, pictures, steadied=False)) for kind in worn}
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "in.mp4"
        write_film(film, count)
        speeds = {kind.name: measure_speed(kind, film, Path(folder), runs) for kind in worn}
    record.tables += [speed_table(speeds, worn), flicker_table(measured)]
    record.numbers |= {
        "speed": {name: vars(speed) for name, speed in speeds.items()},
        "flicker": {name: {"steadied": steady, "raw": raw} for name, (steady, raw) in measured.items()},
        "frames": count,
        "threads": THREADS,
    }
    record.show()
    if options.save:
        record.save()


if __name__ == "__main__":
    main()
