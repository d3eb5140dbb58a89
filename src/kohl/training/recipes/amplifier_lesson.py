"""What the amplifier's prior learns from: random looks that kohl's renderer paints on many faces; or, to adapt it, an artist's own pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from kohl.core.arrays import AnyArray, FloatArray, IntArray
from kohl.data.crops import FaceCrop
from kohl.data.random_looks import random_look
from kohl.looks.look import Look
from kohl.methods.amplifier.chart_lines import Example, sums_of
from kohl.methods.amplifier.regions import region_masks
from kohl.methods.amplifier.situations import MOST_EXAMPLES, middle, small
from kohl.methods.amplifier.style import CHART_SIDE, ChartStyle
from kohl.rendering.renderer import render
from kohl.training.loose_crops import to_bytes

_COUNTS = (1, 2, 3, 4, 5, 5, 5, 5, 6, 7)
"""How many examples a lesson shows, drawn evenly from these."""


@dataclass(frozen=True, eq=False)
class RandomLooks:
    """The lesson. Pictures are uint8, the rest float16, all of one grid (256 and 64 pixels on a side).

    before: (F, 256, 256, 3), one per face; masks: (F, R, 64, 64). after: (M, 256, 256, 3), made-up faces, `face` (M,) says whose.
    For each of K lessons, `target` (K,) is the made-up picture to arrive at, `examples` (K, N) those to read the look from (-1: none),
    `guess` (K, 256, 256, 3) and `doubt` (K, 2, 64, 64) the chart's own answer.
    """

    before: AnyArray
    masks: AnyArray
    after: AnyArray
    face: IntArray
    target: IntArray
    examples: IntArray
    guess: AnyArray
    doubt: AnyArray

    def draw(self, number: int, mirrored: bool) -> tuple[list[FloatArray], int]:
        """One lesson: arrays (face, wanted, guess, doubt, masks, examples, example masks), channels last, and how many examples count."""
        target = self.target[number]
        before = _unit(self.before[self.face[target]])
        chosen = self.examples[number]
        chosen = chosen[chosen >= 0]
        shown = [
            _shrink(np.concatenate([_unit(self.before[self.face[i]]), _unit(self.after[i]) - _unit(self.before[self.face[i]])], -1)) for i in chosen
        ]
        arrays = [
            before,
            _unit(self.after[target]) - before,
            self.guess[number].astype(np.float32),
            np.moveaxis(self.doubt[number].astype(np.float32), 0, -1),
            np.moveaxis(self.masks[self.face[target]].astype(np.float32), 0, -1),
            np.stack(shown),
            np.moveaxis(self.masks[self.face[chosen]].astype(np.float32), 1, -1),
        ]
        if mirrored:
            arrays = [np.ascontiguousarray(array[..., ::-1, :]) for array in arrays]
        return arrays, len(chosen)


@dataclass(frozen=True, slots=True)
class Amount:
    """How large a lesson is."""

    looks: int = 900
    faces_each: int = 8
    lessons_each: int = 4
    seed: int = 1


def paint_random_looks(faces: Sequence[FaceCrop], amount: Amount, tick: Callable[[int], None] | None = None) -> RandomLooks:
    """Paint random looks, each on a few random faces, and read each of them from some faces for another. `tick` gets the looks done."""
    random = np.random.default_rng(amount.seed)
    pictures: list[AnyArray] = []
    whose: list[int] = []
    lessons: list[_Lesson] = []
    for number in range(amount.looks):
        look = _wearable(random)
        chosen = random.choice(len(faces), amount.faces_each, replace=False)
        examples = []
        for which in chosen:
            crop, face = faces[int(which)], faces[int(which)].face()
            examples.append(Example(crop.pixels, render(crop.pixels, face, look, seed=int(random.integers(1000))), face))
        first = len(pictures)
        pictures += [to_bytes(middle(example.after)) for example in examples]
        whose += [int(which) for which in chosen]
        lessons += _read_from_each_other(examples, first, amount.lessons_each, random)
        if tick is not None:
            tick(number + 1)
    before = np.stack([middle(crop.image) for crop in faces])
    masks = np.stack([_masks(crop) for crop in faces])
    return _gather(before, masks, np.stack(pictures), np.array(whose, np.int32), lessons)


def lesson_from_pairs(examples: Sequence[Example], seed: int, lessons_each: int = 4) -> RandomLooks:
    """A lesson from an artist's pairs alone: every pair is the aim a few times, of a look read from some or all of the others."""
    random = np.random.default_rng(seed)
    lessons = [lesson for _ in range(lessons_each) for lesson in _read_from_each_other(examples, 0, len(examples), random)]
    before, after = (np.stack([to_bytes(middle(picture)) for picture in side]) for side in zip(*((e.before, e.after) for e in examples), strict=True))
    masks = np.stack([small(np.moveaxis(region_masks(example.face), 0, -1)).numpy().astype(np.float16) for example in examples])
    return _gather(before, masks, after, np.arange(len(examples), dtype=np.int32), lessons)


@dataclass(frozen=True, eq=False)
class _Lesson:
    target: int
    examples: IntArray
    guess: AnyArray
    doubt: AnyArray


def _read_from_each_other(examples: Sequence[Example], first: int, count: int, random: np.random.Generator) -> list[_Lesson]:
    """`count` lessons among examples of one look, which stand in the stack of pictures from `first` on."""
    found = [sums_of(example, CHART_SIDE) for example in examples]
    lessons = []
    for target in random.permutation(len(examples))[:count]:
        others = random.permutation([other for other in range(len(examples)) if other != target])
        shown = others[: min(int(random.choice(_COUNTS)), len(others), MOST_EXAMPLES)]
        example = examples[int(target)]
        guess, doubt = ChartStyle.from_sums([found[int(other)] for other in shown]).change_on(example.before, example.face)
        padded = np.pad(first + shown, (0, MOST_EXAMPLES - len(shown)), constant_values=-1).astype(np.int32)
        lessons.append(_Lesson(first + int(target), padded, middle(guess).astype(np.float16), small(doubt).numpy().astype(np.float16)))
    return lessons


def _gather(before: AnyArray, masks: AnyArray, after: AnyArray, face: IntArray, lessons: Sequence[_Lesson]) -> RandomLooks:
    target = np.array([lesson.target for lesson in lessons], np.int32)
    examples, guess, doubt = (np.stack([getattr(lesson, name) for lesson in lessons]) for name in ("examples", "guess", "doubt"))
    return RandomLooks(before, masks, after, face, target, examples, guess, doubt)


def _wearable(random: np.random.Generator) -> Look:
    """A random look of at least two products."""
    look = random_look(random)
    while len(look.layers) < 2:
        look = random_look(random)
    return look


def _masks(crop: FaceCrop) -> AnyArray:
    return small(np.moveaxis(region_masks(crop.face()), 0, -1)).numpy().astype(np.float16)


def _unit(picture: AnyArray) -> FloatArray:
    return picture.astype(np.float32) / np.float32(255)


def _shrink(picture: FloatArray) -> FloatArray:
    tensor = torch.from_numpy(np.ascontiguousarray(np.moveaxis(picture, -1, 0)))[None]
    small: Tensor = nn.functional.avg_pool2d(tensor, 4)
    return np.ascontiguousarray(np.moveaxis(small[0].numpy(), 0, -1))
