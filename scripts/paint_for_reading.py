"""Paint random looks on the portraits of the train split, find the faces again, and keep what reading sees: food for `fit_reading.py`.

    OMP_NUM_THREADS=1 python scripts/paint_for_reading.py FACES_FOLDER CACHE_FOLDER [--rounds N] [--workers N]

What is kept is the unrolled face and both eyes' patches, before any feature is measured, a megabyte a picture: features can be
changed and fitted again without painting. A run that was cut off goes on, and `fit_reading.py` takes what is there; empty the folder
when painting, unrolling or patches have changed. The cache shows people: never commit it.
"""

from __future__ import annotations

import argparse
import csv
import functools
import multiprocessing
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as PillowImage

from by_eye import BARE, how_it_is_known
from kohl.core.arrays import AnyArray, FloatArray, Image
from kohl.core.errors import FaceError
from kohl.data.random_looks import random_look
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.looks.look import Look
from kohl.reading.eye_patches import cut_eyes
from kohl.reading.unrolled import unroll_window, window_light
from kohl.rendering.renderer import render
from lent_skin import coarse_colours, lend

ROUNDS = 5
LOOKS = {"studio": 5, "by eye": 2, "judged": 1, "unknown": 1}
"""Looks per round and picture: most where it is surest that nothing was worn before. A face that was judged is also kept as it is, once a round."""
FACE_WIDTHS = (350, 350, 350, 240)
"""Pixels to which larger faces are shrunk, round after round: painting is faster, and reading uses no more than the largest."""
PLAIN_ROUNDS = 3
"""Rounds with bare faces as they are. From then on each wears the coarse colours of another bare one's skin, see `lent_skin`."""
GROUPS = 3
"""Groups of people that are left out in turn when networks are judged."""
LIKE = 25
"""How many bare faces of the nearest skin tones are asked for theirs."""
WIDEST_YAW = 30
WORN = ("makeup", "lipstick")
"""Words of labels that leave a picture out that nobody has judged, except "without makeup"."""
_EYE_FIELDS = ("upper", "lower")


def pictures_a_round(bare: str) -> int:
    """How many a face gives: `LOOKS`, and itself where somebody has looked at it."""
    return LOOKS[bare] + (bare != "unknown")


@dataclass(frozen=True)
class Task:
    """One picture to paint in a round: `number` is its line in the index, `bare` how it is known what it wears, see `by_eye`. In every other
    round it is mirrored: light comes from one side, and nobody is symmetric.
    """

    picture: Path
    number: int
    bare: str
    person: str
    face_width: float
    round: int
    lender: Path | None

    @property
    def name(self) -> str:
        """Its name in the index."""
        return "/".join(self.picture.parts[-2:])

    @property
    def turns(self) -> range:
        """Numbers of its looks, which are the seeds of them; of one that was judged, the first is none."""
        count = pictures_a_round(self.bare)
        return range(self.round * count, (self.round + 1) * count)

    def look(self, turn: int) -> Look:
        """What is painted in a turn."""
        if self.bare != "unknown" and turn == self.turns[0]:
            return Look(name="none", layers=())
        return random_look(np.random.default_rng(1000 * self.number + turn))

    def open(self) -> Image:
        """The picture, shrunk and perhaps mirrored."""
        image = opened(self.picture)
        scale = min(1.0, FACE_WIDTHS[self.round % len(FACE_WIDTHS)] / self.face_width)
        small = image if scale == 1 else cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        return np.ascontiguousarray(np.clip(small[:, :: -1 if self.round % 2 else 1], 0, 1))

    def targets(self, cache: Path) -> Iterator[tuple[int, Path]]:
        """Every turn and where it is kept."""
        return ((turn, cache / f"{self.number:04d}_{turn:03d}.npz") for turn in self.turns)


def tasks(folder: Path, rounds: int = ROUNDS) -> list[Task]:
    """All pictures to paint, round by round, so that a cache that was cut off holds everybody."""
    with (folder / "index.csv").open(newline="") as handle:
        rows = [(number, row) for number, row in enumerate(csv.DictReader(handle)) if _is_used(row)]
    bare = {number: how_it_is_known(row) for number, row in rows}
    lenders = [row for number, row in rows if bare[number] == "studio"]
    return [
        Task(folder / row["file"], number, bare[number], row["person"], float(row["face_width"]), turn, lender)
        for turn in range(rounds)
        for number, row in rows
        for lender in [_lender(folder, row, lenders, turn) if bare[number] in BARE and turn >= PLAIN_ROUNDS else None]
    ]


def group_of(person: str) -> int:
    """Which of `GROUPS` a person belongs to; nobody lends their skin outside their own, so that one can be left out."""
    return zlib.crc32(person.encode()) % GROUPS


def _lender(folder: Path, row: dict[str, str], lenders: Sequence[dict[str, str]], turn: int) -> Path:
    tone = float(row["ita_deg"] or 0)
    others = [other for other in lenders if group_of(other["person"]) == group_of(row["person"]) and other["person"] != row["person"]]
    like = sorted(others, key=lambda other: abs(float(other["ita_deg"] or 0) - tone))[:LIKE]
    return folder / like[zlib.crc32(f"{row['file']} {turn}".encode()) % len(like)]["file"] if like else folder / row["file"]


def _is_used(row: dict[str, str]) -> bool:
    label = row["label"].lower()
    worn = any(word in label for word in WORN) and "without makeup" not in label and how_it_is_known(row) == "unknown"
    hidden = worn or "sunglasses" in label or abs(float(row["yaw_deg"] or 90)) >= WIDEST_YAW
    return row["split"] == "train" and not hidden


def paint(task: Task, cache: Path) -> None:
    """Paint, find again and keep what the cache lacks of a task."""
    wanted = [(turn, target) for turn, target in task.targets(cache) if not target.is_file()]
    if not wanted:
        return
    try:
        image = task.open()
        face = _analyzer().analyze(image)[0]
        if task.lender is not None:
            image = lend(image, face, _coarse_colours(task.lender))
            face = _analyzer().analyze(image)[0]
        for turn, target in wanted:
            look = task.look(turn)
            painted = np.round(render(image, face, look, seed=turn) * 255).astype(np.float32) / 255
            _keep(target, task, look, seen_by_reading(painted, _analyzer().analyze(painted)[0]))
    except FaceError:
        pass  # a face that is not found, or not found again, teaches nothing


@functools.lru_cache(maxsize=400)
def _coarse_colours(picture: Path) -> FloatArray:
    image = opened(picture)
    return coarse_colours(image, _analyzer().analyze(image)[0])


def opened(picture: Path) -> Image:
    """(H, W, 3) sRGB of a file."""
    return np.asarray(PillowImage.open(picture).convert("RGB"), np.float32) / 255


@functools.cache
def _analyzer() -> Analyzer:
    cv2.setNumThreads(1)
    return Analyzer(max_faces=1)


def seen_by_reading(image: Image, face: Face) -> dict[str, AnyArray]:
    """What the features of a face are measured on, as small as it can be kept: halves for colours, 8 bits for masks, 16 for places."""
    linear = window_light(image, face)
    unrolled = unroll_window(linear, face)
    kept: dict[str, AnyArray] = {"ratio": np.asarray(unrolled.ratio, np.float16)}
    kept |= {name: _packed(getattr(unrolled, name), np.uint8) for name in ("skin_seen", "lips_seen")}
    kept |= {"skin": unrolled.skin, "photo_skin": unrolled.photo_skin, "light": unrolled.light.color}
    for side, eye in zip(("right", "left"), cut_eyes(linear, face, unrolled), strict=True):
        kept[f"{side}_ratio"] = np.asarray(eye.ratio, np.float16)
        kept |= {f"{side}_{name}": _packed(getattr(eye, name), np.uint8) for name in ("eye", "skin")}
        kept |= {f"{side}_uv": _packed(eye.uv, np.uint16), f"{side}_openness": np.float32(eye.openness)}
        kept |= {f"{side}_{name}": np.asarray(getattr(eye, name), np.float32) for name in _EYE_FIELDS}
    return kept


def _packed(values: FloatArray, kind: type[np.uint8] | type[np.uint16]) -> AnyArray:
    """Values in [0, 1] as whole numbers."""
    return np.round(np.clip(values, 0, 1) * np.iinfo(kind).max).astype(kind)


def _keep(target: Path, task: Task, look: Look, seen: dict[str, AnyArray]) -> None:
    """Written beside and renamed, so that a run that is cut off leaves no half file."""
    half = target.with_suffix(".half.npz")
    np.savez(half, look=np.array(look.model_dump_json()), person=np.array(task.person), name=np.array(task.name), bare=np.array(task.bare), **seen)
    half.rename(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", type=Path, help="folder with index.csv")
    parser.add_argument("cache", type=Path, help="folder that keeps what reading sees")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    asked.cache.mkdir(parents=True, exist_ok=True)
    wanted = tasks(asked.faces, asked.rounds)
    with ProcessPoolExecutor(asked.workers, multiprocessing.get_context("spawn")) as pool:
        for number, _ in enumerate(pool.map(functools.partial(paint, cache=asked.cache), wanted, chunksize=4)):
            if number % 200 == 0:
                print(f"{number} of {len(wanted)} tasks", flush=True)


if __name__ == "__main__":
    main()
