"""What the encoder's presets cost and give, on the moving films of benchmarks/video.py; what docs/video.md tells.

    python benchmarks/encoding.py [--portraits FOLDER]

Processor milliseconds a frame (one thread, so that nothing overlaps), kB a frame and PSNR of Y' against what went in, at x264's quality 18: with
sensor noise, and almost without. `superfast` is meant as kohl sets it; "plain superfast" is x264's own. With a folder of photos also a film of
the first dozen of them, six frames each, slowly growing: sharp pictures, and cuts.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

import video as films
from kohl.core.arrays import AnyArray
from kohl.video.encoders import Encoding, options_of

COUNT, FEWER = 24, 12
KINDS = ("ultrafast", "plain superfast", "superfast", "veryfast", "faster")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--portraits", type=Path, metavar="FOLDER", help="photos for a third film")
    folder = parser.parse_args().portraits
    for noise in (2.0, 0.5):
        films.NOISE = noise
        show(f"a portrait, noise {noise:g}/255", list(films.frames(COUNT, moving=True)))
    if folder is not None:
        show(f"portraits of {folder.name}", list(portraits(folder)))


def show(name: str, pixels: list[AnyArray]) -> None:
    """Print one film's table."""
    frames = [films.as_video_frame(each) for each in pixels]
    print(f"\n{name}\n{'preset':>16} ms/frame kB/frame   PSNR")
    for kind in KINDS:
        plain = {"x264-params": ""} if kind.startswith("plain") else {}
        milliseconds, size, decibels = measure(frames, options_of("libx264", Encoding(preset=kind.removeprefix("plain "))) | plain)
        print(f"{kind:>16} {milliseconds:8.1f} {size:8.1f} {decibels:6.2f}", flush=True)


def measure(frames: list[Any], options: dict[str, str]) -> tuple[float, float, float]:
    """Processor milliseconds and kB a frame, and PSNR of Y' in dB."""
    memory = io.BytesIO()
    with av.open(memory, "w", format="matroska") as out:
        stream = out.add_stream("libx264", rate=films.RATE, options=options)
        stream.height, stream.width = films.SIZE
        stream.pix_fmt, stream.codec_context.thread_count = "yuv420p", 1
        start = time.process_time()
        for number, frame in enumerate(frames):
            frame.pts, frame.time_base = number, Fraction(1, films.RATE)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        spent = time.process_time() - start
    size = memory.tell()
    memory.seek(0)
    with av.open(memory, "r") as made:
        errors = [np.square(luma(one) - luma(other)).mean() for one, other in zip(made.decode(video=0), frames, strict=True)]
    return 1000 * spent / len(frames), size / 1000 / len(frames), float(10 * np.log10(255**2 / np.mean(errors)))


def luma(frame: Any) -> AnyArray:
    """(720, 1280) float32."""
    return np.asarray(frame.to_ndarray(format="yuv420p")[: films.SIZE[0]], np.float32)


def portraits(folder: Path) -> Iterator[AnyArray]:
    """(720, 1280, 3) uint8, the photos' frames one after the other."""
    rng, (height, width) = np.random.default_rng(0), films.SIZE
    for path in sorted(folder.glob("*.jpg"))[:FEWER]:
        photo = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
        for number in range(6):
            scale = height / photo.shape[0] * (1 + 0.005 * number)
            matrix = np.array([[scale, 0, width / 2 - scale * photo.shape[1] / 2], [0, scale, height / 2 - scale * photo.shape[0] / 2]])
            seen = cv2.warpAffine(photo, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            yield np.clip(np.rint(seen + rng.normal(0, films.NOISE, seen.shape)), 0, 255).astype(np.uint8)


if __name__ == "__main__":
    main()
