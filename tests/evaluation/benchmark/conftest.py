from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as PillowImage

from drawn import Drawing, FixedDetector
from kohl.api import studio
from kohl.evaluation.benchmark import plan, stages, worker
from kohl.evaluation.benchmark.processes import WorkerError
from kohl.evaluation.benchmark.timing import Repeats
from kohl.faces.analyzer import Analyzer
from kohl.faces.mesh import Mesh
from stand_ins import install


@pytest.fixture
def portrait(tmp_path: Path, drawing: Drawing) -> Path:
    """A file with the drawn face."""
    path = tmp_path / "portrait.png"
    PillowImage.fromarray((drawing.image * 255).round().astype("uint8")).save(path)
    return path


@pytest.fixture
def ask_here(drawing: Drawing, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Answers requests in this process, with the plain method and a face that is where it was drawn, whatever the picture's size."""
    install(monkeypatch, drawing.points)

    class Scaled(FixedDetector):
        """Finds the one drawn face in a picture of any size."""

        def detect(self, image: Any) -> Any:
            scale = image.shape[0] / drawing.image.shape[0]
            return [Mesh(drawing.points * scale, 1.0)]

    monkeypatch.setattr(studio, "Analyzer", lambda: Analyzer(detector=Scaled()))
    monkeypatch.setattr(stages, "MediapipeMeshDetector", Scaled)
    monkeypatch.setattr(plan, "_CROWD_TILE", 128)
    monkeypatch.setattr(plan, "_QUICK", Repeats.exactly(1, warm_up=0))

    def ask(request: dict[str, Any]) -> dict[str, Any]:
        try:
            return worker.answer(request)
        except Exception as error:
            raise WorkerError(f"{type(error).__name__}: {error}") from error

    return ask
