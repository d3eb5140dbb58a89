from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from twins import small_look

from kohl.methods.tinybeauty.learned import LearnedLook


@pytest.fixture(scope="session")
def look() -> LearnedLook:
    return LearnedLook.from_bytes(small_look())


@pytest.fixture
def rebuilt(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call it to make `kohl.methods.tinybeauty.onnx_model` rebuild every look as a given torch module; it then counts as torch's own numbers."""

    def install(module: torch.nn.Module) -> None:
        stand_in = ModuleType("onnx_model")

        def model_from_onnx(path: Path) -> torch.nn.Module:
            assert Path(path).read_bytes() == small_look()
            return module

        stand_in.model_from_onnx = model_from_onnx  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "kohl.methods.tinybeauty.onnx_model", stand_in)

    return install
