"""TFLite and Core ML: their converters are not installed here, so stand-ins with the documented functions record what they are given."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from twins import Twin

from kohl.core.errors import MissingExtraError, ParityError
from kohl.export.exporting import export_look
from kohl.export.formats import Format
from kohl.methods.tinybeauty.card import CARD_KEY
from kohl.methods.tinybeauty.learned import LearnedLook

Rebuilt = Callable[[torch.nn.Module], None]


class EdgeModel:
    """What litert_torch.convert gives back: called like the module, saved with `export`."""

    def __init__(self, module: torch.nn.Module, inputs: tuple[torch.Tensor, ...], off: float) -> None:
        self.module, self.inputs, self.off = module, inputs, off

    def __call__(self, crop: torch.Tensor) -> np.ndarray:
        return self.module(crop).detach().numpy() + self.off

    def export(self, path: str) -> None:
        Path(path).write_bytes(b"TFL3 written by litert")


@pytest.fixture
def litert(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    log = SimpleNamespace(made=[], off=0.0)
    module = ModuleType("litert_torch")

    def convert(network: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> EdgeModel:
        log.made.append(EdgeModel(network, inputs, log.off))
        return log.made[-1]

    module.convert = convert  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "litert_torch", module)
    return log


def test_tflite_gets_the_network_and_a_static_crop(litert: SimpleNamespace, rebuilt: Rebuilt, look: LearnedLook, tmp_path: Path):
    twin = Twin().eval()
    rebuilt(twin)
    report = export_look(look, tmp_path / "out.tflite", Format.TFLITE)
    (made,) = litert.made
    assert made.module is twin
    assert not made.module.training
    assert [tuple(tensor.shape) for tensor in made.inputs] == [(1, 3, 256, 256)]
    assert (tmp_path / "out.tflite").read_bytes() == b"TFL3 written by litert"
    assert report.parity is not None
    assert report.parity.against == "torch"
    assert report.milliseconds is not None


def test_tflite_with_other_numbers_is_not_written(litert: SimpleNamespace, rebuilt: Rebuilt, look: LearnedLook, tmp_path: Path):
    rebuilt(Twin())
    litert.off = 0.01
    with pytest.raises(ParityError):
        export_look(look, tmp_path / "out.tflite", Format.TFLITE)
    assert list(tmp_path.iterdir()) == []


class Program:
    """What coremltools.convert gives back."""

    def __init__(self, traced: Any) -> None:
        self.traced = traced
        self.user_defined_metadata: dict[str, str] = {}
        self.author = self.license = self.short_description = ""

    def save(self, path: str) -> None:
        (Path(path) / "Data/com.apple.CoreML").mkdir(parents=True)
        (Path(path) / "Manifest.json").write_text("{}")
        (Path(path) / "Data/com.apple.CoreML/model.mlmodel").write_bytes(b"program")

    def predict(self, given: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {"residual": self.traced(torch.from_numpy(given["crop"])).detach().numpy()}


@pytest.fixture
def coreml(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Program, dict[str, Any]]]:
    made: list[tuple[Program, dict[str, Any]]] = []
    module = ModuleType("coremltools")

    def convert(traced: Any, **options: Any) -> Program:
        made.append((Program(traced), options))
        return made[-1][0]

    module.convert = convert  # type: ignore[attr-defined]
    module.TensorType = lambda **fields: fields  # type: ignore[attr-defined]
    module.precision = SimpleNamespace(FLOAT32="float32")  # type: ignore[attr-defined]
    module.target = SimpleNamespace(iOS15="iOS15")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "coremltools", module)
    return made


@pytest.mark.parametrize(("platform", "compared"), [("darwin", True), ("linux", False)])
# torch.jit.trace, which coremltools documents, is announced to go away.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::torch.jit.TracerWarning")
def test_core_ml_gets_a_static_float_program_with_its_card(
    platform: str,
    compared: bool,
    coreml: list[tuple[Program, dict[str, Any]]],
    rebuilt: Rebuilt,
    look: LearnedLook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    rebuilt(Twin())
    monkeypatch.setattr(sys, "platform", platform)
    report = export_look(look, tmp_path / "out.mlpackage", Format.COREML)
    ((program, options),) = coreml
    assert isinstance(program.traced, torch.jit.ScriptModule)
    assert options["inputs"] == [{"name": "crop", "shape": (1, 3, 256, 256), "dtype": np.float32}]
    assert options["outputs"] == [{"name": "residual", "dtype": np.float32}]
    assert (options["convert_to"], options["compute_precision"], options["minimum_deployment_target"]) == ("mlprogram", "float32", "iOS15")
    assert options["skip_model_load"] is not compared
    assert program.user_defined_metadata[CARD_KEY] == look.card.to_json()
    assert program.license == look.card.licence
    assert (tmp_path / "out.mlpackage/Data/com.apple.CoreML/model.mlmodel").read_bytes() == b"program"
    assert (report.parity is not None) == compared
    assert ("macOS alone" in report.note) != compared
    export_look(look, tmp_path / "out.mlpackage", Format.COREML, force=True)


@pytest.mark.parametrize(("export_format", "name", "extra"), [(Format.TFLITE, "out.tflite", "tflite"), (Format.COREML, "out.mlpackage", "coreml")])
def test_without_the_converter_the_extra_is_named(
    export_format: Format, name: str, extra: str, look: LearnedLook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for module in ("litert_torch", "coremltools"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=rf"kohl\[{extra}\]") as caught:
        export_look(look, tmp_path / name, export_format)
    assert caught.value.extra == extra
    assert list(tmp_path.iterdir()) == []
