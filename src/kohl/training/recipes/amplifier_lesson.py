"""What the amplifier's prior learns from: random looks, painted on many faces; or, to adapt it, an artist's own pairs."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields

import cv2
import numpy as np
import torch
from torch import Tensor

from kohl.core.arrays import FloatArray
from kohl.data.crops import FaceCrop
from kohl.data.painters.base import Painter
from kohl.data.painters.rendered import RenderedPainter
from kohl.data.random_hand import RandomHand
from kohl.data.random_looks import random_look
from kohl.looks.look import Look
from kohl.methods.amplifier.chart_lines import Example, sums_of
from kohl.methods.amplifier.model import Situation
from kohl.methods.amplifier.regions import region_masks
from kohl.methods.amplifier.situations import MOST_EXAMPLES, middle, show, small, small_masks
from kohl.methods.amplifier.style import CHART_SIDE, ChartStyle
from kohl.training.loose_crops import to_bytes

_COUNTS = (1, 2, 3, 4, 5, 5, 5, 5, 6, 7)
"""How many examples a lesson shows, drawn evenly from these."""
_BY_HAND = 0.4
"""Share of the looks that a `RandomHand` paints, the others being kohl's renderer's."""


@dataclass(frozen=True, eq=False)
class Lessons:
    """K aims, and the looks that they are read from. Pictures are uint8, the rest float16, of 256 and 64 pixels on a side.

    before, after: (K, 3, 256, 256), the bare face and the made-up one to arrive at; guess (K, 3, 256, 256) and doubt (K, 2, 64, 64): the chart's
    own answer; masks (K, R, 64, 64). Examples: shown (M, 6, 64, 64), before and change, and shown_masks (M, R, 64, 64); examples (K, N) says which
    of them an aim is read from (-1: none).
    """

    before: Tensor
    after: Tensor
    guess: Tensor
    doubt: Tensor
    masks: Tensor
    shown: Tensor
    shown_masks: Tensor
    examples: Tensor

    @classmethod
    def joined(cls, parts: Iterable[Lessons]) -> Lessons:
        """All of them as one."""
        moved, first = [], 0
        for part in parts:
            moved.append((part, torch.where(part.examples >= 0, part.examples + first, -1)))
            first += len(part.shown)
        stacks = {field.name: torch.cat([getattr(part, field.name) for part, _ in moved]) for field in fields(cls) if field.name != "examples"}
        return cls(**stacks, examples=torch.cat([examples for _, examples in moved]))

    def to(self, device: torch.device) -> Lessons:
        """The same on another device."""
        return Lessons(**{field.name: getattr(self, field.name).to(device) for field in fields(self)})

    def situate(self, numbers: Sequence[int], mirrored: bool) -> tuple[Situation, Tensor]:
        """What the denoiser is told in these lessons, and the residuals wanted, (B, 3, 256, 256).

        All show as many examples as the first; those of the others are cut or doubled.
        """
        chosen = torch.as_tensor(numbers, device=self.before.device)
        own = self.examples[chosen]
        counts = (own >= 0).sum(dim=1, keepdim=True)
        shown = own.gather(1, torch.arange(int(counts[0]), device=own.device)[None] % counts)
        before = _unit(self.before[chosen])
        told = [before, self.guess[chosen], self.doubt[chosen], self.masks[chosen], self.shown[shown], self.shown_masks[shown]]
        wanted = _unit(self.after[chosen]) - before
        if mirrored:
            told, wanted = [tensor.flip(-1) for tensor in told], wanted.flip(-1)
        return Situation(*(tensor.float() for tensor in told)), wanted


@dataclass(frozen=True, slots=True)
class Amount:
    """How large a lesson is: so many looks, each read once and aimed at on so many other faces."""

    looks: int = 900
    aims_each: int = 5
    seed: int = 1


def paint_random_looks(faces: Sequence[FaceCrop], amount: Amount, *, processes: int = 1, tick: Callable[[int], None] | None = None) -> Lessons:
    """Paint random looks, read each of them from one to seven faces, and aim at it on others. `tick` gets the looks done.

    The same lessons for any number of `processes`.
    """
    parts = []
    for part in _painted(faces, amount, processes):
        parts.append(part)
        if tick is not None:
            tick(len(parts))
    return Lessons.joined(parts)


def lesson_from_pairs(examples: Sequence[Example], seed: int, lessons_each: int) -> Lessons:
    """A lesson from an artist's pairs alone: every pair is the aim a few times, of a look read from some or all of the others."""
    random = np.random.default_rng(seed)
    sums = [sums_of(example, CHART_SIDE) for example in examples]
    parts = []
    for _ in range(lessons_each):
        for aim, example in enumerate(examples):
            others = random.permutation([number for number in range(len(examples)) if number != aim])[: _draw_count(random)]
            parts.append(_aim_at([example], [examples[number] for number in others], [sums[number] for number in others]))
    return Lessons.joined(parts)


def _painted(faces: Sequence[FaceCrop], amount: Amount, processes: int) -> Iterator[Lessons]:
    tasks = [(faces, amount, number) for number in range(amount.looks)]
    if processes == 1:
        yield from map(_paint_one, tasks)
        return
    # Spawned, not forked: a fork copies locks that OpenCV's and torch's threads may hold.
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=_start_worker) as pool:
        yield from pool.map(_paint_one, tasks)


def _start_worker() -> None:
    cv2.setNumThreads(1)
    torch.set_num_threads(1)


def _paint_one(task: tuple[Sequence[FaceCrop], Amount, int]) -> Lessons:
    """One look: read from some faces, aimed at on others."""
    faces, amount, number = task
    random = np.random.default_rng((amount.seed, number))
    painter: Painter = RandomHand(random) if random.random() < _BY_HAND else RenderedPainter(_wearable(random))
    count = _draw_count(random)
    worn = []
    for which in random.choice(len(faces), count + amount.aims_each, replace=False):
        crop, face = faces[int(which)], faces[int(which)].face()
        worn.append(Example(crop.pixels, painter.paint(crop.pixels, face, int(random.integers(1000))), face))
    shown = worn[:count]
    return _aim_at(worn[count:], shown, [sums_of(example, CHART_SIDE) for example in shown])


def _aim_at(aims: Sequence[Example], shown: Sequence[Example], sums: Sequence[FloatArray]) -> Lessons:
    """Lessons whose aims are all of one look, as it is read from the examples `shown`; `sums`: of these."""
    chart = ChartStyle.from_sums(sums)
    guesses, doubts = zip(*(chart.change_on(aim.before, aim.face) for aim in aims), strict=True)
    numbers = np.full((len(aims), MOST_EXAMPLES), -1)
    numbers[:, : len(shown)] = np.arange(len(shown))
    return Lessons(
        before=_bytes([aim.before for aim in aims]),
        after=_bytes([aim.after for aim in aims]),
        guess=torch.from_numpy(np.stack([np.moveaxis(middle(guess), -1, 0) for guess in guesses])).half(),
        doubt=torch.stack([small(doubt) for doubt in doubts]).half(),
        masks=torch.stack([_masks(aim) for aim in aims]),
        shown=torch.stack([show(example) for example in shown]).half(),
        shown_masks=torch.stack([_masks(example) for example in shown]),
        examples=torch.from_numpy(numbers),
    )


def _draw_count(random: np.random.Generator) -> int:
    return int(random.choice(_COUNTS))


def _wearable(random: np.random.Generator) -> Look:
    """A random look of at least two products."""
    look = random_look(random)
    while len(look.layers) < 2:
        look = random_look(random)
    return look


def _masks(example: Example) -> Tensor:
    return small_masks(region_masks(example.face)).half()


def _bytes(pictures: Sequence[FloatArray]) -> Tensor:
    return torch.from_numpy(np.stack([np.moveaxis(to_bytes(middle(picture)), -1, 0) for picture in pictures]))


def _unit(pictures: Tensor) -> Tensor:
    return pictures.float() / 255
