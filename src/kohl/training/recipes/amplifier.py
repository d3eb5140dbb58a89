"""The amplifier's prior: what makeup of any kind does to any face, learnt once from thousands of random looks that kohl's renderer paints."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from kohl.core.arrays import AnyArray, FloatArray, IntArray
from kohl.diffusion.haar import to_haar
from kohl.diffusion.noise import lognormal_sigmas
from kohl.diffusion.preconditioning import add_noise, loss_weight, precondition
from kohl.methods.amplifier.config import PRIOR
from kohl.methods.amplifier.method import Amplifier
from kohl.methods.amplifier.model import ResidualDenoiser, Situation
from kohl.methods.amplifier.regions import region_masks
from kohl.methods.amplifier.situations import MOST_EXAMPLES, middle, small
from kohl.methods.amplifier.style import ChartStyle, Example, moments
from kohl.nn.low_rank import merge_low_rank, with_low_rank
from kohl.training.loop import Losses, Schedule, Step, fit

SCHEDULE = Schedule(steps=3000, learning_rate=2e-3)
BATCH = 8
_BARE = 0.1
"""How often the look is left out: the model then learns to leave the face as it is."""
_NO_TOKENS = 0.1
"""How often only the style tokens are left out, so that what they bring can be told (docs/learning.md)."""
_MEAN, _DEVIATION = 0.3, 1.4
"""ln(sigma / sigma_data) in training: mostly levels at which the conditions decide, since few steps start there."""


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


def lesson_step(looks: RandomLooks) -> Step:
    """A step of training: EDM's loss (eq. 8) on the residual minus the chart's guess, in Haar space, where makeup may be."""

    def run(network: nn.Module, random: np.random.Generator) -> Losses:
        assert isinstance(network, ResidualDenoiser)  # noqa: S101  for the type checker
        batch = _same_count(looks, random)
        tensors = [torch.from_numpy(np.stack(parts)).movedim(-1, -3) for parts in zip(*batch, strict=True)]
        face, wanted, guess, doubt, masks, examples, example_masks = tensors
        situation = Situation(face, guess, doubt, masks, examples, example_masks)
        lot = random.random()
        if lot < _BARE:
            situation, wanted = situation.bare(), torch.zeros_like(wanted)
        elif lot < _BARE + _NO_TOKENS:
            situation = situation.without_tokens()
        unit = network.spec.sigma_data
        generator = torch.Generator().manual_seed(int(random.integers(2**31)))
        clean = to_haar(wanted - situation.guess)
        sigma = unit * lognormal_sigmas(BATCH, mean=_MEAN, deviation=_DEVIATION, generator=generator)
        denoised = precondition(lambda z, level: network(z, level, situation), unit)(add_noise(clean, sigma, generator), sigma)
        allowed = masks.sum(dim=1, keepdim=True).clamp(0, 1)
        error = (denoised - clean).square() * allowed * loss_weight(sigma, unit).reshape(-1, 1, 1, 1)
        return {"denoising": error.sum() / (allowed.sum() * clean.shape[1])}

    return run


def measure_sigma_data(looks: RandomLooks, count: int = 200) -> float:
    """Root mean square of residual minus guess in Haar space where makeup may be, over the first `count` lessons."""
    squares, weights = 0.0, 0.0
    for number in range(min(count, len(looks.target))):
        (_, wanted, guess, _, masks, *_), _ = looks.draw(number, mirrored=False)
        bands = to_haar(torch.from_numpy(wanted - guess).movedim(-1, 0)[None])
        allowed = torch.from_numpy(masks.sum(-1).clip(0, 1))
        squares += float((bands.square() * allowed).sum())
        weights += float(allowed.sum()) * bands.shape[1]
    return float((squares / weights) ** 0.5)


def build_denoiser(looks: RandomLooks, seed: int = 0) -> ResidualDenoiser:
    """A fresh network whose `sigma_data` fits the lesson."""
    torch.manual_seed(seed)
    return ResidualDenoiser(replace(PRIOR, sigma_data=round(measure_sigma_data(looks), 4)))


def _same_count(looks: RandomLooks, random: np.random.Generator) -> list[list[FloatArray]]:
    """A batch in which every lesson has the same number of examples: as many as the first one drawn has, the others are cut or doubled."""
    drawn = [looks.draw(int(number), bool(random.random() < 0.5)) for number in random.integers(len(looks.target), size=BATCH)]
    count = drawn[0][1]
    for arrays, own in drawn:
        pick = np.resize(np.arange(own), count)
        arrays[5], arrays[6] = arrays[5][pick], arrays[6][pick]
    return [arrays for arrays, _ in drawn]


def _unit(picture: AnyArray) -> FloatArray:
    return picture.astype(np.float32) / np.float32(255)


def _shrink(picture: FloatArray) -> FloatArray:
    tensor = torch.from_numpy(np.ascontiguousarray(np.moveaxis(picture, -1, 0)))[None]
    small: Tensor = nn.functional.avg_pool2d(tensor, 4)
    return np.ascontiguousarray(np.moveaxis(small[0].numpy(), 0, -1))


def adapt(amplifier: Amplifier, examples: Sequence[Example], steps: int, *, seed: int = 0, rank: int = 4) -> Amplifier:
    """Fit a copy of the prior to the artist's pairs: each pair in turn is the aim, the others say what the look is.

    Low-rank corrections (LoRA, Hu et al. 2021) of the attention's and the 1×1 convolutions' weights are trained, the rest stays as it is.
    With one pair there is nothing to leave out, and the prior comes back as it was.
    """
    if len(examples) < 2 or amplifier.denoiser is None:
        return amplifier
    network = with_low_rank(copy.deepcopy(amplifier.denoiser), rank)
    looks = _left_out(examples, seed)
    fit(network, lesson_step(looks), Schedule(steps=steps, learning_rate=1e-3, weight_decay=0.0, average=0.98), seed=seed)
    return Amplifier(merge_low_rank(network))


def _left_out(examples: Sequence[Example], seed: int, lessons_each: int = 4) -> RandomLooks:
    """A lesson from the pairs alone: every pair is the aim a few times, of a look read from some or all of the others."""
    random = np.random.default_rng(seed)
    found = [moments(example) for example in examples]
    targets, chosen, guesses, doubts = [], [], [], []
    for number, example in enumerate(examples):
        others = [other for other in range(len(examples)) if other != number]
        for _ in range(lessons_each):
            shown = random.permutation(others)[: int(random.integers(1, min(len(others), MOST_EXAMPLES) + 1))]
            guess, doubt = ChartStyle.from_moments([found[other] for other in shown]).change_on(example.before, example.face)
            targets.append(number)
            chosen.append(np.pad(shown, (0, MOST_EXAMPLES - len(shown)), constant_values=-1))
            guesses.append(middle(guess).astype(np.float16))
            doubts.append(small(doubt).numpy().astype(np.float16))
    whose = np.arange(len(examples), dtype=np.int32)
    pictures = [np.stack([np.round(middle(picture) * 255).astype(np.uint8) for picture in side]) for side in _sides(examples)]
    masks = np.stack([small(np.moveaxis(region_masks(example.face), 0, -1)).numpy().astype(np.float16) for example in examples])
    numbers = np.array(targets, np.int32), np.array(chosen, np.int32)
    return RandomLooks(pictures[0], masks, pictures[1], whose, *numbers, np.stack(guesses), np.stack(doubts))


def _sides(examples: Sequence[Example]) -> tuple[list[FloatArray], list[FloatArray]]:
    return [example.before for example in examples], [example.after for example in examples]
