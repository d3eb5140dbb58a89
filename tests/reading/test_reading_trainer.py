"""The reader's trainer: its CIEDE2000 is ours, it learns, and going on starts from what is there."""

from __future__ import annotations

import numpy as np
import pytest

from kohl.color.difference import delta_e2000

torch = pytest.importorskip("torch", reason="fitting needs the train extra")
reading_trainer = pytest.importorskip("reading_trainer", reason="scripts are not on the path")


def test_difference_is_ciede2000() -> None:
    random = np.random.default_rng(0)
    first = random.uniform([0, -60, -60], [100, 60, 60], (500, 3))
    second = first + random.normal(0, 12, (500, 3))
    assert reading_trainer.delta_e2000(torch.tensor(first), torch.tensor(second)).numpy() == pytest.approx(delta_e2000(first, second), abs=1e-3)


def test_presence_is_learnt_and_going_on_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_trainer, "STEPS", {"from scratch": 200, "going on": 20})
    random = np.random.default_rng(1)
    inputs = random.normal(size=(300, 5)).astype(np.float32)
    answers = (inputs[:, :1] > 0).astype(np.float64)
    network = reading_trainer.train(inputs[:, :4], answers, "presence")
    right = np.mean([(network(row[:4])[0] > 0) == (answer > 0) for row, answer in zip(inputs, answers[:, 0], strict=True)])
    assert right > 0.9
    wide = reading_trainer.widened(network, inputs)
    assert wide(inputs[0]) == pytest.approx(network(inputs[0, :4]), abs=1e-5)
    onward = reading_trainer.train(inputs, answers, "presence", network)
    assert onward.inner.shape[1] == 5
    assert np.mean([(onward(row)[0] > 0) == (answer > 0) for row, answer in zip(inputs, answers[:, 0], strict=True)]) > 0.9
