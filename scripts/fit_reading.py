"""Train the reader's networks (`src/kohl/reading/networks.npz`) on looks that kohl itself has painted.

    OMP_NUM_THREADS=1 PYTHONPATH=benchmarks python scripts/fit_reading.py CACHE_FOLDER [--from-scratch] [--try]

CACHE_FOLDER is what `paint_for_reading.py` has filled from the train split. The networks learn what was painted: whether a product
is there from bare faces alone, all else from everybody. They go on from those in the package, unless asked to start from scratch, for
which a few thousand pictures are too few. With `--try` nothing is written: people known to be bare only by looking at them, of whom
the package's networks for presence have learnt nothing, are left out in turn, and it is told how well they are read. A few hundred thousand
weights of averages: no face can be recovered.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import numpy.typing as npt

from kohl.color.lab import lab_from_srgb
from kohl.core.arrays import AnyArray, FloatArray
from kohl.looks.layers import Blush, Eyeliner, Eyeshadow, FilmLayer, Layer, Lipstick, Pan
from kohl.looks.look import Look
from kohl.reading.answers import COVERAGE_SCALE, LINE_ANSWERS, LIP_FINISHES, PATTERNS
from kohl.reading.eye_patches import EyePatch
from kohl.reading.features import cheek_features, eye_features, line_features, lip_features
from kohl.reading.networks import Network, load_networks
from kohl.reading.unrolled import Unrolled
from kohl.rendering.zones.eyes import ZONES
from reading_trainer import train, widened

TARGET = Path(__file__).parents[1] / "src/kohl/reading/networks.npz"
FOLDS = 3
"""Groups of people left out in turn."""
JUDGED = "by eye"
"""How it is known that these are bare: nobody whom the package's networks for presence have learnt from."""
GOING_ON = ("lipstick", "eyeshadow", "blush", "eyeliner", "lip_colour", "lid_colour")
"""Networks that learn from new paint when they go on; the others were not better for it, or not tried, and stay as they are."""
PRODUCTS = ("lipstick", "eyeshadow", "blush", "eyeliner")
Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sample:
    """A face and what was painted on it, measured. `bare`: how it is known that nothing was worn before; "unknown" if it isn't.

    features: by source ("lips", "eyes", "cheeks", "lines"), the views of it: both eyes for lines, else one.
    """

    person: str
    bare: str
    look: Look
    features: dict[str, list[FloatArray]]

    def layer(self, kind: type[Layer]) -> Layer | None:
        """The layer of that product, if it is worn."""
        return next((layer for layer in self.look.layers if isinstance(layer, kind)), None)

    def pan(self, zone: str) -> Pan | None:
        """The eyeshadow's pan of a zone, if there is one."""
        layer = self.layer(Eyeshadow)
        return next((pan for pan in layer.pans if pan.zone == zone), None) if isinstance(layer, Eyeshadow) else None


def load(path: Path) -> Sample:
    """One painted picture of the cache, measured."""
    with np.load(path, allow_pickle=False) as data:
        seen: dict[str, AnyArray] = {name: _unpacked(data[name]) for name in data.files}
    unrolled = cast("Unrolled", SimpleNamespace(**{name: seen[name] for name in ("ratio", "skin_seen", "lips_seen", "skin", "photo_skin")}))
    eyes = [_eye(seen, side) for side in ("right", "left")]
    features = {
        "lips": [lip_features(unrolled)],
        "eyes": [eye_features(unrolled, eyes)],
        "cheeks": [cheek_features(unrolled)],
        "lines": [line_features(eye) for eye in eyes],
    }
    return Sample(str(seen["person"]), str(seen["bare"]), Look.model_validate_json(str(seen["look"])), features)


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


Question = tuple[str, str, Callable[[Sample], list[float]]]


def questions() -> dict[str, Question]:
    """By name: the features it looks at, the kind of answer (see `train`), and the answer itself."""

    def present(kind: type[Layer]) -> Callable[[Sample], list[float]]:
        return lambda sample: [np.nan if sample.bare == "unknown" else float(sample.layer(kind) is not None)]

    def colour(kind: type[Layer]) -> Callable[[Sample], list[float]]:
        return lambda sample: colour_answer(cast("FilmLayer | None", sample.layer(kind)))

    def attribute(kind: type[Layer], name: str, choices: Sequence[Sequence[str]]) -> Callable[[Sample], list[float]]:
        return lambda sample: _one_of(choices, getattr(sample.layer(kind), name, None))

    def pans_there(sample: Sample) -> list[float]:
        return [float(sample.pan(zone) is not None) if sample.layer(Eyeshadow) else np.nan for zone in ZONES]

    def pan_colour(zone: str) -> Callable[[Sample], list[float]]:
        return lambda sample: colour_answer(sample.pan(zone))

    asked: dict[str, Question] = {
        "lipstick": ("lips", "presence", present(Lipstick)),
        "eyeshadow": ("eyes", "presence", present(Eyeshadow)),
        "blush": ("cheeks", "presence", present(Blush)),
        "eyeliner": ("lines", "presence", present(Eyeliner)),
        "pans": ("eyes", "presence", pans_there),
        "lip_finish": ("lips", "presence", attribute(Lipstick, "finish", LIP_FINISHES)),
        "blush_pattern": ("cheeks", "presence", attribute(Blush, "pattern", [[pattern] for pattern in PATTERNS])),
        "lip_colour": ("lips", "colour", colour(Lipstick)),
        "blush_colour": ("cheeks", "colour", colour(Blush)),
        "line_shape": ("lines", "number", lambda sample: _line_answer(sample.layer(Eyeliner))),
    }
    return asked | {f"{zone}_colour": ("eyes", "colour", pan_colour(zone)) for zone in ZONES}


def rows_of(samples: Sequence[Sample], question: Question) -> tuple[FloatArray, Array]:
    """Inputs (N, F) and answers (N, K) of the samples that have an answer; every view is a row of its own."""
    source, _, answer = question
    answers = np.array([answer(sample) for sample in samples for _ in sample.features[source]], np.float64)
    inputs = np.stack([view for sample in samples for view in sample.features[source]])
    known = np.isfinite(answers).any(1)
    return inputs[known], answers[known]


def start_of(name: str, from_scratch: bool) -> Network | None:
    """The network to go on from."""
    return None if from_scratch else load_networks()[name]


def left_out(samples: Sequence[Sample], name: str, start: Network | None) -> tuple[Array, Array]:
    """Logits (N,) of a product on people of `JUDGED` by networks that never saw them, and whether it was painted (N,)."""
    question = questions()[name]
    people = sorted({sample.person for sample in samples})
    fold = {person: number % FOLDS for number, person in enumerate(np.random.default_rng(0).permutation(people))}
    logits, painted = [], []
    for out in range(FOLDS):
        network = train(*rows_of([sample for sample in samples if fold[sample.person] != out], question), question[1], start)
        for sample in samples:
            if sample.bare == JUDGED and fold[sample.person] == out:
                logits.append(float(np.mean([network(view) for view in sample.features[question[0]]])))
                painted += question[2](sample)
    return np.array(logits), np.array(painted)


def f1(logits: Array, painted: Array, threshold: float) -> float:
    """Harmonic mean of precision and recall where a logit above `threshold` says "there"."""
    said, there = logits > threshold, painted > 0
    return float(2 * (said & there).sum() / max(int(said.sum() + there.sum()), 1))


def report(samples: Sequence[Sample], from_scratch: bool) -> None:
    """Print how well products are told on people left out, at even odds and beside."""
    for name in PRODUCTS:
        logits, painted = left_out(samples, name, start_of(name, from_scratch))
        print(name, *(f"F1 {f1(logits, painted, limit):.3f} from logit {limit:+.1f} on;" for limit in (-1, -0.5, 0, 0.5, 1)), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path, help="folder that paint_for_reading.py has filled")
    parser.add_argument("--from-scratch", action="store_true", help="do not go on from the package's networks")
    parser.add_argument("--try", action="store_true", dest="is_trial", help="write nothing; tell how well people left out are read")
    asked = parser.parse_args()
    samples = [load(path) for path in sorted(asked.cache.glob("[0-9]*_[0-9][0-9].npz"))]
    if asked.is_trial:
        report(samples, asked.from_scratch)
        return
    networks = {name: fitted(name, samples, asked.from_scratch) for name in questions()}
    np.savez_compressed(
        TARGET, **{f"{name}/{field}": packed(field, array) for name, network in networks.items() for field, array in vars(network).items()}
    )
    people = {sample.person for sample in samples}
    print(f"{len(samples)} samples of {len(people)} people → {TARGET.name}, {TARGET.stat().st_size / 1e3:.0f} kB")


def fitted(name: str, samples: Sequence[Sample], from_scratch: bool) -> Network:
    """The network of a question, as it is packed."""
    question, start = questions()[name], start_of(name, from_scratch)
    inputs, answers = rows_of(samples, question)
    return widened(start, inputs) if start and name not in GOING_ON else train(inputs, answers, question[1], start)


def packed(field: str, array: FloatArray) -> AnyArray:
    """Weights in half the bytes."""
    return array.astype(np.float16) if field.startswith(("inner", "outer")) else array


if __name__ == "__main__":
    main()
