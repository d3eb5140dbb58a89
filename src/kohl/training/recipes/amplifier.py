"""The amplifier's prior: what makeup of any kind does to any face, learnt once from thousands of random looks that kohl's renderer paints."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from kohl.core.arrays import AnyArray, FloatArray, IntArray
from kohl.diffusion.haar import to_haar
from kohl.diffusion.noise import lognormal_sigmas
from kohl.diffusion.preconditioning import add_noise, loss_weight, precondition
from kohl.methods.amplifier.config import PRIOR
from kohl.methods.amplifier.model import ResidualDenoiser, Situation
from kohl.training.loop import Losses, Schedule, Step

SCHEDULE = Schedule(steps=3000, learning_rate=2e-3)
BATCH = 8
_BARE = 0.1
"""How often the examples are left out: the model then learns to leave the face as it is."""
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
        if random.random() < _BARE:
            situation, wanted = situation.bare(), torch.zeros_like(wanted)
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
    from dataclasses import replace  # noqa: PLC0415

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
