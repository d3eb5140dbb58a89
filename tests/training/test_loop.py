"""The loop: it learns, it resumes as if nothing had happened, and it says so where a loss is no number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from kohl.core.errors import InputError, TrainingError
from kohl.training.loop import Losses, Schedule, Step, Watching, fit


def line() -> nn.Linear:
    torch.manual_seed(0)
    return nn.Linear(2, 1)


def to_learn(slope: float = 3.0) -> Step:
    def step(network: nn.Module, random: np.random.Generator) -> Losses:
        x = torch.from_numpy(random.normal(size=(16, 2)).astype(np.float32))
        return {"square": (network(x)[:, 0] - slope * x[:, 0] - 1).square().mean()}

    return step


def weights(network: nn.Module) -> np.ndarray:
    return torch.cat([parameter.flatten() for parameter in network.parameters()]).detach().numpy()


def test_it_learns_a_line():
    fitted = fit(line(), to_learn(), Schedule(steps=400, learning_rate=0.05, weight_decay=0.0), seed=0)
    np.testing.assert_allclose(weights(fitted), [3, 0, 1], atol=0.05)
    assert not fitted.training


def test_same_seed_same_weights():
    schedule = Schedule(steps=20, learning_rate=0.05)
    first, second, other = (weights(fit(line(), to_learn(), schedule, seed=seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, second)
    assert (first != other).any()


class StoppedError(Exception):
    pass


def test_resumed_equals_straight(tmp_path: Path):
    schedule = Schedule(steps=30, learning_rate=0.05)
    straight = weights(fit(line(), to_learn(), schedule, seed=1))
    checkpoint = tmp_path / "run.safetensors"

    def stop(step: int, progress: float, numbers: object) -> None:
        if step == 20:
            raise StoppedError

    with pytest.raises(StoppedError):
        fit(line(), to_learn(), schedule, seed=1, watching=Watching(every=10, tell=stop, checkpoint=checkpoint))
    resumed = fit(line(), to_learn(), schedule, seed=1, watching=Watching(every=10, checkpoint=checkpoint, resume=True))
    np.testing.assert_array_equal(weights(resumed), straight)


def test_ctrl_c_keeps_what_was_learnt(tmp_path: Path):
    calls = []

    def step(network: nn.Module, random: np.random.Generator) -> Losses:
        calls.append(1)
        if len(calls) == 11:
            raise KeyboardInterrupt
        return to_learn()(network, random)

    watching = Watching(every=100, checkpoint=tmp_path / "run.safetensors")
    fitted = fit(line(), step, Schedule(steps=1000, learning_rate=0.05), seed=0, watching=watching)
    assert watching.notes == {"interrupted": 10, "steps": 10}
    assert (tmp_path / "run.safetensors").is_file()
    assert np.isfinite(weights(fitted)).all()


def test_a_time_budget_ends_it():
    watching = Watching(every=10**6)
    fit(line(), to_learn(), Schedule(steps=10**9, learning_rate=0.01, minutes=0.005), seed=0, watching=watching)
    assert 0 < watching.notes["steps"] < 10**6


def test_a_time_budget_counts_what_the_run_before_took(tmp_path: Path):
    """So that the same command, resumed, ends where it would have ended."""
    checkpoint, short, longer = tmp_path / "run.safetensors", Schedule(steps=10**9, minutes=0.002), Schedule(steps=10**9, minutes=0.02)
    steps = []
    for schedule, resume in ((short, False), (short, True), (longer, True)):
        watching = Watching(every=10**9, checkpoint=checkpoint, resume=resume)
        fit(line(), to_learn(), schedule, seed=0, watching=watching)
        steps.append(watching.notes["steps"])
    assert 0 < steps[0] == steps[1] < steps[2]


def test_a_loss_that_is_no_number_stops_it():
    with pytest.raises(TrainingError, match=r"finite losses.*lower the learning rate"):
        fit(line(), to_learn(float("nan")), Schedule(steps=3), seed=0)


def test_rates_rise_and_fall():
    schedule = Schedule(steps=100, learning_rate=1.0, warm_up=0.1)
    rates = [schedule.rate(progress) for progress in np.linspace(0, 1, 101)]
    assert max(rates) == pytest.approx(1.0)
    assert int(np.argmax(rates)) == 10
    assert rates[-1] == pytest.approx(0.0, abs=1e-9)


def test_foreign_checkpoints_are_refused(tmp_path: Path):
    path = tmp_path / "run.safetensors"
    path.write_bytes(b"\x80\x04K\x01.")  # a pickle
    with pytest.raises(InputError, match="no pickle"):
        fit(line(), to_learn(), Schedule(steps=3), seed=0, watching=Watching(checkpoint=path, resume=True))
    fit(nn.Linear(5, 1), lambda network, random: {"square": network(torch.ones(1, 5)).square().sum()}, Schedule(steps=1), seed=0,
        watching=Watching(checkpoint=path))  # fmt: skip
    with pytest.raises(InputError, match="another network"):
        fit(line(), to_learn(), Schedule(steps=3), seed=0, watching=Watching(checkpoint=path, resume=True))
