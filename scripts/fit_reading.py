"""Train the reader's networks (`src/kohl/reading/{lips,eyes,cheeks,lines}.onnx`) on looks that kohl itself has painted, and on makeup really worn.

    python scripts/fit_reading.py CACHE_FOLDER [--try] [--join WHAT] [--judged N M] [--workers N] [--device cuda] [--output FOLDER] [PART …]

CACHE_FOLDER is what `paint_for_reading.py` has filled from the train split. Whether a product is there is learnt from faces of which it is known
what they wore before (`by_eye.py`), all else from everybody. With `--try` nothing is written: groups of people are left out in turn, and it is
told how well they are read (one network instead of `MEMBERS`). With `--join all` the networks that are there stay, and all are averaged. With
`--join colours` they still say alone which products are there, and new ones alone the rest. With `--join lid_colour`, or another of the part's
answers, new ones say that one beside those that do. They learn nothing else, and from faces that kohl painted the product on.
Weights of averages: no face can be recovered.
"""

from __future__ import annotations

import argparse
import functools
import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from by_eye import BARE, PRODUCTS, worn_on
from kohl.color.difference import delta_e2000
from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import AnyArray, FloatArray
from kohl.core.onnx_session import open_session
from kohl.looks.layers import Blush, Eyeliner, Eyeshadow, FilmLayer, Layer, Lipstick, Pan
from kohl.looks.look import Look
from kohl.reading.answers import ANSWERS, COVERAGE_SCALE, LINE_ANSWERS, LIP_FINISHES, PATTERNS
from kohl.reading.eye_patches import EyePatch
from kohl.reading.networks import Reader
from kohl.reading.unrolled import Unrolled
from kohl.reading.views import View, see
from kohl.rendering.zones.eyes import ZONES
from paint_for_reading import GROUPS, PLAIN_ROUNDS, group_of, pictures_a_round
from reader_network import Arrays, members_of, picture_of, write_reader
from reading_trainer import ALL, COLOURS, ONE, Lesson, Recipe, train

TARGET = Path(__file__).parents[1] / "src/kohl/reading"
MEMBERS = {"lips": 3, "eyes": 5, "cheeks": 5, "lines": 3}
"""Networks of one part, whose answers are averaged."""
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class How:
    """How networks are fitted: `join` them ("all", "colours" or an answer's name) to those that are there, or None; `judged`: how often a
    face as it is, on which judges have looked for a product, is shown in place of once, and how often where it wears it, since there are few
    such people, and no painted face looks quite like them; on which `device`.
    """

    join: str | None = None
    judged: tuple[int, int] = (6, 12)
    device: str = "cpu"

    @property
    def of_colours(self) -> bool:
        """Whether the new networks are not asked what is there."""
        return self.join not in (None, "all")

    @property
    def recipe(self) -> Recipe:
        """How new networks are made."""
        return {None: ALL, "all": ALL, "colours": COLOURS}.get(self.join, ONE)

    def asked(self, part: str) -> tuple[str, ...]:
        """The answers of a part of the face that new networks learn to give."""
        if self.join == "colours":
            return tuple(name for name in ANSWERS[part] if questions()[name][0] != "presence")
        return tuple(name for name in ANSWERS[part] if name == self.join or not self.of_colours)


@dataclass(frozen=True, eq=False)
class Sample:
    """A face and what was painted on it, in a round of `paint_for_reading`. `worn`: what it wore before, by product, and `bare`, how that is known;
    see `by_eye`. `painted`: what was put on it, likewise; the `look`, where kohl did. `views`: what the networks see of it, by part.
    """

    person: str
    bare: str
    worn: Mapping[str, float]
    round: int
    painted: Mapping[str, float]
    look: Look
    views: Mapping[str, View]

    def shows(self, product: str) -> float:
        """Whether a product is there, worn before or painted, as 1 or 0; NaN where it isn't known."""
        return self.painted[product] if self.worn[product] == 0 else self.worn[product]

    @property
    def is_as_it_is(self) -> bool:
        """Whether nothing was painted; what may have been (NaN) counts as painted."""
        return not self.look.layers and not any(self.painted.values())

    def times(self, product: str, judged: tuple[int, int]) -> int:
        """How often training shows it for that product; see `How` for `judged`."""
        if not self.is_as_it_is or self.bare in BARE or np.isnan(self.worn[product]):
            return 1
        return judged[int(self.worn[product])]

    @property
    def told_by(self) -> str:
        """Which sort of picture it is when readers are judged: real makeup, and faces judged to wear none, are one of their own."""
        return f"{self.bare}, as it is" if self.bare not in BARE and self.is_as_it_is else self.bare

    def layer(self, kind: type[Layer]) -> Layer | None:
        """The layer of that product, if it was painted."""
        return next((layer for layer in self.look.layers if isinstance(layer, kind)), None)

    def pan(self, zone: str) -> Pan | None:
        """The eyeshadow's pan of a zone, if there is one."""
        layer = self.layer(Eyeshadow)
        return next((pan for pan in layer.pans if pan.zone == zone), None) if isinstance(layer, Eyeshadow) else None


def load(path: Path, parts: Sequence[str]) -> Sample:
    """One painted picture of the cache, `parts` of it seen as the networks see them, in halves."""
    cv2.setNumThreads(1)
    with np.load(path, allow_pickle=False) as data:
        views = {part: _kept_view(data, part) for part in parts} if f"{parts[0]}_numbers" in data else _views(data, parts)
        name, person, bare, look = (str(data[name]) for name in ("name", "person", "bare", "look"))
        painted = dict(zip(PRODUCTS, data["shown"].tolist(), strict=True))
    turn = int(path.stem.split("_")[1])
    return Sample(person, bare, worn_on(name, bare), turn // pictures_a_round(bare), painted, Look.model_validate_json(look), views)


def _kept_view(data: Mapping[str, AnyArray], part: str) -> View:
    return list(data.get(f"{part}_pictures", ())), data[f"{part}_numbers"]


def _views(data: Mapping[str, AnyArray], parts: Sequence[str]) -> dict[str, View]:
    """Parts of a face of which was kept what features are measured on."""
    seen = {name: _unpacked(array) for name, array in data.items()}
    unrolled = cast("Unrolled", SimpleNamespace(**{name: seen[name] for name in ("ratio", "skin_seen", "lips_seen", "skin", "photo_skin")}))
    eyes = [_eye(seen, side) for side in ("right", "left")]
    views = {part: see(part, unrolled, eyes) for part in parts}
    return {part: ([picture.astype(np.float16) for picture in pictures], numbers) for part, (pictures, numbers) in views.items()}


def _eye(seen: dict[str, AnyArray], side: str) -> EyePatch:
    ratio, eye, skin, uv, upper, lower = (seen[f"{side}_{name}"] for name in ("ratio", "eye", "skin", "uv", "upper", "lower"))
    return EyePatch(ratio, eye, skin, uv, upper.astype(np.float64), lower.astype(np.float64), float(seen[f"{side}_openness"]))


def _unpacked(array: AnyArray) -> AnyArray:
    """As `paint_for_reading.py` had it before it was packed."""
    if array.dtype.kind == "u":
        return np.asarray(array / np.float32(np.iinfo(array.dtype).max), np.float32)
    return array if array.dtype.kind == "U" else array.astype(np.float32)


def colour_answer(part: FilmLayer | Pan | None) -> list[float]:
    """Lab of the pigment and the scaled coverage; NaN where there is none."""
    if part is None:
        return [np.nan] * 4
    pigment = getattr(part, "pigment")  # noqa: B009 - foundation's may be None; it is not asked here
    return [*lab_from_srgb(np.array(pigment.rgb, np.float32)).tolist(), part.coverage * COVERAGE_SCALE]


def _one_of(choices: Sequence[Sequence[str]], value: str | None) -> list[float]:
    return [np.nan if value is None else float(value in choice) for choice in choices]


def _line_answer(layer: Layer | None) -> list[float]:
    """`LINE_ANSWERS` of a liner; its angle counts only where there is a wing."""
    if not isinstance(layer, Eyeliner):
        return [np.nan] * len(LINE_ANSWERS)
    return [layer.thickness, layer.wing, layer.wing_angle if layer.wing > 0 else np.nan, layer.lower]


Question = tuple[str, Callable[[Sample], list[float]]]


def questions() -> dict[str, Question]:
    """By name, the kind of answer (see `Lesson`) and the answer itself."""

    def present(product: str) -> Question:
        return "presence", lambda sample: [sample.shows(product)]

    def colour(kind: type[Layer]) -> Question:
        return "colour", lambda sample: colour_answer(cast("FilmLayer | None", sample.layer(kind)))

    def attribute(kind: type[Layer], name: str, choices: Sequence[Sequence[str]]) -> Question:
        return "presence", lambda sample: _one_of(choices, getattr(sample.layer(kind), name, None))

    def pans_there(sample: Sample) -> list[float]:
        return [float(sample.pan(zone) is not None) if sample.layer(Eyeshadow) else np.nan for zone in ZONES]

    def pan_colour(zone: str) -> Question:
        return "colour", lambda sample: colour_answer(sample.pan(zone))

    asked: dict[str, Question] = {
        **{product: present(product) for product in PRODUCTS},
        "pans": ("presence", pans_there),
        "lip_finish": attribute(Lipstick, "finish", LIP_FINISHES),
        "blush_pattern": attribute(Blush, "pattern", [[pattern] for pattern in PATTERNS]),
        "lip_colour": colour(Lipstick),
        "blush_colour": colour(Blush),
        "line_colour": colour(Eyeliner),
        "line_shape": ("number", lambda sample: _line_answer(sample.layer(Eyeliner))),
    }
    return asked | {f"{zone}_colour": pan_colour(zone) for zone in ZONES}


def shown(samples: Sequence[Sample], part: str, how: How) -> list[Sample]:
    """The samples as training shows them for a part of the face."""
    product = next(iter(ANSWERS[part]))
    if how.of_colours:
        return [sample for sample in samples if any(layer.product == product for layer in sample.look.layers)]
    return [sample for sample in samples for _ in range(sample.times(product, how.judged))]


def lesson_of(samples: Sequence[Sample], part: str, names: Sequence[str]) -> Lesson:
    """What is to be learnt about a part of the face: the answers of those `names`."""
    asked = questions()
    views = [sample.views[part] for sample in samples]
    pictures = np.stack([np.stack(pictures) for pictures, _ in views]) if views[0][0] else None
    answers = {name: np.array([asked[name][1](sample) for sample in samples], np.float32) for name in names}
    return Lesson(pictures, np.stack([numbers for _, numbers in views]), answers, {name: asked[name][0] for name in answers})


def report(samples: Sequence[Sample], part: str, how: How) -> None:
    """Print how well people are read by a network that has not seen their group: faces wearing nobody else's skin, painted or as they are."""
    lesson, product = lesson_of(samples, part, tuple(ANSWERS[part])), next(iter(ANSWERS[part]))
    colour = next((name for name in how.asked(part) if lesson.kinds[name] == "colour"), None)
    group = np.array([group_of(sample.person) for sample in samples])
    judged = np.array([np.isfinite(sample.worn[product]) and sample.round < PLAIN_ROUNDS for sample in samples])
    told_by = np.array([sample.told_by for sample in samples])
    answers = {name: np.full((len(samples), count), np.nan, np.float32) for name, count in ANSWERS[part].items()}
    for out in range(GROUPS):
        others = [sample for sample, theirs in zip(samples, group, strict=True) if theirs != out]
        reader = Reader(open_session(fitted(others, part, 1, how), threads=1), ANSWERS[part])
        for number in np.flatnonzero((group == out) & judged):
            for name, answer in reader(*_as_seen(samples[number].views[part])).items():
                answers[name][number] = answer
    for kind in sorted(set(told_by[judged])):
        chosen = judged & (told_by == kind)
        logits, painted = answers[product][chosen, 0], lesson.answers[product][chosen, 0]
        told = [f"F1 {f1(logits, painted, limit):.3f} from logit {limit:+.1f} on" for limit in (-1, -0.5, 0, 0.5, 1) if not how.of_colours]
        if colour is not None:
            worn, read = lesson.answers[colour][chosen], answers[colour][chosen]
            found = np.isfinite(worn).all(1) & ((logits > 0) | how.of_colours)
            told += [f"{colour} ΔE2000 {np.median(delta_e2000(read[found, :3], worn[found, :3])):.2f} of {found.sum()}"] if found.any() else []
        print(f"{product}, {kind}, {chosen.sum()} pictures:", "; ".join(told), flush=True)


def _as_seen(view: View) -> View:
    return [picture.astype(np.float32) for picture in view[0]], view[1]


def f1(logits: FloatArray, painted: FloatArray, threshold: float) -> float:
    """Harmonic mean of precision and recall where a logit above `threshold` says "there"."""
    said, there = logits > threshold, painted > 0
    return float(2 * (said & there).sum() / max(int(said.sum() + there.sum()), 1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path, help="folder that paint_for_reading.py has filled")
    parser.add_argument("parts", nargs="*", type=_part, help="parts of the face, by default all; others stay as they are")
    parser.add_argument("--try", action="store_true", dest="is_trial", help="write nothing; tell how well people left out are read")
    joins = ("all", "colours", *(name for name, (kind, _) in questions().items() if kind != "presence"))
    parser.add_argument("--join", choices=joins, help="keep the networks in the files: average all, or ask new ones for colours, or for one answer")
    parser.add_argument("--judged", type=int, nargs=2, default=How.judged, help="how often judged faces are shown: bare, worn")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--device", default=How.device, help="where networks are trained: cpu or cuda")
    parser.add_argument("--output", type=Path, default=TARGET, help="folder for the files, by default the package's own")
    asked = parser.parse_intermixed_args()
    parts, how = asked.parts or list(ANSWERS), How(asked.join, tuple(asked.judged), asked.device)
    if without := [part for part in parts if not how.asked(part)]:
        parser.error(f"--join {how.join}: expected parts of the face that have this answer, got {', '.join(without)}")
    with ProcessPoolExecutor(asked.workers, multiprocessing.get_context("spawn")) as pool:
        files = sorted(asked.cache.glob("[0-9]*_[0-9][0-9][0-9].npz"))
        samples = list(pool.map(functools.partial(load, parts=parts), files, chunksize=32))
    if asked.is_trial:
        for part in parts:
            report(samples, part, how)
        return
    people = {sample.person for sample in samples}
    for part in parts:
        target = asked.output / f"{part}.onnx"
        file = fitted(samples, part, MEMBERS[part], how)
        target.write_bytes(joined(target.read_bytes(), file, part, how) if how.join else file)
        print(f"{len(samples)} samples of {len(people)} people → {target.name}, {target.stat().st_size / 1e3:.0f} kB", flush=True)


def _part(name: str) -> str:
    """A part of the face; argparse's own `choices` refuse it where none is named."""
    if name not in ANSWERS:
        raise argparse.ArgumentTypeError(f"expected one of {', '.join(ANSWERS)}, got {name!r}")
    return name


def fitted(samples: Sequence[Sample], part: str, members: int, how: How) -> bytes:
    """The file of networks that have learnt from the samples, their weights in half the bytes."""
    names = how.asked(part)
    lesson = lesson_of(shown(samples, part, how), part, names)
    learnt = [_among_all(train(lesson, seed=member, recipe=how.recipe, device=how.device), part, names) for member in range(members)]
    packed = [{name: array.astype(np.float16) if name.endswith(".weights") else array for name, array in member.items()} for member in learnt]
    return write_reader(packed, None if lesson.pictures is None else lesson.pictures.shape[2:])


def joined(before: bytes, new: bytes, part: str, how: How) -> bytes:
    """A file of both files' networks. What the `new` ones were asked they say alone if it is the colours, else all that say it are averaged; what
    they were not is said by those `before`, as before. Those that have nothing left to say are gone.
    """
    old, others = members_of(before), members_of(new)
    is_asked = _places(part, how.asked(part))
    is_left = ~is_asked | (how.join != "colours")
    staying = [member for member in old if member["outer.weights"][:, is_left].any()]
    saying = sum(member["outer.weights"][:, is_asked & is_left].any() for member in old)
    count, together = len(staying) + len(others), saying + len(others)
    by_old, by_new = np.where(is_asked, saying / together, 1) * count / len(old), is_asked * count / together
    return write_reader([*(_scaled(member, by_old) for member in staying), *(_scaled(member, by_new) for member in others)], picture_of(before))


def _places(part: str, names: Sequence[str]) -> npt.NDArray[np.bool_]:
    """(K,): which numbers of a part's answers are those of `names`."""
    return np.repeat([name in names for name in ANSWERS[part]], list(ANSWERS[part].values()))


def _among_all(member: Arrays, part: str, names: Sequence[str]) -> Arrays:
    """A network that gives the answers of `names`, given the part's others as well, which are 0."""
    among = np.eye(sum(ANSWERS[part].values()), dtype=np.float32)[_places(part, names)]
    return {name: array @ among if name.startswith("outer.") else array for name, array in member.items()}


def _scaled(member: Arrays, answers: Array) -> Arrays:
    """A network whose answers (K,) are multiplied."""
    return {name: (array * answers).astype(array.dtype) if name.startswith("outer.") else array for name, array in member.items()}


if __name__ == "__main__":
    main()
