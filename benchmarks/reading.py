"""Measures reading: random looks are painted on bare faces of all tones and read back; photos, bare and made up, are read as they are.

    python benchmarks/reading.py [--save] [--split NAME] [--faces N] [--looks N] [--bare N] [--workers N]

Every product is there half the time (`kohl.data.random_looks`); two more tables are of looks as people wear them: the presets, and
what `worded_looks.txt` asks for. The painted picture is rounded to 8 bits and its face found anew.
`visible` counts only those products whose region moved by more than ΔE2000 3: less than that, nobody could see it either.
What photos wear was judged by eye, see README.md.
"""

from __future__ import annotations

import argparse
import functools
import multiprocessing
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

import cv2
import numpy as np

from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.color.skin import ita_bin, ita_from_lab
from kohl.core.arrays import FloatArray, Image
from kohl.core.errors import FaceError
from kohl.data.random_looks import random_look
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.looks import presets
from kohl.looks.look import Look
from kohl.looks.pigment import Pigment
from kohl.looks.words import parse_words
from kohl.reading.reader import read_makeup
from kohl.rendering.renderer import render
from portraits import Portrait, judged, portraits, said_of
from record import Record, Table

PRODUCTS = ("lipstick", "eyeshadow", "blush", "eyeliner")
RANDOM, PRESETS, WORDED = "Random looks", "The presets", "Looks in words"
"""Kinds of looks, as tables are headed."""
VISIBLE = 3.0
"""ΔE2000 of a product's own pixels, 90th percentile, from which on it counts as visible."""
_TONES = ("very light", "light", "intermediate", "tan", "brown", "dark")


@dataclass(frozen=True)
class Trial:
    """`worn` and `read` looks on a skin of that `tone`; `visible`: the products worn that can be seen."""

    tone: str
    worn: Look
    read: Look
    found: frozenset[str]
    visible: frozenset[str]

    def wears(self, product: str) -> bool:
        """Whether the product was painted."""
        return any(layer.product == product for layer in self.worn.layers)


def is_bare(item: Portrait) -> bool:
    """Whether the portrait shows no makeup: most likely none, as in `scripts/make_bare_prior.py`, and where judges saw it, none as both said."""
    male = item.file.startswith("faker/male_")
    label = "without makeup" in item.label or item.label.startswith("Facial_Hair")
    return abs(item.yaw) < 25 and said_of(item) <= {"0"} and (item.file.startswith("london/") or male or label)


def evenly(items: Iterable[Portrait], count: int) -> list[Portrait]:
    """`count` portraits, one skin tone after the other, one picture a person, always the same ones."""
    by_tone: dict[str, list[Portrait]] = defaultdict(list)
    people: set[str] = set()
    for item in sorted(items, key=lambda item: hash_of(item.file)):
        if item.person not in people:
            by_tone[str(ita_bin(item.ita))].append(item)
            people.add(item.person)
    chosen: list[Portrait] = []
    while len(chosen) < count and any(by_tone.values()):
        chosen += [group.pop() for group in by_tone.values() if group]
    return chosen[:count]


def hash_of(text: str) -> int:
    """A shuffle that is the same everywhere."""
    return int(np.random.default_rng(list(text.encode())).integers(2**31))


def trials_on(item: Portrait, number: int, looks: int, kind: str = RANDOM) -> list[Trial]:
    """Paint and read `looks` looks of a kind, see `look_of`, on a face, the `number`-th; none if it cannot be found again."""
    image = item.open()
    try:
        face = _analyzer().analyze(image)[0]
        seeds = [7919 * number + turn for turn in range(looks)]
        return [_try(_analyzer(), image, face, look_of(kind, number * looks + turn, seed), seed) for turn, seed in enumerate(seeds)]
    except FaceError:
        return []


def look_of(kind: str, number: int, seed: int) -> Look:
    """A look to be painted: drawn at random, or the `number`-th of the others, over and over."""
    if kind == RANDOM:
        return random_look(np.random.default_rng(1_000_003 + seed))
    if kind == PRESETS:
        return presets.load(presets.names()[number % len(presets.names())])
    return parse_words(_texts()[number % len(_texts())]).look


@functools.cache
def _texts() -> tuple[str, ...]:
    return tuple((Path(__file__).parent / "worded_looks.txt").read_text().splitlines())


def products_on(item: Portrait) -> tuple[str, frozenset[str]] | None:
    """A photo's file, and what is read on it as it is; None if its face cannot be found."""
    image = item.open()
    try:
        reading = read_makeup(image, _analyzer().analyze(image)[0])
    except FaceError:
        return None
    return item.file, frozenset(layer.product for layer in reading.look.layers)


@functools.cache
def _analyzer() -> Analyzer:
    cv2.setNumThreads(1)
    return Analyzer(max_faces=1)


def _try(analyzer: Analyzer, image: Image, face: Face, look: Look, seed: int) -> Trial:
    painted = np.asarray(np.round(render(image, face, look, seed=seed) * 255) / 255, np.float32)
    reading = read_makeup(painted, analyzer.analyze(painted)[0])
    found = frozenset(layer.product for layer in reading.look.layers)
    visible = frozenset(product for product in PRODUCTS if _is_visible(image, face, look, product))
    return Trial(_tone(image, face), look, reading.look, found, visible)


def _is_visible(image: Image, face: Face, look: Look, product: str) -> bool:
    alone = look.with_layers(layer for layer in look.layers if layer.product == product)
    if not alone.layers:
        return False
    window = face.window_slices
    step = max(1, round(max(image[window].shape) / 300))
    before, after = (np.ascontiguousarray(picture[window][::step, ::step]) for picture in (image, render(image, face, alone)))
    touched = (before != after).any(-1)
    if not touched.any():
        return False
    change = delta_e2000(lab_from_srgb(before[touched]), lab_from_srgb(after[touched]))
    return bool(np.percentile(change, 90) > VISIBLE)


def _tone(image: Image, face: Face) -> str:
    skin = image[face.window_slices][face.masks.skin > 0.9]
    return str(ita_bin(float(ita_from_lab(lab_from_srgb(np.median(skin, axis=0))))))


def presence_row(trials: Sequence[Trial], product: str, *, visible: bool) -> list[str | float | int]:
    """Precision, recall, F1 of one product; with `visible`, trials where it is there but cannot be seen are left out."""
    counted = [trial for trial in trials if not visible or trial.wears(product) == (product in trial.visible)]
    return [product, *_agreement([(trial.wears(product), product in trial.found) for trial in counted])]


def _agreement(counted: Sequence[tuple[bool, bool]]) -> list[str | float | int]:
    """How many are worn, precision, recall and F1 of pairs (worn, found)."""
    worn, found, both = sum(pair[0] for pair in counted), sum(pair[1] for pair in counted), sum(all(pair) for pair in counted)
    return [worn, both / max(found, 1), both / max(worn, 1), 2 * both / max(worn + found, 1)]


def _pigment(look: Look, product: str) -> Pigment | None:
    """The product's pigment; of an eyeshadow, the lid's."""
    for layer in look.layers:
        if layer.product == "eyeshadow" == product:
            return next((pan.pigment for pan in layer.pans if pan.zone == "lid"), None)
        if layer.product == product and layer.product != "eyeshadow":
            pigment = getattr(layer, "pigment", None)
            return pigment if isinstance(pigment, Pigment) else None
    return None


def pigment_errors(trials: Sequence[Trial], product: str) -> FloatArray:
    """ΔE2000 of the read pigment, for the trials in which the product was worn and found."""
    pairs = [(_pigment(trial.worn, product), _pigment(trial.read, product)) for trial in trials]
    labs = [[lab_from_srgb(np.array(pigment.rgb, np.float32)) for pigment in pair if pigment is not None] for pair in pairs if None not in pair]
    return np.array([float(delta_e2000(worn, read)) for worn, read in labs], np.float32)


def false_alarms(readings: Iterable[tuple[str, frozenset[str]] | None]) -> Table:
    """Share of bare photos on which each product is read, by set; see `products_on`."""
    by_set: dict[str, list[frozenset[str]]] = defaultdict(list)
    for file, found in filter(None, readings):
        by_set[file.split("/")[0]].append(found)
    rows: list[list[str | float | int | None]] = [
        [name, len(found), *(sum(product in each for each in found) / len(found) for product in PRODUCTS)] for name, found in by_set.items()
    ]
    return Table("Bare photos: share on which a product is read", ("set", "photos", *PRODUCTS), rows)


def by_eye(readings: Iterable[tuple[str, frozenset[str]] | None]) -> Table:
    """How often readings of photos as they are, see `products_on`, agree with what judges saw on them."""
    told, rows = judged(), []
    seen = list(filter(None, readings))
    for product in PRODUCTS:
        known = [(told[file][product] == "1", product in found) for file, found in seen if told[file][product]]
        rows.append([product, len(known), *_agreement(known)])
    return Table("Photos as they are, judged by eye", ("product", "photos", "worn", "precision", "recall", "F1"), rows)


def tables_of(trials: Sequence[Trial]) -> list[Table]:
    """Presence, pigments, and pigments by skin tone."""
    columns = ("product", "worn", "precision", "recall", "F1")
    tables = [
        Table("Presence, all", columns, [presence_row(trials, product, visible=False) for product in PRODUCTS]),
        Table("Presence, where it can be seen", columns, [presence_row(trials, product, visible=True) for product in PRODUCTS]),
    ]
    tables.append(_by_tone("Pigment, ΔE2000 (median; p90 over all)", trials, pigment_errors))
    return tables


def as_worn(kind: str, trials: Sequence[Trial]) -> Table:
    """How looks of a kind, which people wear, are read: presence and pigment of each product."""
    rows: list[list[str | float | int | None]] = []
    for product in PRODUCTS:
        errors = pigment_errors(trials, product)
        rows.append([*presence_row(trials, product, visible=False), float(np.median(errors)) if len(errors) else None])
    return Table(kind, ("product", "worn", "precision", "recall", "F1", "pigment, ΔE2000"), rows)


def _by_tone(title: str, trials: Sequence[Trial], errors: Callable[[Sequence[Trial], str], FloatArray]) -> Table:
    rows: list[list[str | float | int | None]] = []
    for product in PRODUCTS:
        everything = errors(trials, product)
        tones = [errors([trial for trial in trials if trial.tone == tone], product) for tone in _TONES]
        middle = [float(np.median(found)) if len(found) else None for found in (everything, *tones)]
        rows.append([product, len(everything), middle[0], float(np.percentile(everything, 90)) if len(everything) else None, *middle[1:]])
    return Table(title, ("product", "read", "median", "p90", *_TONES), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--save", action="store_true", help="write docs/results/reading.json and docs/benchmarks.md")
    parser.add_argument("--split", choices=("train", "validation", "test"), default="test")
    parser.add_argument("--faces", type=int, default=34)
    parser.add_argument("--looks", type=int, default=16, help="random ones a face; of presets and of looks in words half as many")
    parser.add_argument("--bare", type=int, default=50)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    record = Record("reading", "Does reading find what was painted?")
    bare = [item for item in portraits() if item.split == asked.split and is_bare(item)]
    faces, photos = evenly(bare, asked.faces), [item for item in portraits() if item.split == asked.split and item.file in judged()]
    with ProcessPoolExecutor(asked.workers, multiprocessing.get_context("spawn")) as pool:
        trials = list(chain(*pool.map(trials_on, faces, range(len(faces)), repeat(asked.looks))))
        record.tables += tables_of(trials)
        for kind in (PRESETS, WORDED):
            painted = pool.map(trials_on, faces, range(len(faces)), repeat(max(asked.looks // 2, 1)), repeat(kind))
            record.tables.append(as_worn(kind, list(chain(*painted))))
        record.tables += [false_alarms(pool.map(products_on, evenly(bare, asked.bare)))]
        record.tables += [by_eye(pool.map(products_on, photos))] if photos else []
    record.numbers |= {"split": asked.split, "renders": len(trials), "tones": {tone: sum(t.tone == tone for t in trials) for tone in _TONES}}
    record.show()
    print(record.numbers)
    if asked.save:
        record.save()


if __name__ == "__main__":
    main()
