"""What a run of the benchmark measures: checked before the first process starts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kohl.core.errors import MissingModelError, UsageError
from kohl.evaluation.benchmark.jobs import ONNX, jobs_of
from kohl.evaluation.benchmark.timing import Repeats
from kohl.methods import registry

SIZES = (256, 512, 1024, 2048, 4096)
FACES = (1, 2, 3, 4)
QUICK_SIZES, QUICK_FACES = (256, 512), (1, 2)
SIDE_LIMITS = (64, 8192)
"""Pixels: least and largest side of a timed picture."""
_MOST_FACES = 16
_CROWD_TILE = 512
"""Pixels: side of one face's place in the picture that holds several."""
_REPEATS = Repeats(5, 25, 5.0)
_QUICK = Repeats(2, 5, 0.5, warm_up=1)
_NETWORK, _NETWORK_QUICK = Repeats(50, 200, 10.0, warm_up=10), Repeats(10, 20, 0.5, warm_up=2)


@dataclass(frozen=True)
class Plan:
    """Sizes, methods, numbers of threads and faces, and how often each is called.

    Raises
    ------
    UnknownNameError
        A method that isn't registered.
    MissingModelError
        A model file that isn't there.
    UsageError
        Sizes, faces or threads out of range, a model that isn't called .onnx, two of one name, or a method that wears learned looks only.
    """

    methods: tuple[str, ...] = field(default_factory=lambda: tuple(name for name in registry.names() if jobs_of(name)))
    models: tuple[Path, ...] = ()
    sizes: tuple[int, ...] = SIZES
    faces: tuple[int, ...] = FACES
    threads: tuple[int, ...] = ()
    """Empty: 1, and as many as there are cores."""
    photo: Path | None = None
    quick: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "threads", self.threads or tuple(sorted({1, os.cpu_count() or 1})))
        for name in self.methods:
            if not jobs_of(name):
                raise UsageError(f"the method {name!r} wears learned looks; give one in its place: --model mine{ONNX}")
        for model in self.models:
            _check_model(model)
        names = [model.name for model in self.models]
        if doubles := sorted({name for name in names if names.count(name) > 1}):
            raise UsageError(f"results know models by their names, and more than one is called {', '.join(doubles)}; rename one")
        _check_numbers("sizes", self.sizes, SIDE_LIMITS)
        _check_numbers("faces", self.faces, (1, _MOST_FACES))
        _check_numbers("threads", self.threads, (1, os.cpu_count() or 1))

    @classmethod
    def quickly(cls, **chosen: Any) -> Plan:
        """A plan for a rough answer: small pictures, one or two faces, few calls, all cores. What is `chosen` stays."""
        return cls(**({"sizes": QUICK_SIZES, "faces": QUICK_FACES, "threads": (os.cpu_count() or 1,)} | chosen), quick=True)

    @property
    def repeats(self) -> Repeats:
        """How often a job or a walk is timed."""
        return _QUICK if self.quick else _REPEATS

    @property
    def network_repeats(self) -> Repeats:
        """How often a network is timed."""
        return _NETWORK_QUICK if self.quick else _NETWORK

    @property
    def slots(self) -> int:
        """Places for faces in the picture that holds several."""
        return max(self.faces)

    @property
    def crowd_side(self) -> int:
        """Pixels: side of that picture, the same for any number of faces."""
        across = 1
        while across**2 < self.slots:
            across += 1
        return _CROWD_TILE * across

    def pictures(self) -> Iterator[tuple[int, int, int]]:
        """(side, faces, slots) of every picture: one face at every size, and every number of faces at one size."""
        for side in self.sizes:
            yield side, 1, 1
        if self.slots > 1:
            for count in self.faces:
                yield self.crowd_side, count, self.slots


def parse_numbers(text: str, name: str) -> tuple[int, ...]:
    """Read `256,512` into numbers, in their order, each once. Raises UsageError for anything else."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() for part in parts):
        raise UsageError(f"{name} must be whole numbers with commas between them such as 256,512, got {text!r}")
    return tuple(dict.fromkeys(int(part) for part in parts))


def names_and_models(words: Iterable[str]) -> tuple[tuple[str, ...], tuple[Path, ...]]:
    """Tell methods from model files: the latter end in .onnx."""
    chosen = tuple(dict.fromkeys(words))
    return tuple(word for word in chosen if not word.endswith(ONNX)), tuple(Path(word) for word in chosen if word.endswith(ONNX))


def _check_model(model: Path) -> None:
    if model.suffix != ONNX:
        raise UsageError(f"a model must be an {ONNX} file, got {model.name!r}; export it first")
    if not model.is_file():
        raise MissingModelError(f"there is no model {model}; check the name")


def _check_numbers(name: str, numbers: Sequence[int], limits: tuple[int, int]) -> None:
    low, high = limits
    if not numbers or not all(low <= number <= high for number in numbers):
        raise UsageError(f"{name} must be from {low} to {high}, at least one of them, got {', '.join(map(str, numbers)) or 'none'}")
