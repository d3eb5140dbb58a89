from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from running import Kohl

from kohl.methods.tinybeauty.learned import LearnedLook
from learned_looks import tint_look


@pytest.fixture(autouse=True)
def _look(kohl: Kohl, monkeypatch: pytest.MonkeyPatch) -> None:
    """A learned look that kohl's own torch model cannot rebuild."""
    monkeypatch.setitem(sys.modules, "kohl.methods.tinybeauty.onnx_model", None)
    Path("mine.onnx").write_bytes(tint_look(matrix=[[0.1, 0, 0], [0, 0.2, 0], [0, 0, 0]]))


def test_it_writes_says_how_true_it_is_and_what_to_type(kohl: Kohl):
    result = kohl("export", "mine.onnx", "--format", "onnx-fp16", "-o", "small.onnx")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].startswith("small.onnx: onnx-fp16, ")
    assert "PSNR" in lines[1]
    assert "ms a frame" in lines[2]
    (apply,) = (line.removeprefix("next    kohl ") for line in lines if "kohl apply" in line)
    assert kohl(*apply.replace("me.jpg", "me.png").split()).exit_code == 0
    assert Path("out.png").is_file()


def test_json_holds_the_report(kohl: Kohl):
    told = json.loads(kohl("export", "mine.onnx", "-o", "copy.onnx", "--json").stdout)
    assert (told["ok"], told["output"], told["format"], told["bytes"]) == (True, "copy.onnx", "onnx", Path("copy.onnx").stat().st_size)
    assert told["parity"]["largest"] == 0
    assert told["milliseconds"] > 0
    assert LearnedLook.load("copy.onnx").card.name == "tint"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("mine.onnx", "-o", "mine.onnx"), 7, "already exists"),
        (("mine.onnx", "-o", "out.tflite", "--format", "tflite"), 5, "kohl[tflite]"),
        (("mine.onnx", "-o", "out.mlpackage", "--format", "coreml"), 5, "kohl[coreml]"),
        (("mine.pkl", "-o", "out.onnx"), 6, "a pickle can run code"),
        (("gothic", "-o", "out.onnx"), 2, "expected an .onnx file"),
        (("lips=mine.onnx", "-o", "out.onnx"), 2, "several put together"),
        (("mine.onnx", "-o", "out.onnx", "--format", "pickle"), 2, "pickle"),
    ],
)
def test_what_cannot_be_exported_ends_with_a_reason(arguments: tuple[str, ...], code: int, told: str, kohl: Kohl, monkeypatch: pytest.MonkeyPatch):
    for module in ("litert_torch", "coremltools"):
        monkeypatch.setitem(sys.modules, module, None)
    result = kohl("export", *arguments)
    assert result.exit_code == code
    assert told in result.stderr
