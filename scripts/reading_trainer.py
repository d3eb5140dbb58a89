"""Train the networks of one part of the face with PyTorch; what comes out are the arrays of a member of `reader_network`.

Colours are learnt by CIEDE2000 itself, not by distance in Lab: among dark pigments lightness hardly counts, among greys hue does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from kohl.core.arrays import AnyArray, FloatArray
from reader_network import EXTREME

CHANNELS, SEEN = (16, 32, 48), 48
BATCH, RATE, DECAY = 256, 3e-3, 1e-3
PIXEL_NOISE = 0.02
"""Standard deviation of the noise on pictures."""
TINT = (0.06, 0.05, 0.05)
"""The same of a whole picture's luminance and chromas: the skin that it is relative to is never known exactly."""
_DELTA_E, _COVERAGE, _BETA = 1 / 8, 1 / 40, 0.5
"""Weights of a colour's difference and of its coverage's, and where the loss of numbers bends."""
_LAB = 3
_TINY = 1e-9


@dataclass(frozen=True)
class Recipe:
    """How wide a network is (`hidden` units) and how it learns: the share of units `dropped`, the standard deviation of the `noise` on standardised
    numbers, so that no single one is relied on, and `epochs`. `forgiving`: the ΔE2000 from which on the loss of a colour bends, or None: where one
    of two pigments could have been worn, it is better to say one of them than what lies between.
    """

    hidden: int
    dropped: float
    noise: float
    epochs: int
    forgiving: float | None = None


ALL = Recipe(hidden=128, dropped=0.3, noise=0.2, epochs=24)
COLOURS = Recipe(hidden=256, dropped=0.1, noise=0.1, epochs=40)
"""For networks whose word on who wears what is not asked: every picture has its colour, they need not be held back as much."""
ONE = Recipe(hidden=128, dropped=0.1, noise=0.2, epochs=40, forgiving=8.0)
"""For networks that give one answer alone."""


@dataclass(frozen=True, eq=False)
class Lesson:
    """Samples of one part of the face. `pictures` (N, V, H, W, C) or None, `numbers` (N, F), and by name the `answers` (N, K), NaN where
    there is none. `kinds`: by name, "presence" (logits of answers in {0, 1}), "colour" (Lab and scaled coverage) or "number".
    """

    pictures: AnyArray | None
    numbers: FloatArray
    answers: Mapping[str, FloatArray]
    kinds: Mapping[str, str]


class Looking(nn.Module):
    """A member of `reader_network`, to be trained: its answers are scaled, its convolutions are normalised over the batch."""

    def __init__(self, lesson: Lesson, recipe: Recipe) -> None:
        super().__init__()
        seen, hidden = 0, recipe.hidden
        self.look, self.whole = nn.Sequential(), None
        if lesson.pictures is not None:
            height, width, channels = lesson.pictures.shape[2:]
            for wider in CHANNELS:
                self.look.extend([nn.Conv2d(channels, wider, 3, 2, 1), nn.BatchNorm2d(wider), nn.ReLU()])
                channels, height, width = wider, (height + 1) // 2, (width + 1) // 2
            self.size, seen = (channels, height, width), SEEN
            self.whole = nn.Linear(channels * height * width, SEEN)
        self.drop = nn.Dropout(recipe.dropped)
        self.inner, self.across = nn.Linear(seen + lesson.numbers.shape[1], hidden), nn.Linear(hidden, hidden)
        self.outer = nn.Linear(hidden, sum(answer.shape[1] for answer in lesson.answers.values()))

    def forward(self, pictures: Tensor | None, numbers: Tensor) -> Tensor:
        """(B, K) to pictures (B, V, C, H, W) and standardised numbers (B, F)."""
        if self.whole is not None and pictures is not None:
            flat = self.drop(self.look(pictures.flatten(0, 1)).flatten(1))
            seen = torch.relu(self.whole(flat)).unflatten(0, pictures.shape[:2]).mean(1)
            numbers = torch.cat([seen, numbers], 1)
        hidden = self.drop(torch.relu(self.inner(numbers)))
        return self.outer(hidden + self.drop(torch.relu(self.across(hidden))))


def train(lesson: Lesson, *, seed: int, recipe: Recipe = ALL, device: str = "cpu") -> dict[str, FloatArray]:
    """Train a network from scratch, on a `device` as PyTorch names it."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    mean, scale = lesson.numbers.mean(0), lesson.numbers.std(0) + np.float32(1e-3)
    numbers = torch.from_numpy(np.clip((lesson.numbers - mean) / scale, -EXTREME, EXTREME)).to(device)
    pictures = None if lesson.pictures is None else torch.from_numpy(lesson.pictures).to(device)
    answers = torch.from_numpy(np.concatenate(list(lesson.answers.values()), 1)).to(device)
    shift, spread = (part.to(device) for part in _scaling(lesson))
    network = Looking(lesson, recipe).to(device, memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    batches = len(numbers) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, recipe.epochs * batches, pct_start=0.15)
    for _ in range(recipe.epochs):
        for chosen in torch.from_numpy(random.permutation(len(numbers))[: batches * BATCH]).to(device).split(BATCH):
            shown = None if pictures is None else _shaken(pictures[chosen].float().movedim(-1, 2), random)
            given = network(shown, numbers[chosen] + recipe.noise * torch.randn(BATCH, numbers.shape[1], device=device))
            loss = _loss(given * spread + shift, answers[chosen], lesson, spread, recipe.forgiving)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return {"mean": mean, "scale": scale, **_arrays(network.eval(), shift, spread)}


def _scaling(lesson: Lesson) -> tuple[Tensor, Tensor]:
    """Mean and spread (K,) of the answers; of logits 0 and 1."""
    shifts, spreads = [], []
    for name, answer in lesson.answers.items():
        is_logit = lesson.kinds[name] == "presence"
        shifts.append(np.zeros(answer.shape[1]) if is_logit else np.nanmean(answer, 0))
        spreads.append(np.ones(answer.shape[1]) if is_logit else np.nanstd(answer, 0) + 1e-6)
    return (torch.from_numpy(np.concatenate(parts).astype(np.float32)) for parts in (shifts, spreads))  # type: ignore[return-value]


def _shaken(pictures: Tensor, random: np.random.Generator) -> Tensor:
    """Pictures (B, V, C, H, W) in a slightly other light, with noise, and a pixel off."""
    pictures = torch.roll(pictures, tuple(random.integers(-1, 2, 2).tolist()), (3, 4))
    tint = torch.randn(len(pictures), 1, len(TINT), 1, 1, device=pictures.device) * torch.tensor(TINT, device=pictures.device)[:, None, None]
    colours = pictures[:, :, : len(TINT)]
    return torch.cat([colours + tint + PIXEL_NOISE * torch.randn_like(colours), pictures[:, :, len(TINT) :]], 2)


def _loss(given: Tensor, wanted: Tensor, lesson: Lesson, spread: Tensor, forgiving: float | None) -> Tensor:
    """Of answers (B, K), unscaled, NaN where there are none."""
    widths = [answer.shape[1] for answer in lesson.answers.values()]
    total = given.new_zeros(())
    for name, ours, theirs, unit in zip(lesson.answers, *(part.split(widths, -1) for part in (given, wanted, spread)), strict=True):
        known = torch.isfinite(theirs).all(1) if lesson.kinds[name] == "colour" else torch.isfinite(theirs)
        if lesson.kinds[name] == "colour":
            difference = delta_e2000(ours[known, :_LAB], theirs[known, :_LAB])
            bent = difference if forgiving is None else forgiving * torch.log1p(difference / forgiving)
            total = total + _DELTA_E * bent.sum() + _COVERAGE * (ours[known, _LAB] - theirs[known, _LAB]).abs().sum()
        elif lesson.kinds[name] == "presence":
            total = total + nn.functional.binary_cross_entropy_with_logits(ours[known], theirs[known], reduction="sum")
        else:
            scaled = [(answer / unit)[known] for answer in (ours, theirs)]
            total = total + nn.functional.smooth_l1_loss(*scaled, reduction="sum", beta=_BETA)
    return total / len(given)


def _arrays(network: Looking, shift: Tensor, spread: Tensor) -> dict[str, FloatArray]:
    """The network's layers, as `reader_network` has them: normalisation and scaling are part of the weights."""
    layers = {"inner": network.inner, "across": network.across}
    found = {name: (layer.weight.T, layer.bias) for name, layer in layers.items()}
    found["outer"] = network.outer.weight.T * spread, network.outer.bias * spread + shift
    for number in range(len(network.look) // 3):
        convolution, normal = network.look[3 * number], network.look[3 * number + 1]
        factor = normal.weight / torch.sqrt(normal.running_var + normal.eps)
        weights = convolution.weight.flatten(1) * factor[:, None]
        found[f"convolution{number}"] = weights.T, (convolution.bias - normal.running_mean) * factor + normal.bias
    if network.whole is not None:
        by_place = network.whole.weight.unflatten(1, network.size).permute(0, 2, 3, 1).flatten(1)
        found["whole"] = by_place.T, network.whole.bias
    parts = {f"{name}.{part}": array for name, layer in found.items() for part, array in zip(("weights", "bias"), layer, strict=True)}
    return {name: array.detach().cpu().numpy().astype(np.float32) for name, array in parts.items()}


def delta_e2000(lab1: Tensor, lab2: Tensor) -> Tensor:
    """CIEDE2000 (N,) of Lab (N, 3) with slopes everywhere (Sharma, Wu & Dalal 2005); see `kohl.color.difference` for the exact one."""
    (light1, red1, yellow1), (light2, red2, yellow2) = lab1.unbind(-1), lab2.unbind(-1)
    mean_chroma = (_length(red1, yellow1) + _length(red2, yellow2)) / 2
    stretch = 1.5 - 0.5 * _saturated(mean_chroma)
    chroma1, chroma2 = _length(stretch * red1, yellow1), _length(stretch * red2, yellow2)
    hue1, hue2 = torch.atan2(yellow1, stretch * red1), torch.atan2(yellow2, stretch * red2)
    turn = torch.remainder(hue2 - hue1 + torch.pi, 2 * torch.pi) - torch.pi
    hue = hue1 + turn / 2
    light, chroma = (light1 + light2) / 2, (chroma1 + chroma2) / 2
    by_light = (light2 - light1) / (1 + 0.015 * (light - 50) ** 2 / torch.sqrt(20 + (light - 50) ** 2))
    by_chroma = (chroma2 - chroma1) / (1 + 0.045 * chroma)
    by_hue = 2 * torch.sqrt(chroma1 * chroma2 + _TINY) * torch.sin(turn / 2) / (1 + 0.015 * chroma * _hue_weight(hue))
    rotation = -torch.sin(_rotation_angle(hue)) * 2 * _saturated(chroma)
    square = by_light**2 + by_chroma**2 + by_hue**2 + rotation * by_chroma * by_hue
    return torch.sqrt(torch.clamp(square, min=0) + 1e-4)


def _length(first: Tensor, second: Tensor) -> Tensor:
    return torch.sqrt(first**2 + second**2 + _TINY)


def _saturated(chroma: Tensor) -> Tensor:
    return torch.sqrt(chroma**7 / (chroma**7 + 25.0**7) + _TINY)


def _hue_weight(hue: Tensor) -> Tensor:
    """T of the formula, `hue` in radians."""
    degree = torch.pi / 180
    first, second = -0.17 * torch.cos(hue - 30 * degree), 0.24 * torch.cos(2 * hue)
    return 1 + first + second + 0.32 * torch.cos(3 * hue + 6 * degree) - 0.2 * torch.cos(4 * hue - 63 * degree)


def _rotation_angle(hue: Tensor) -> Tensor:
    """2 Δθ of the formula, radians."""
    degrees = torch.remainder(hue * 180 / torch.pi, 360)
    return torch.deg2rad(60 * torch.exp(-(((degrees - 275) / 25) ** 2)))
