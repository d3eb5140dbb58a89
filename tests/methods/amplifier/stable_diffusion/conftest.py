"""A tiny backbone on disk, written once, and loaded by the real loading code."""

from __future__ import annotations

from pathlib import Path

import pytest

from kohl.methods.amplifier.stable_diffusion.backbone import Backbone
from kohl.methods.amplifier.stable_diffusion.loading import load_backbone
from tiny_diffusion import save_backbone


@pytest.fixture(scope="session")
def sd_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read it only; tests that break files copy it first."""
    return save_backbone(tmp_path_factory.mktemp("stable_diffusion"))


@pytest.fixture
def backbone(sd_folder: Path) -> Backbone:
    return load_backbone(sd_folder)
