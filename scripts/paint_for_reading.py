"""Paint random looks on the portraits of the train split, find the faces again, and keep what reading sees: food for `fit_reading.py`.

    OMP_NUM_THREADS=1 python scripts/paint_for_reading.py FACES_FOLDER CACHE_FOLDER [--rounds N] [--workers N] [--minutes N] [--small]

What is kept is the unrolled face and both eyes' patches, before any feature is measured, a megabyte a picture: features can be
changed and fitted again without painting. A run that was cut off goes on, and `fit_reading.py` takes what is there; empty the folder
when painting, unrolling or patches have changed. The cache shows people: never commit it.
"""

from __future__ import annotations

import argparse
import csv
import functools
import multiprocessing
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as PillowImage

from by_eye import BARE, PRODUCTS, how_it_is_known
from finding import Finder, finder_for, name_of
from kohl.core.arrays import AnyArray, FloatArray, Image
from kohl.core.errors import FaceError
from kohl.data.random_hand import RandomHand
from kohl.data.random_looks import random_look
from kohl.data.worded_looks import worded_look
from kohl.faces.face import Face
from kohl.looks.layers import Eyeshadow
from kohl.looks.look import Look
from kohl.reading.answers import ANSWERS
from kohl.reading.eye_patches import cut_eyes
from kohl.reading.unrolled import unroll_window, window_light
from kohl.reading.views import see
from kohl.rendering.renderer import render
from lent_skin import coarse_colours, lend
from other_hand import shown
from varied_people import varied

ROUNDS = 6
LOOKS = {"studio": 10, "by eye": 5, "judged": 2, "unknown": 2}
"""Looks per round and picture: most where it is surest that nothing was worn before. A face that was judged is also kept as it is, once a round."""
FACE_WIDTHS = (350, 350, 350, 240)
"""Pixels to which larger faces are shrunk, round after round: painting is faster, and reading uses no more than the largest."""
PLAIN_ROUNDS = 2
"""Rounds with bare faces as they are. From then on each wears the coarse colours of another bare one's skin, see `lent_skin` …"""
VARIED_FROM = 3
"""… and from this round on everybody is varied as well, see `varied_people`, and every third look is another hand's, see `other_hand`."""
OTHER_HAND = 3
WORDED_FROM = 10
"""From this round on kohl paints looks as people ask for them in words, see `kohl.data.worded_looks`, in place of varied presets."""
SHADOWED_FROM = 16
"""From this round on every look has eyeshadow, in words and varied presets by turns; nobody else paints, and no face is kept as it is. No other
product's colour is so hard to tell; for colours alone, see `fit_reading.py --join colours`.
"""
GROUPS = 3
"""Groups of people that are left out in turn when networks are judged."""
LIKE = 25
"""How many bare faces of the nearest skin tones are asked for theirs."""
WIDEST_YAW = 30
WORN = ("makeup", "lipstick")
"""Words of labels that leave a picture out that nobody has judged, except "without makeup"."""
NOTHING = Look(name="none", layers=())
_EYE_FIELDS = ("upper", "lower")


def pictures_a_round(bare: str) -> int:
    """How many a face gives: `LOOKS`, and itself where somebody has looked at it."""
    return LOOKS[bare] + (bare != "unknown")


@dataclass(frozen=True)
class Task:
    """One picture to paint in a round: `number` is its line among those that are painted, `bare` how it is known what it wears, see `by_eye`.
    In every other round it is mirrored: light comes from one side, and nobody is symmetric.
    """

    picture: Path
    number: int
    bare: str
    person: str
    face_width: float
    round: int
    lender: Path | None

    @property
    def turns(self) -> range:
        """Numbers of its looks, which are the seeds of them; of one that was judged, the first is none."""
        count = pictures_a_round(self.bare)
        return range(self.round * count, (self.round + 1) * count)

    def is_by_other_hand(self, turn: int) -> bool:
        """Whether a turn's look is painted by a random hand in place of kohl."""
        return VARIED_FROM <= self.round < SHADOWED_FROM and turn % OTHER_HAND == 1

    def look(self, turn: int) -> Look:
        """What kohl paints in a turn."""
        random = np.random.default_rng(1000 * self.number + turn)
        if self.round >= SHADOWED_FROM:
            return _with_eyeshadow(worded_look if turn % 2 else random_look, random)
        if self.bare != "unknown" and turn == self.turns[0]:
            return NOTHING
        return worded_look(random) if self.round >= WORDED_FROM else random_look(random)

    @property
    def is_mirrored(self) -> bool:
        """Whether it is painted in the mirror."""
        return self.round % 2 == 1

    @property
    def scale(self) -> float:
        """How far it is shrunk."""
        return min(1.0, FACE_WIDTHS[self.round % len(FACE_WIDTHS)] / self.face_width)

    def open(self) -> Image:
        """The picture, shrunk and perhaps mirrored."""
        image = opened(self.picture)
        small = image if self.scale == 1 else cv2.resize(image, None, fx=self.scale, fy=self.scale, interpolation=cv2.INTER_AREA)
        return np.ascontiguousarray(np.clip(small[:, :: -1 if self.is_mirrored else 1], 0, 1))

    def targets(self, cache: Path) -> Iterator[tuple[int, Path]]:
        """Every turn and where it is kept."""
        return ((turn, cache / f"{self.number:04d}_{turn:03d}.npz") for turn in self.turns)


def _with_eyeshadow(draw: Callable[[np.random.Generator], Look], random: np.random.Generator) -> Look:
    """The first look drawn that has any."""
    look = draw(random)
    while not any(isinstance(layer, Eyeshadow) for layer in look.layers):
        look = draw(random)
    return look


def tasks(folder: Path, rounds: int = ROUNDS) -> list[Task]:
    """All pictures to paint, round by round, so that a cache that was cut off holds everybody."""
    rows = list(enumerate(rows_of(folder)))
    bare = {number: how_it_is_known(row) for number, row in rows}
    lenders = [row for number, row in rows if bare[number] == "studio"]
    return [
        Task(folder / row["file"], number, bare[number], row["person"], float(row["face_width"]), turn, lender)
        for turn in range(rounds)
        for number, row in rows
        for lender in [_lender(folder, row, lenders, turn) if bare[number] in BARE and turn >= PLAIN_ROUNDS else None]
    ]


def rows_of(folder: Path) -> list[dict[str, str]]:
    """The rows of its index that are painted."""
    with (folder / "index.csv").open(newline="") as handle:
        return [row for row in csv.DictReader(handle) if _is_used(row)]


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


def paint(task: Task, folder: Path, cache: Path, *, is_small: bool) -> None:
    """Paint, find again and keep what the cache lacks of a task, whose picture is in `folder`."""
    wanted = [(turn, target) for turn, target in task.targets(cache) if not target.is_file()]
    if not wanted:
        return
    finder, keeps = _finder(folder), networks_see if is_small else reading_sees
    try:
        image, face = _before(task, finder)
        for turn, target in wanted:
            look, worn, painted = _painted(task, turn, image, face)
            _keep(target, task, look, worn, keeps(painted, finder.again(painted, face.points, _seed(task, turn))))
    except FaceError:
        pass  # a face that is not found, or not found again, teaches nothing


def _before(task: Task, finder: Finder) -> tuple[Image, Face]:
    """Whom a task's looks are painted on."""
    image = task.open()
    face = finder.first(task.picture, image, task.scale, is_mirrored=task.is_mirrored)
    if task.round >= VARIED_FROM:
        image, points = varied(image, face, is_bare=task.bare in BARE, seed=_seed(task, task.round))
        face = finder.again(image, points, _seed(task, task.round))
    if task.lender is not None:
        image = lend(image, face, _coarse_colours(task.lender, finder))
        face = finder.again(image, face.points, _seed(task, task.round))
    return image, face


def _seed(task: Task, number: int) -> int:
    return 1000 * task.number + number


def _painted(task: Task, turn: int, image: Image, face: Face) -> tuple[Look, Mapping[str, float], Image]:
    """The look of a turn, what it shows by product, and the picture in 8 bits."""
    look = task.look(turn)
    if look.layers and task.is_by_other_hand(turn):
        after = RandomHand(np.random.default_rng(_seed(task, turn))).paint(image, face)
        return NOTHING, shown(image, after, face), in_8_bits(after)
    worn = {product: float(any(layer.product == product for layer in look.layers)) for product in PRODUCTS}
    return look, worn, in_8_bits(render(image, face, look, seed=turn))


def in_8_bits(image: Image) -> Image:
    """(H, W, 3) sRGB as a file keeps it."""
    return np.asarray(np.round(image * 255), np.float32) / np.float32(255)


@functools.lru_cache(maxsize=400)
def _coarse_colours(picture: Path, finder: Finder) -> FloatArray:
    image = opened(picture)
    return coarse_colours(image, finder.first(picture, image, 1.0, is_mirrored=False))


def opened(picture: Path) -> Image:
    """(H, W, 3) sRGB of a file."""
    return np.asarray(PillowImage.open(picture).convert("RGB"), np.float32) / 255


@functools.cache
def _finder(folder: Path) -> Finder:
    cv2.setNumThreads(1)
    return finder_for(folder)


def networks_see(image: Image, face: Face) -> dict[str, AnyArray]:
    """The views of a face, in halves: "lips_pictures" and "lips_numbers", and so on."""
    linear = window_light(image, face)
    unrolled = unroll_window(linear, face)
    eyes = cut_eyes(linear, face, unrolled)
    views = {part: see(part, unrolled, eyes) for part in ANSWERS}
    kept: dict[str, AnyArray] = {f"{part}_numbers": numbers for part, (_, numbers) in views.items()}
    return kept | {f"{part}_pictures": np.stack(pictures).astype(np.float16) for part, (pictures, _) in views.items() if pictures}


def reading_sees(image: Image, face: Face) -> dict[str, AnyArray]:
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


def _keep(target: Path, task: Task, look: Look, shown: Mapping[str, float], seen: dict[str, AnyArray]) -> None:
    """Written beside and renamed, so that a run that is cut off leaves no half file."""
    half = target.with_suffix(".half.npz")
    texts = {"look": look.model_dump_json(), "person": task.person, "name": name_of(task.picture), "bare": task.bare}
    told = np.array([shown[product] for product in PRODUCTS], np.float32)
    np.savez(half, **{name: np.array(text) for name, text in texts.items()}, shown=told, **seen)
    half.rename(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", type=Path, help="folder with index.csv")
    parser.add_argument("cache", type=Path, help="folder that keeps what reading sees")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--small", action="store_true", help="keep only what networks see: a sixth of the size, but no feature can be changed")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no more pictures after so long")
    asked = parser.parse_args()
    asked.cache.mkdir(parents=True, exist_ok=True)
    wanted = tasks(asked.faces, asked.rounds)
    with ProcessPoolExecutor(asked.workers, multiprocessing.get_context("spawn")) as pool:
        job = functools.partial(paint, folder=asked.faces, cache=asked.cache, is_small=asked.small)
        for number, _ in enumerate(pool.map(functools.partial(_until, time.time() + 60 * asked.minutes, job), wanted, chunksize=4)):
            if number % 200 == 0:
                print(f"{number} of {len(wanted)} tasks", flush=True)


def _until(end: float, job: Callable[[Task], None], task: Task) -> None:
    """Do a job, unless it is too late for it."""
    if time.time() < end:
        job(task)


if __name__ == "__main__":
    main()
