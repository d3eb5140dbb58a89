"""`kohl benchmark`: what it prints, writes and refuses. Its processes are played by this one, except in the slow test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import Kohl

from answering_here import answer_here
from drawn import Drawing
from kohl.evaluation.benchmark import runner
from kohl.evaluation.benchmark.result import read_result

SMALL = ("benchmark", "procedural", "--quick", "--photo", "me.png", "--sizes", "128", "--faces", "1", "--threads", "1")


@pytest.fixture
def quick(kohl: Kohl, drawing: Drawing, monkeypatch: pytest.MonkeyPatch) -> Kohl:
    """The command `kohl`, whose benchmark starts no process."""
    monkeypatch.setattr(runner, "ask_worker", answer_here(monkeypatch, drawing))
    return kohl


def test_it_prints_tables_and_writes_what_was_asked_for(quick: Kohl):
    pytest.importorskip("matplotlib", reason="needs kohl[eval]")
    result = quick(*SMALL, "-o", "a.json", "--plot", "a.png")
    assert result.exit_code == 0, result.output
    assert "| procedural | transfer | 128 px, 1 thread |" in result.stdout
    assert "Stages of procedural" in result.stdout
    assert "procedural, stages: 128 px" in result.stderr
    assert Path("a.png").read_bytes().startswith(b"\x89PNG")
    assert [job.job for job in read_result(Path("a.json")).jobs] == ["apply", "transfer", "transfer, read before"]


def test_an_older_result_is_set_beside_it(quick: Kohl):
    assert quick(*SMALL, "-o", "a.json").exit_code == 0
    data = json.loads(Path("a.json").read_text())
    data["machine"]["shared_while_measured"] = False
    for job in data["jobs"]:
        job["timing"] |= {"p50": 1e-3, "p25": 1e-3, "p75": 1e-3, "processor": 1e-3}
    Path("fast.json").write_text(json.dumps(data))
    result = quick(*SMALL, "--against", "fast.json", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["ok"] is True
    assert "procedural apply, 128 px, 1 thread" in told["against"]["regressions"]
    assert "worse" in quick(*SMALL, "--against", "fast.json").stdout


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--sizes", "big"), 2, "whole numbers with commas"),
        (("--sizes", "1"), 2, "sizes must be from 64"),
        (("--threads", "0"), 2, "threads must be from 1"),
        (("procedual",), 2, "did you mean 'procedural'"),
        (("--model", "none.onnx"), 5, "there is no model none.onnx"),
        (("--model", "me.png"), 2, "must be an .onnx file"),
        (("--against", "none.json"), 2, "cannot read none.json"),
        (("--against", "me.png"), 2, "no result of kohl benchmark"),
        (("-o", "me.png"), 7, "already exists"),
        (("--plot", "nowhere/a.png"), 7, "does not exist"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is_measured(
    words: tuple[str, ...], code: int, message: str, kohl: Kohl, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(runner, "run_benchmark", lambda *_, **__: pytest.fail("it must not begin"))
    result = kohl("benchmark", "--photo", "me.png", *words)
    assert result.exit_code == code
    assert message in result.stderr


def test_a_photo_without_a_face_is_refused(kohl: Kohl, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(runner, "ask_worker", lambda _: pytest.fail("it must not begin"))
    result = kohl("benchmark", "--quick", "--photo", "missing.png")
    assert result.exit_code == 6


@pytest.mark.slow
def test_processes_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from typer.testing import CliRunner  # noqa: PLC0415

    from kohl.cli.main import app  # noqa: PLC0415

    pytest.importorskip("skimage", reason="the sample portrait is scikit-image's")
    monkeypatch.chdir(tmp_path)
    words = ["benchmark", "procedural", "--quick", "--sizes", "256", "--faces", "1", "--threads", "1", "-o", "a.json"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    found = read_result(tmp_path / "a.json")
    assert not found.failures
    assert all(job.cold_ms > job.timing.p50 and job.peak_mib for job in found.jobs)
    assert next(stage for stage in found.stages if stage.stage == "mesh").timing.p50 > 0
