"""The faces that benchmarks use: the made-up and real portraits of ../shared/data/faces, where they are there.

No picture leaves that folder: results hold numbers, and names only of synthetic faces.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from kohl.api.samples import sample_photo
from kohl.core.arrays import AnyArray, Image
from kohl.core.images import open_image

FACES = Path(__file__).resolve().parents[2] / "shared" / "data" / "faces"
JUDGED = tuple(Path(__file__).resolve().parents[1] / folder / "worn_by_eye.csv" for folder in ("scripts", "benchmarks"))
"""What faces of the train and of the test split wear."""


@dataclass(frozen=True)
class Portrait:
    """One line of `index.csv`. `ita`: rough skin tone, degrees. `yaw`: degrees."""

    file: str
    is_real: bool
    label: str
    person: str
    split: str
    ita: float
    yaw: float

    def open(self) -> Image:
        """Return the picture, (H, W, 3) float32 sRGB in [0, 1]."""
        return open_image(FACES / self.file).pixels

    @property
    def name(self) -> str:
        """What a result may call it: the file of a synthetic face, a number for a real person."""
        return f"real portrait {[item for item in portraits() if item.is_real].index(self)}" if self.is_real else self.file.removesuffix(".jpg")


@functools.cache
def portraits() -> tuple[Portrait, ...]:
    """All of the index, in its order. Raises SystemExit with what to do where the folder is missing."""
    index = FACES / "index.csv"
    if not index.is_file():
        raise SystemExit(f"this benchmark needs the portraits of ../shared/data/faces beside the repository; {index.name} is not there")
    with index.open(newline="") as lines:
        return tuple(
            Portrait(
                row["file"], row["real"] == "1", row["label"], row["person"], row["split"], float(row["ita_deg"] or 0), float(row["yaw_deg"] or 90)
            )
            for row in csv.DictReader(lines)
        )


@functools.cache
def judged() -> dict[str, dict[str, str]]:
    """By file and product what is worn, as judges saw it: "1", "0", or "" where it cannot be told. See `benchmarks/README.md`."""
    found: dict[str, dict[str, str]] = {}
    for path in JUDGED:
        with path.open(newline="") as lines:
            found |= {row.pop("file"): row for row in csv.DictReader(lines)}
    return found


def said_of(item: Portrait) -> set[str]:
    """All that judges said of the products on a portrait, see `judged`; empty where they did not see it."""
    return set(judged().get(item.file, {}).values())


def portrait(file: str) -> Portrait:
    """The portrait with that file name."""
    return next(item for item in portraits() if item.file == file)


def wearer(side: int) -> AnyArray:
    """Return a (side, side, 3) uint8 portrait with a face 45 % as wide: a synthetic one, or scikit-image's astronaut without the folder."""
    synthetic = FACES / "faker/female_091.jpg"
    image = open_image(synthetic).pixels if synthetic.is_file() else open_image(sample_photo()).pixels
    resized = cv2.resize(image, (side, side), interpolation=cv2.INTER_CUBIC if side > len(image) else cv2.INTER_AREA)
    pixels: AnyArray = np.round(np.clip(resized, 0, 1) * 255).astype(np.uint8)
    return pixels
