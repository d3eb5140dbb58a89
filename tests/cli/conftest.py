from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage
from running import Kohl
from typer.testing import CliRunner, Result

from drawn import Drawing
from kohl.cli.main import app
from pictures import encoded
from stand_ins import install


@pytest.fixture(scope="session")
def photo_file(drawing: Drawing) -> bytes:
    return encoded(PillowImage.fromarray(np.round(drawing.image * 255).astype(np.uint8)), "PNG")


@pytest.fixture
def kohl(tmp_path: Path, drawing: Drawing, photo_file: bytes, monkeypatch: pytest.MonkeyPatch) -> Kohl:
    """The command `kohl`, in a folder with me.png and reference.png, painting with the plain method."""
    install(monkeypatch, drawing.points)
    for name in ("me.png", "reference.png"):
        (tmp_path / name).write_bytes(photo_file)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=stdin)

    return run
