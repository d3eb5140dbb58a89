"""The amplifier's prior: what makeup of any kind does to any face, learnt once from random looks.

python scripts/train_amplifier.py FACES -o prior.safetensors
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import nn

from kohl.diffusion.haar import to_haar
from kohl.diffusion.noise import lognormal_sigmas
from kohl.diffusion.preconditioning import add_noise, loss_weight, precondition
from kohl.methods.amplifier.chart_lines import Example
from kohl.methods.amplifier.config import PRIOR
from kohl.methods.amplifier.method import Amplifier
from kohl.methods.amplifier.model import ResidualDenoiser
from kohl.nn.devices import device_of
from kohl.nn.low_rank import merge_low_rank, with_low_rank
from kohl.training.loop import Losses, Schedule, Step, fit
from kohl.training.recipes.amplifier_lesson import Lessons, lesson_from_pairs

SCHEDULE = Schedule(steps=1500, learning_rate=2e-3)
BATCH = 8
_BARE = 0.1
"""How often the look is left out: the model then learns to leave the face as it is."""
_NO_TOKENS = 0.1
"""How often only the style tokens are left out, so that what they bring can be told (docs/learning.md)."""
_MEAN, _DEVIATION = 1.4, 1.2
"""ln(sigma / sigma_data) in training: sampling starts at 2.1, and with few steps most of the work is done there, where the conditions decide."""


def lesson_step(lessons: Lessons, batch: int = BATCH) -> Step:
    """A step of training: EDM's loss (eq. 8) on the residual minus the chart's guess, in Haar space, where makeup may be.

    The lessons are on the network's device.
    """

    def run(network: nn.Module, random: np.random.Generator) -> Losses:
        assert isinstance(network, ResidualDenoiser)  # noqa: S101  for the type checker
        situation, wanted = lessons.situate(random.integers(len(lessons.before), size=batch).tolist(), bool(random.random() < 0.5))
        allowed = situation.masks.sum(dim=1, keepdim=True).clamp(0, 1)
        lot = random.random()
        if lot < _BARE:
            situation, wanted = situation.bare(), torch.zeros_like(wanted)
        elif lot < _BARE + _NO_TOKENS:
            situation = situation.without_tokens()
        unit = network.spec.sigma_data
        generator = torch.Generator(device_of(network)).manual_seed(int(random.integers(2**31)))
        clean = to_haar(wanted - situation.guess)
        sigma = unit * lognormal_sigmas(batch, mean=_MEAN, deviation=_DEVIATION, generator=generator)
        denoised = precondition(lambda z, level: network(z, level, situation), unit)(add_noise(clean, sigma, generator), sigma)
        error = (denoised - clean).square() * allowed * loss_weight(sigma, unit).reshape(-1, 1, 1, 1)
        return {"denoising": error.sum() / (allowed.sum() * clean.shape[1])}

    return run


def measure_sigma_data(lessons: Lessons, count: int = 200) -> float:
    """Root mean square of residual minus guess in Haar space where makeup may be, over up to `count` lessons spread over all."""
    chosen = np.linspace(0, len(lessons.before) - 1, min(count, len(lessons.before))).astype(int)
    squares, weights = 0.0, 0.0
    for number in chosen.tolist():
        situation, wanted = lessons.situate([number], mirrored=False)
        bands = to_haar(wanted - situation.guess)
        allowed = situation.masks.sum(dim=1, keepdim=True).clamp(0, 1)
        squares += float((bands.square() * allowed).sum())
        weights += float(allowed.sum()) * bands.shape[1]
    return float((squares / weights) ** 0.5)


def build_denoiser(lessons: Lessons, seed: int = 0) -> ResidualDenoiser:
    """A fresh network whose `sigma_data` fits the lessons."""
    torch.manual_seed(seed)
    return ResidualDenoiser(replace(PRIOR, sigma_data=round(measure_sigma_data(lessons), 4)))


def adapt(amplifier: Amplifier, examples: Sequence[Example], steps: int, *, seed: int = 0, rank: int = 4, lessons_each: int = 4) -> Amplifier:
    """Fit a copy of the prior to the artist's pairs: each pair in turn is the aim, the others say what the look is.

    Low-rank corrections (LoRA, Hu et al. 2021) of the attention's and the 1×1 convolutions' weights are trained, the rest stays as it is.
    Each pair is the aim `lessons_each` times, every time of others drawn anew.
    With one pair there is nothing to leave out, and the prior comes back as it was.
    """
    if len(examples) < 2 or amplifier.denoiser is None:
        return amplifier
    network = with_low_rank(copy.deepcopy(amplifier.denoiser), rank)
    lessons = lesson_from_pairs(examples, seed, lessons_each)
    fit(network, lesson_step(lessons), Schedule(steps=steps, learning_rate=1e-3, weight_decay=0.0, average=0.98), seed=seed)
    return Amplifier(merge_low_rank(network))
