"""Train the reader's networks (`src/kohl/reading/networks.npz`) on looks that kohl itself has painted.

    OMP_NUM_THREADS=1 PYTHONPATH=benchmarks python scripts/fit_reading.py FACES_FOLDER [--cache FOLDER] [--pictures N] [--workers N]

Faces of the train split, not those labelled as made up, are painted with random looks, found again in the painted picture, and
measured. The networks learn what was painted: whether a product is there from bare faces alone (see `make_bare_prior.py`), all else
from everybody. With `--cache`, measured pictures are kept (numbers only), and a run that was cut off goes on; empty the folder when
painting or measuring has changed. A few hundred thousand weights: no face can be recovered.
"""

from __future__ import annotations

import argparse
import csv
import functools
import multiprocessing
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage

from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import FloatArray, Image
from kohl.core.errors import FaceError
from kohl.data.random_looks import random_look
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.looks.layers import Blush, Eyeliner, Eyeshadow, FilmLayer, Layer, Lipstick, Pan
from kohl.looks.look import Look
from kohl.reading.answers import COVERAGE_SCALE, LINE_ANSWERS, LIP_FINISHES, PATTERNS
from kohl.reading.eye_patches import cut_eyes
from kohl.reading.features import cheek_features, eye_features, line_features, lip_features
from kohl.reading.networks import Network
from kohl.reading.unrolled import unroll_face
from kohl.rendering.renderer import render
from kohl.rendering.zones.eyes import ZONES
from make_bare_prior import is_bare

TARGET = Path(__file__).parents[1] / "src/kohl/reading/networks.npz"
ROUNDS = 3
PICTURES = 742
"""How many pictures, round by round, are painted: all of the first round and the first quarter of the second."""
LOOKS_ON_BARE = 8
"""Per round; a bare face is also measured as it is."""
LOOKS_ON_OTHERS = 2
FACE_WIDTH = 350
"""Pixels to which larger faces are shrunk: painting is faster, and reading uses no more."""
WIDEST_YAW = 30
WORN = ("makeup", "lipstick", "sunglasses")
"""Words of labels that leave a picture out, except "without makeup"."""
HIDDEN = 24
NETS = 3
STEPS = 1000
BATCH = 256
DECAY = {"presence": 0.02, "colour": 0.04}
"""Weight decay, found by leaving people out of the train split."""
FOLDS = 3
"""Groups of people left out in turn, to choose where a product counts as there."""
THRESHOLDS = np.arange(0, 1.55, 0.1)
"""Logits; not below 0: on half-worn training pictures F1 gains from guessing faint blush, which bare people would then be said to wear."""
PRODUCTS = ("lipstick", "eyeshadow", "blush", "eyeliner")
Array = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Sample:
    """A face and what was painted on it, measured. `features` by question: lips, eyes, cheeks; `lines` of both eyes.

    is_bare: whether the person most likely wore nothing before, so that what is there is known.
    """

    person: str
    is_bare: bool
    look: Look
    features: dict[str, FloatArray]
    lines: tuple[FloatArray, FloatArray]

    def layer(self, kind: type[Layer]) -> Layer | None:
        """The layer of that product, if it is worn."""
        return next((layer for layer in self.look.layers if isinstance(layer, kind)), None)

    def views(self, source: str) -> tuple[FloatArray, ...]:
        """What a question is asked about: one view, or one of each eye."""
        return self.lines if source == "lines" else (self.features[source],)

    def pan(self, zone: str) -> Pan | None:
        """The eyeshadow's pan of a zone, if there is one."""
        layer = self.layer(Eyeshadow)
        return next((pan for pan in layer.pans if pan.zone == zone), None) if isinstance(layer, Eyeshadow) else None


@dataclass(frozen=True)
class Task:
    """One picture to paint: `number` is its line in the index, `turns` the seeds of its looks; turn 0 is the face as it is."""

    picture: Path
    cache: Path
    number: int
    is_bare: bool
    person: str
    face_width: float
    turns: tuple[int, ...]

    def target(self, turn: int) -> Path:
        """Where that turn's sample is kept."""
        return self.cache / f"{self.number:04d}_{turn:02d}.npz"


def tasks(folder: Path, cache: Path) -> list[Task]:
    """All pictures to paint, round by round, so that a cache that was cut off holds everybody."""
    with (folder / "index.csv").open(newline="") as handle:
        rows = [(number, row) for number, row in enumerate(csv.DictReader(handle)) if _is_used(row)]
    found = []
    for turn in range(ROUNDS):
        for number, row in rows:
            bare = is_bare(row)
            count = LOOKS_ON_BARE if bare else LOOKS_ON_OTHERS
            turns = (0,) * (bare and turn == 0) + tuple(range(turn * count + 1, turn * count + count + 1))
            found.append(Task(folder / row["file"], cache, number, bare, row["person"], float(row["face_width"]), turns))
    return found


def _is_used(row: dict[str, str]) -> bool:
    label = row["label"].lower()
    worn = any(word in label for word in WORN) and "without makeup" not in label
    return row["split"] == "train" and not worn and abs(float(row["yaw_deg"] or 90)) < WIDEST_YAW


def paint(task: Task) -> int:
    """Paint, find again, measure and keep what the cache lacks; return how many samples are there."""
    turns = [turn for turn in task.turns if not task.target(turn).is_file()]
    if not turns:
        return len(task.turns)
    try:
        image = _shrunk(np.asarray(PillowImage.open(task.picture).convert("RGB"), np.float32) / 255, task.face_width)
        face = _analyzer().analyze(image)[0]
        for turn in turns:
            look = random_look(np.random.default_rng(1000 * task.number + turn)) if turn else Look(name="none", layers=())
            painted = np.round(render(image, face, look, seed=turn) * 255).astype(np.float32) / 255
            _keep(task, turn, look, measured(painted, _analyzer().analyze(painted)[0]))
    except FaceError:
        pass  # a face that is not found, or not found again, teaches nothing
    return sum(task.target(turn).is_file() for turn in task.turns)


@functools.cache
def _analyzer() -> Analyzer:
    cv2.setNumThreads(1)
    return Analyzer(max_faces=1)


def _shrunk(image: Image, face_width: float) -> Image:
    scale = FACE_WIDTH / max(face_width, FACE_WIDTH)
    return image if scale == 1 else np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.float32)


def measured(image: Image, face: Face) -> dict[str, FloatArray]:
    """All that the networks see of a picture, by question."""
    unrolled = unroll_face(image, face)
    eyes = cut_eyes(image, face, unrolled)
    features = {"lips": lip_features(unrolled), "eyes": eye_features(unrolled, eyes), "cheeks": cheek_features(unrolled)}
    return features | {"right_line": line_features(eyes[0]), "left_line": line_features(eyes[1])}


def _keep(task: Task, turn: int, look: Look, features: dict[str, FloatArray]) -> None:
    """Written beside and renamed, so that a run that is cut off leaves no half file."""
    half = task.target(turn).with_suffix(".half.npz")
    np.savez(half, look=np.array(look.model_dump_json()), **features)
    half.rename(task.target(turn))


def load(task: Task) -> list[Sample]:
    """The samples of a task that are in the cache."""
    return [_load(task, turn) for turn in task.turns if task.target(turn).is_file()]


def _load(task: Task, turn: int) -> Sample:
    with np.load(task.target(turn), allow_pickle=False) as data:
        features = {name: data[name] for name in ("lips", "eyes", "cheeks")}
        look = Look.model_validate_json(str(data["look"]))
        return Sample(task.person, task.is_bare, look, features, (data["right_line"], data["left_line"]))


def train(inputs: FloatArray, answers: Array, kind: str, seed: int = 0) -> dict[str, FloatArray]:
    """Fit one `kohl.reading.networks.Network`; kind "presence" (logits, answers in {0, 1}) or "colour" (numbers). NaN answers are left out."""
    mean, scale = inputs.mean(0), inputs.std(0) + 1e-3
    shift, spread = (
        (np.zeros(answers.shape[1]), np.ones(answers.shape[1])) if kind == "presence" else (np.nanmean(answers, 0), np.nanstd(answers, 0) + 1e-6)
    )
    standard = np.clip((inputs - mean) / scale, -4, 4).astype(np.float32)
    wanted = ((answers - shift) / spread).astype(np.float32)
    nets = [_train_one(standard, wanted, kind, np.random.default_rng(seed + number)) for number in range(NETS)]
    inner, inner_bias, outer, outer_bias = (np.stack([net[part] for net in nets]).astype(np.float16) for part in range(4))
    names = ("mean", "scale", "inner", "inner_bias", "outer", "outer_bias", "answer_mean", "answer_scale")
    arrays = (mean, scale, inner, inner_bias, outer, outer_bias, shift.astype(np.float32), spread.astype(np.float32))
    return dict(zip(names, arrays, strict=True))


def _train_one(inputs: Floats, answers: Floats, kind: str, random: np.random.Generator) -> list[Floats]:
    """Adam (Kingma & Ba 2015) on noisy minibatches; cross-entropy for presence, a robust loss for numbers."""
    count = inputs.shape[1]
    weights = [_normal(random, (count, HIDDEN), count**-0.5), np.zeros(HIDDEN, np.float32)]
    weights += [_normal(random, (HIDDEN, answers.shape[1]), 0.3), np.zeros(answers.shape[1], np.float32)]
    first, second = [0 * part for part in weights], [0 * part for part in weights]
    decay = DECAY[kind]
    for step in range(1, STEPS + 1):
        rate = 0.02 * min(1.0, 3 * (1 - step / STEPS) + 0.02)
        chosen = random.choice(len(inputs), min(BATCH, len(inputs)), replace=False)
        shown = inputs[chosen] + _normal(random, (len(chosen), count), 0.1)
        hidden = np.tanh(shown @ weights[0] + weights[1])
        error = _slope(hidden @ weights[2] + weights[3], answers[chosen], kind) / len(chosen)
        back = (error @ weights[2].T) * (1 - hidden**2)
        slopes = [shown.T @ back + decay * weights[0], back.sum(0), hidden.T @ error + decay * weights[2], error.sum(0)]
        for part, slope in enumerate(slopes):
            first[part] = 0.9 * first[part] + 0.1 * slope
            second[part] = 0.99 * second[part] + 0.01 * slope**2
            weights[part] = weights[part] - rate * first[part] / (1 - 0.9**step) / (np.sqrt(second[part] / (1 - 0.99**step)) + 1e-8)
    return weights


def _normal(random: np.random.Generator, shape: tuple[int, int], deviation: float) -> Floats:
    return random.standard_normal(shape, np.float32) * np.float32(deviation)


def _slope(given: Floats, wanted: Floats, kind: str) -> Floats:
    slope = 1 / (1 + np.exp(-given)) - wanted if kind == "presence" else 0.5 * np.tanh(2 * (given - wanted))
    return np.asarray(np.nan_to_num(slope), np.float32)


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


Question = tuple[str, str, Callable[[Sample], list[float]]]


def questions() -> dict[str, Question]:
    """By name: the features it looks at, the kind of answer, and the answer itself."""

    def present(kind: type[Layer]) -> Callable[[Sample], list[float]]:
        return lambda sample: [float(sample.layer(kind) is not None) if sample.is_bare else np.nan]

    def attribute(kind: type[Layer], name: str, choices: Sequence[Sequence[str]]) -> Callable[[Sample], list[float]]:
        return lambda sample: _one_of(choices, getattr(sample.layer(kind), name, None))

    def pan_colour(zone: str) -> Callable[[Sample], list[float]]:
        return lambda sample: colour_answer(sample.pan(zone))

    def pans_there(sample: Sample) -> list[float]:
        return [float(sample.pan(zone) is not None) if sample.layer(Eyeshadow) else np.nan for zone in ZONES]

    asked: dict[str, Question] = {
        "lipstick": ("lips", "presence", present(Lipstick)),
        "eyeshadow": ("eyes", "presence", present(Eyeshadow)),
        "blush": ("cheeks", "presence", present(Blush)),
        "eyeliner": ("lines", "presence", present(Eyeliner)),
        "pans": ("eyes", "presence", pans_there),
        "lip_finish": ("lips", "presence", attribute(Lipstick, "finish", LIP_FINISHES)),
        "blush_pattern": ("cheeks", "presence", attribute(Blush, "pattern", [[pattern] for pattern in PATTERNS])),
        "lip_colour": ("lips", "colour", lambda sample: colour_answer(sample.layer(Lipstick))),  # type: ignore[arg-type]
        "blush_colour": ("cheeks", "colour", lambda sample: colour_answer(sample.layer(Blush))),  # type: ignore[arg-type]
        "line_shape": ("lines", "colour", lambda sample: _line_answer(sample.layer(Eyeliner))),
    }
    return asked | {f"{zone}_colour": ("eyes", "colour", pan_colour(zone)) for zone in ZONES}


def rows_of(samples: Sequence[Sample], question: Question) -> tuple[FloatArray, Array]:
    """Inputs (N, F) and answers (N, K) of the samples that have an answer; every eye is a row of its own for lines."""
    source, _, answer = question
    answers = np.array([answer(sample) for sample in samples], np.float64)
    if source == "lines":
        inputs = np.stack([line for side in (0, 1) for line in (sample.lines[side] for sample in samples)])
        answers = np.concatenate([answers, answers])
    else:
        inputs = np.stack([sample.features[source] for sample in samples])
    known = np.isfinite(answers).any(1)
    return inputs[known], answers[known]


def fit_question(name: str, samples: Sequence[Sample]) -> dict[str, FloatArray]:
    """The arrays of one network; a product's is shifted so that 0 is where it counts as there."""
    question = questions()[name]
    arrays = train(*rows_of(samples, question), question[1])
    if name in PRODUCTS:
        threshold = best_threshold(*left_out_logits(samples, question))
        arrays["outer_bias"] = arrays["outer_bias"] - np.float16(threshold)
    return arrays


def left_out_logits(samples: Sequence[Sample], question: Question) -> tuple[Array, Array]:
    """Logits (N,) of bare people by networks that never saw them, and the answers (N,), for one product's presence."""
    people = sorted({sample.person for sample in samples})
    fold = {person: number % FOLDS for number, person in enumerate(np.random.default_rng(0).permutation(people))}
    logits, answers = [], []
    for left_out in range(FOLDS):
        kept = [sample for sample in samples if fold[sample.person] != left_out]
        network = network_of(train(*rows_of(kept, question), question[1]))
        for sample in samples:
            if sample.is_bare and fold[sample.person] == left_out:
                logits.append(float(np.mean([network(view) for view in sample.views(question[0])])))
                answers += question[2](sample)
    return np.array(logits), np.array(answers)


def network_of(arrays: dict[str, FloatArray]) -> Network:
    """A network as the package loads it."""
    return Network(**{name: np.asarray(array, np.float32) for name, array in arrays.items()})


def best_threshold(logits: Array, answers: Array) -> float:
    """The logit above which saying "there" gives the best F1, the harmonic mean of precision and recall."""
    said = logits[:, None] > THRESHOLDS
    score = 2 * (said & (answers[:, None] > 0)).sum(0) / (said.sum(0) + (answers > 0).sum())
    smooth = np.convolve(np.pad(score, 2, mode="edge"), np.ones(5) / 5, mode="valid")  # one lucky step is no choice
    return float(THRESHOLDS[smooth.argmax()])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", type=Path, help="folder with index.csv")
    parser.add_argument("--cache", type=Path, help="folder that keeps what was measured; none: nothing is kept")
    parser.add_argument("--pictures", type=int, default=PICTURES, help="a round is one picture a person")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        cache = asked.cache or Path(scratch)
        cache.mkdir(parents=True, exist_ok=True)
        wanted = tasks(asked.faces, cache)[: asked.pictures]
        with ProcessPoolExecutor(asked.workers, multiprocessing.get_context("spawn")) as pool:
            for number, _ in enumerate(pool.map(paint, wanted, chunksize=4)):
                if number % 100 == 0:
                    print(f"{number} of {len(wanted)} pictures", flush=True)
            samples = [sample for task in wanted for sample in load(task)]
            networks = dict(zip(questions(), pool.map(functools.partial(fit_question, samples=samples), questions()), strict=True))
    np.savez_compressed(TARGET, **{f"{name}/{field}": array for name, arrays in networks.items() for field, array in arrays.items()})
    people = {sample.person for sample in samples}
    print(f"{len(samples)} samples of {len(people)} people → {TARGET.name}, {TARGET.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
