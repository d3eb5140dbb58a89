from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image as PillowImage

from answering_here import Ask, answer_here
from drawn import Drawing


@pytest.fixture
def portrait(tmp_path: Path, drawing: Drawing) -> Path:
    """A file with the drawn face."""
    path = tmp_path / "portrait.png"
    PillowImage.fromarray((drawing.image * 255).round().astype("uint8")).save(path)
    return path


@pytest.fixture
def ask_here(drawing: Drawing, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Answers requests in this process."""
    return answer_here(monkeypatch, drawing)
