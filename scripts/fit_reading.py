"""Train the reader's networks (`src/kohl/reading/networks.npz`) on looks that kohl itself has painted.

    PYTHONPATH=benchmarks python scripts/fit_reading.py FACES_FOLDER [ROUNDS]

Bare faces of the train split (see `make_bare_prior.py`) are painted ROUNDS times with random looks, found again in the painted
picture, and measured. The networks learn what was painted. A few tens of thousands of weights: no face can be recovered.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage

from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import FloatArray, Image
from kohl.core.errors import FaceError
from kohl.faces.analyzer import Analyzer
from kohl.faces.face import Face
from kohl.looks.layers import Blush, Eyeliner, Eyeshadow, FilmLayer, Layer, Lipstick, Pan
from kohl.looks.look import Look
from kohl.reading.answers import COVERAGE_SCALE, LINE_ANSWERS, LIP_FINISHES, PATTERNS
from kohl.reading.eye_patches import cut_eyes
from kohl.reading.features import cheek_features, eye_features, line_features, lip_features
from kohl.reading.unrolled import unroll_face
from kohl.rendering.renderer import render
from kohl.rendering.zones.eyes import ZONES
from make_bare_prior import is_bare
from random_looks import random_look

TARGET = Path(__file__).parents[1] / "src/kohl/reading/networks.npz"
ROUNDS = 16
HIDDEN = 24
NETS = 3
STEPS = 1000
BATCH = 256
DECAY = {"presence": 0.02, "colour": 0.04}
"""Weight decay, found by leaving people out of the train split."""
Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sample:
    """A face and what it wears (None: nothing), measured. `features` by question: lips, eyes, cheeks; `lines` of both eyes."""

    look: Look | None
    features: dict[str, FloatArray]
    lines: tuple[FloatArray, FloatArray]

    def layer(self, kind: type[Layer]) -> Layer | None:
        """The layer of that product, if it is worn."""
        return next((layer for layer in self.look.layers if isinstance(layer, kind)), None) if self.look else None

    def pan(self, zone: str) -> Pan | None:
        """The eyeshadow's pan of a zone, if there is one."""
        layer = self.layer(Eyeshadow)
        return next((pan for pan in layer.pans if pan.zone == zone), None) if isinstance(layer, Eyeshadow) else None


def measured(image: Image, face: Face, look: Look | None) -> Sample:
    """Measure a picture whose look is known."""
    unrolled = unroll_face(image, face)
    eyes = cut_eyes(image, face, unrolled)
    features = {"lips": lip_features(unrolled), "eyes": eye_features(unrolled, eyes), "cheeks": cheek_features(unrolled)}
    return Sample(look, features, (line_features(eyes[0]), line_features(eyes[1])))


def paint_all(folder: Path, rounds: int) -> Iterator[Sample]:
    """Every bare face as it is, and painted `rounds` times."""
    analyzer = Analyzer(max_faces=1)
    with (folder / "index.csv").open(newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if is_bare(row)]
    for number, row in enumerate(rows):
        image = np.asarray(PillowImage.open(folder / row["file"]).convert("RGB"), np.float32) / 255
        try:
            face = analyzer.analyze(image)[0]
            yield measured(image, face, None)
            for turn in range(1, rounds + 1):
                look = random_look(np.random.default_rng(1000 * number + turn))
                painted = np.round(render(image, face, look, seed=turn) * 255).astype(np.float32) / 255
                yield measured(painted, analyzer.analyze(painted)[0], look)
        except FaceError as error:
            print(f"left out: {error}")


def train(inputs: FloatArray, answers: Array, kind: str, seed: int = 0) -> dict[str, FloatArray]:
    """Fit one `kohl.reading.networks.Network`; kind "presence" (logits, answers in {0, 1}) or "colour" (numbers). NaN answers are left out."""
    mean, scale = inputs.mean(0), inputs.std(0) + 1e-3
    shift, spread = (
        (np.zeros(answers.shape[1]), np.ones(answers.shape[1])) if kind == "presence" else (np.nanmean(answers, 0), np.nanstd(answers, 0) + 1e-6)
    )
    standard = np.clip((inputs - mean) / scale, -4, 4).astype(np.float64)
    nets = [_train_one(standard, (answers - shift) / spread, kind, np.random.default_rng(seed + number)) for number in range(NETS)]
    inner, inner_bias, outer, outer_bias = (np.stack([net[part] for net in nets]).astype(np.float16) for part in range(4))
    names = ("mean", "scale", "inner", "inner_bias", "outer", "outer_bias", "answer_mean", "answer_scale")
    arrays = (mean, scale, inner, inner_bias, outer, outer_bias, shift.astype(np.float32), spread.astype(np.float32))
    return dict(zip(names, arrays, strict=True))


def _train_one(inputs: Array, answers: Array, kind: str, random: np.random.Generator) -> list[Array]:
    """Adam (Kingma & Ba 2015) on noisy minibatches; cross-entropy for presence, a robust loss for numbers."""
    count = inputs.shape[1]
    weights = [random.normal(0, count**-0.5, (count, HIDDEN)), np.zeros(HIDDEN)]
    weights += [random.normal(0, 0.3, (HIDDEN, answers.shape[1])), np.zeros(answers.shape[1])]
    first, second = [0 * part for part in weights], [0 * part for part in weights]
    decay = DECAY[kind]
    for step in range(1, STEPS + 1):
        rate = 0.02 * min(1.0, 3 * (1 - step / STEPS) + 0.02)
        chosen = random.choice(len(inputs), min(BATCH, len(inputs)), replace=False)
        shown = inputs[chosen] + random.normal(0, 0.1, (len(chosen), count))
        hidden = np.tanh(shown @ weights[0] + weights[1])
        error = _slope(hidden @ weights[2] + weights[3], answers[chosen], kind) / len(chosen)
        back = (error @ weights[2].T) * (1 - hidden**2)
        slopes = [shown.T @ back + decay * weights[0], back.sum(0), hidden.T @ error + decay * weights[2], error.sum(0)]
        for part, slope in enumerate(slopes):
            first[part] = 0.9 * first[part] + 0.1 * slope
            second[part] = 0.99 * second[part] + 0.01 * slope**2
            weights[part] = weights[part] - rate * first[part] / (1 - 0.9**step) / (np.sqrt(second[part] / (1 - 0.99**step)) + 1e-8)
    return weights


def _slope(given: Array, wanted: Array, kind: str) -> Array:
    slope = 1 / (1 + np.exp(-given)) - wanted if kind == "presence" else 0.5 * np.tanh(2 * (given - wanted))
    return np.asarray(np.nan_to_num(slope), np.float64)


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
        return lambda sample: [float(sample.layer(kind) is not None)]

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


def train_all(samples: Sequence[Sample]) -> dict[str, FloatArray]:
    """All networks, as the arrays of `networks.npz`."""
    arrays: dict[str, FloatArray] = {}
    for name, question in questions().items():
        inputs, answers = rows_of(samples, question)
        arrays |= {f"{name}/{field}": array for field, array in train(inputs, answers, question[1]).items()}
        print(f"{name}: {len(inputs)} rows of {inputs.shape[1]} numbers")
    return arrays


def main() -> None:
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    samples = list(paint_all(Path(sys.argv[1]), rounds))
    np.savez_compressed(TARGET, **train_all(samples))
    print(f"{len(samples)} samples → {TARGET.name}, {TARGET.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
