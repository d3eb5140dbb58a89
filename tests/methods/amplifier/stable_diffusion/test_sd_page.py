"""What docs/stable_diffusion.md tells people to type works, on the tiny backbone and a drawn face."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from drawn import Drawing, FixedDetector
from kohl.faces import analyzer
from kohl.methods.amplifier.stable_diffusion.config import SamplingKnobs
from kohl.methods.amplifier.stable_diffusion.hub import SCHEDULER, UNET, VAE

PAGE = (Path(__file__).parents[4] / "docs/stable_diffusion.md").read_text()


@pytest.fixture
def _inside(sd_folder: Path, tmp_path: Path, drawing: Drawing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with what the page speaks of; faces are found without a network."""
    picture = PillowImage.fromarray((drawing.image * 255).round().astype(np.uint8))
    for name in ("pairs/before/a", "pairs/after/a", "pairs/before/b", "pairs/after/b", "faces/c"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        picture.save(tmp_path / f"{name}.png")
    shutil.copytree(sd_folder, tmp_path / "sd15")
    monkeypatch.setattr(analyzer, "Analyzer", lambda real=analyzer.Analyzer: real(detector=FixedDetector(drawing.points)))
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_inside")
def test_the_python_on_the_page_runs():
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, re.M | re.S)
    assert len(blocks) == 2
    code = "\n".join(blocks)
    assert "steps=2500" in code
    names: dict[str, object] = {}
    exec(compile(code.replace("steps=2500", "steps=2"), "docs/stable_diffusion.md", "exec"), names)
    assert names["before"].shape == names["after"].shape == (512, 512, 3)  # type: ignore[attr-defined]
    assert Path("run/amplifier.safetensors").is_file()


def test_every_knob_and_every_file_is_on_the_page():
    assert [name for name in SamplingKnobs.__dataclass_fields__ if f"`{name}`" not in PAGE] == []
    for part in (UNET, VAE, SCHEDULER):
        assert f"{part.folder}/{part.config}" in PAGE
