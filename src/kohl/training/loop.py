"""The one training loop: draw a batch, take its loss, step, average the weights, look now and then, save now and then."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor, nn

from kohl.core.errors import TrainingError
from kohl.training.checkpoints import Progress, load_checkpoint, save_checkpoint

Losses: TypeAlias = dict[str, Tensor]
"""Name → scalar, already weighted; training minimises their sum."""
_Tensors: TypeAlias = tuple[Tensor, ...] | list[Tensor]
Step: TypeAlias = Callable[[nn.Module, np.random.Generator], Losses]
"""One batch, drawn with the generator and put through the network."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast. The learning rate rises over the first `warm_up` of the way, then falls as half a cosine to nothing."""

    steps: int
    learning_rate: float = 3e-3
    warm_up: float = 0.05
    weight_decay: float = 1e-4
    largest_gradient: float = 1.0
    average: float = 0.998
    """Decay per step of the running average of the weights, which is what is kept; it starts lower, so that a short training is not held back."""
    minutes: float | None = None
    """Stop the schedule after this time instead, if it comes first; two runs are then equal only on equally fast machines."""

    def rate(self, progress: float) -> float:
        """The learning rate after `progress`, 0 to 1, of the way."""
        if progress < self.warm_up:
            return self.learning_rate * max(progress / self.warm_up, 0.02)
        fall = (progress - self.warm_up) / (1 - self.warm_up)
        return self.learning_rate * 0.5 * (1 + float(np.cos(np.pi * min(fall, 1.0))))


@dataclass(frozen=True)
class Watching:
    """What happens beside the steps."""

    every: int = 100
    look: Callable[[nn.Module, int], Mapping[str, float]] | None = None
    """Measures the averaged network; its numbers go to `tell`."""
    tell: Callable[[int, float, Mapping[str, float]], None] | None = None
    """Gets the step, the progress from 0 to 1, and losses with what `look` measured."""
    checkpoint: Path | None = None
    """Where to save each `every` steps and at the end."""
    resume: bool = False
    notes: dict[str, Any] = field(default_factory=dict)
    beside: dict[str, nn.Module] = field(default_factory=dict)
    """Networks that the steps themselves teach, by name: they are saved and brought back with the one that is trained."""


def fit(
    network: nn.Module, step: Step, schedule: Schedule, *, seed: int, watching: Watching | None = None, device: str | torch.device = "cpu"
) -> nn.Module:
    """Train `network` on `device` and return its averaged twin, in evaluation mode and on the processor.

    Same seed, same machine and same number of threads give the same weights, also over an interruption that was resumed from its
    checkpoint (unless `minutes` ended it). Ctrl-C ends the training early and keeps what was learned so far.

    Raises
    ------
    TrainingError
        When a loss is not finite: the learning rate is too high or the data holds what no photo holds.
    InputError, OutputError
        When a checkpoint cannot be read or written.
    """
    watching = watching or Watching()
    network.to(device)
    random = np.random.default_rng(seed)
    average = torch.optim.swa_utils.AveragedModel(network, multi_avg_fn=_averaging(schedule.average))
    optimizer = torch.optim.AdamW(network.parameters(), lr=schedule.learning_rate, betas=(0.9, 0.99), weight_decay=schedule.weight_decay)
    kept = {"network": network, "average": average, **watching.beside}
    done = Progress(0, 0.0, {})
    if watching.resume and watching.checkpoint is not None and watching.checkpoint.is_file():
        done = load_checkpoint(watching.checkpoint, kept, optimizer, random)
        watching.notes.update(done.notes)
    began = time.monotonic() - done.seconds
    number = done.step
    network.train()
    try:
        while (progress := _progress(number, time.monotonic() - began, schedule)) < 1:
            losses = _one_step(network, step, optimizer, schedule, random, progress)
            average.update_parameters(network)
            number += 1
            if number % watching.every == 0:
                _watch(average.module, number, progress, losses, watching)
                if watching.checkpoint is not None:
                    save_checkpoint(watching.checkpoint, kept, optimizer, random, Progress(number, time.monotonic() - began, watching.notes))
    except KeyboardInterrupt:
        watching.notes["interrupted"] = number
    if watching.checkpoint is not None:
        save_checkpoint(watching.checkpoint, kept, optimizer, random, Progress(number, time.monotonic() - began, watching.notes))
    watching.notes["steps"] = number
    return (average.module if number else network).eval().cpu()


def _one_step(
    network: nn.Module, step: Step, optimizer: torch.optim.Optimizer, schedule: Schedule, random: np.random.Generator, progress: float
) -> Losses:
    for group in optimizer.param_groups:
        group["lr"] = schedule.rate(progress)
    losses = step(network, random)
    total = torch.stack(list(losses.values())).sum()
    if not torch.isfinite(total):
        raise TrainingError(
            f"expected finite losses, got { {name: float(value.detach()) for name, value in losses.items()} }; lower the learning rate"
        )
    optimizer.zero_grad(set_to_none=True)
    total.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(network.parameters(), schedule.largest_gradient)
    optimizer.step()
    return losses


def _watch(network: nn.Module, number: int, progress: float, losses: Losses, watching: Watching) -> None:
    if watching.tell is None:
        return
    numbers = {f"loss/{name}": float(value.detach()) for name, value in losses.items()}
    if watching.look is not None:
        network.eval()
        with torch.no_grad():
            numbers |= watching.look(network, number)
    watching.tell(number, progress, numbers)


def _progress(step: int, seconds: float, schedule: Schedule) -> float:
    by_time = seconds / (60 * schedule.minutes) if schedule.minutes is not None else 0.0
    return max(step / schedule.steps, by_time)


def _averaging(decay: float) -> Callable[[_Tensors, _Tensors, Tensor | int], None]:
    @torch.no_grad()
    def update(averages: _Tensors, values: _Tensors, updates: Tensor | int) -> None:
        keep = min(decay, (1 + int(updates)) / (10 + int(updates)))
        torch._foreach_lerp_(list(averages), list(values), 1 - keep)

    return update
