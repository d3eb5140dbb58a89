"""The benchmark's processes, played by this one: a plain method, a face that is where it was drawn, and as few calls as there can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pytest

from drawn import Drawing
from kohl.api import studio
from kohl.core.arrays import Image
from kohl.evaluation.benchmark import plan, stages, worker
from kohl.evaluation.benchmark.processes import WorkerError
from kohl.evaluation.benchmark.timing import Repeats
from kohl.faces.analyzer import Analyzer
from kohl.faces.mesh import Mesh
from stand_ins import install

Ask: TypeAlias = Callable[[Mapping[str, Any]], dict[str, Any]]


def answer_here(monkeypatch: pytest.MonkeyPatch, drawing: Drawing) -> Ask:
    """Return what answers requests in this process, in place of `ask_worker`. A request for the machine's peak gets made-up numbers."""
    install(monkeypatch, drawing.points)

    class AnySize:
        """Finds the one drawn face in a picture of any size."""

        def detect(self, image: Image) -> list[Mesh]:
            return [Mesh(drawing.points * (image.shape[0] / drawing.image.shape[0]), 1.0)]

    monkeypatch.setattr(studio, "Analyzer", lambda: Analyzer(detector=AnySize()))
    monkeypatch.setattr(stages, "MediapipeMeshDetector", AnySize)
    monkeypatch.setattr(plan, "_CROWD_TILE", 128)
    monkeypatch.setattr(plan, "_QUICK", Repeats.exactly(1, warm_up=0))
    monkeypatch.setitem(worker._ANSWERS, "peaks", lambda _: {"gmacs": 50.0, "gigabytes": 10.0, "source": "numpy"})

    def ask(request: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return worker.answer(request)
        except Exception as error:
            raise WorkerError(f"{type(error).__name__}: {error}") from error

    return ask
