"""`kohl evaluate`: what it writes, says and refuses, with drawn faces and, once, whole processes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from running import Kohl

from kohl.core.arrays import Image
from kohl.core.errors import UsageError
from kohl.evaluation.contestants import learned
from kohl.evaluation.protocol.portraits import portraits_folder
from kohl.evaluation.running.judge import Judge
from kohl.evaluation.running.plan import Plan, Task
from kohl.evaluation.running.rows import Row
from stand_in_contestants import drawn_analyzer, write_set

pytest.importorskip("matplotlib", reason="the report's charts need the extra eval")


def in_this_process(plan: Plan, tasks: Iterable[Task]) -> Iterator[Row]:
    """As the crew would, without the seconds that processes take to start, and knowing where drawn faces are."""
    judge = Judge(replace(plan, analyzer=drawn_analyzer))
    for task in tasks:
        yield from judge.judge(task, lambda turn, stage: None)


@pytest.fixture
def evaluate(kohl: Kohl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kohl:
    """`kohl evaluate` in a folder with a test set in faces/."""
    monkeypatch.setattr("kohl.evaluation.runner.judge_all", in_this_process)
    write_set(tmp_path / "faces")
    return lambda *arguments: kohl("evaluate", *arguments)


def test_a_report_is_written_and_told(evaluate: Kohl):
    result = evaluate("nothing", "reinhard", "--set", "faces", "-o", "report")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "nothing   2 of 2 measured, 0 failed, 0 refused",
        "reinhard  2 of 2 measured, 0 failed, 0 refused",
        str(Path("report/index.html")),
    ]
    assert result.stderr == "", "no progress bar where nobody watches"
    found = json.loads(Path("report/report.json").read_text())
    assert [item["name"] for item in found["contestants"]] == ["nothing", "reinhard"]
    nothing = found["contestants"][0]["measures"]
    assert nothing["background.largest"]["mean"] == 0
    assert nothing["skin_color.mean"]["mean"] == 0
    assert 'type="range"' in Path("report/index.html").read_text()
    assert len(list(Path("report/pictures").iterdir())) == 3 + 4


def test_json_is_one_object(evaluate: Kohl):
    told = json.loads(evaluate("nothing", "--set", "faces", "-o", "report", "--json", "--pairs", "1").stdout)
    assert told == {
        "ok": True,
        "cases": 1,
        "contestants": {"nothing": {"cases": 1, "done": 1, "failed": 0, "refused": 0, "lost": 0}},
        "report": {
            "page": str(Path("report/index.html")),
            "json": str(Path("report/report.json")),
            "csv": str(Path("report/report.csv")),
            "markdown": str(Path("report/report.md")),
        },
    }


def test_without_pictures_no_face_is_written(evaluate: Kohl):
    evaluate("nothing", "--set", "faces", "-o", "report", "--no-pictures", "-q")
    assert sorted(path.name for path in Path("report").iterdir()) == ["index.html", "report.csv", "report.json", "report.md", "rows.jsonl"]
    assert "<img" not in Path("report/index.html").read_text()


def test_a_second_run_takes_over_and_a_fresh_one_does_not(evaluate: Kohl, monkeypatch: pytest.MonkeyPatch):
    evaluate("nothing", "--set", "faces", "-o", "report")
    evaluate("nothing", "reinhard", "--set", "faces", "-o", "report")
    rows = [json.loads(line)["contestant"] for line in Path("report/rows.jsonl").read_text().splitlines()]
    assert rows == ["nothing", "nothing", "reinhard", "reinhard"]
    evaluate("nothing", "--set", "faces", "-o", "report", "--fresh")
    assert len(Path("report/rows.jsonl").read_text().splitlines()) == 2


def test_who_fails_everywhere_is_told_and_costs_the_exit_code(evaluate: Kohl):
    Path("faces/2.png").write_bytes(b"no picture")
    result = evaluate("nothing", "--set", "faces", "-o", "report", "--json")
    assert result.exit_code == 4
    assert json.loads(result.stdout)["contestants"]["nothing"]["refused"] == 2
    assert json.loads(result.stdout)["ok"] is False
    assert "nothing gave nothing to measure" in result.stderr
    assert "2.png" in Path("report/report.md").read_text()


WRONG = {
    "no contestant": (("--set", "faces", "-o", "r"), 2, "at least one contestant"),
    "an unknown method": (("procedual", "--set", "faces", "-o", "r"), 2, "did you mean 'procedural'"),
    "no set": (("nothing", "-o", "r"), 2, "expected a test set, got none"),
    "an empty set": (("nothing", "--set", "empty", "-o", "r"), 2, "got none of them"),
    "a missing reference": (("nothing", "--set", "torn", "-o", "r"), 2, "1 are missing: 2.png"),
    "an unknown column": (("nothing", "--set", "odd", "-o", "r"), 2, "unknown column of manifest.csv 'licanse': did you mean 'licence'"),
    "one folder of two": (("nothing", "--before", "faces", "-o", "r"), 2, "together"),
    "two sets": (("nothing", "--before", "faces", "--after", "faces", "--set", "faces", "-o", "r"), 2, "a set of their own"),
    "half a network": (("nothing", "--network", "vit", "--set", "faces", "-o", "r"), 2, "NAME=PATH"),
    "an unknown network": (("nothing", "--network", "vitt=x", "--set", "faces", "-o", "r"), 2, "did you mean 'vit'"),
    "a missing model": (("--model", "mine.onnx", "--set", "faces", "-o", "r"), 5, "no such file"),
    "a program that is not there": (("external:no-such-program --fast", "--set", "faces", "-o", "r"), 5, "none called 'no-such-program'"),
    "somebody's folder": (("nothing", "--set", "faces", "-o", "faces"), 7, "holds other files"),
    "a file as folder": (("nothing", "--set", "faces", "-o", "me.png"), 7, "is a file"),
    "a folder that cannot be written": (("nothing", "--set", "faces", "-o", "/proc/kohl/report"), 7, "cannot write the report"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_wrong_calls_are_refused_before_any_work(fault: str, evaluate: Kohl, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kohl.evaluation.runner.judge_all", lambda plan, tasks: pytest.fail("it began to work"))
    Path("empty").mkdir()
    (write_set(Path("torn")) / "2.png").unlink()
    (write_set(Path("odd")) / "manifest.csv").write_text("file,licanse\n0.png,own\n")
    arguments, code, message = WRONG[fault]
    result = evaluate(*arguments)
    assert (result.exit_code, message in " ".join(result.stderr.split())) == (code, True), result.output
    assert not Path("r").exists()


class HalfWay:
    """Stands in for a learned look: goes half of the way to red, and remembers what it was given."""

    seen: list[tuple[tuple[float, ...], float]] = []  # noqa: RUF012  the test looks at it

    @classmethod
    def load(cls, path: Path) -> HalfWay:
        assert path.is_file()
        return cls()

    @staticmethod
    def paint(image: Image, box: tuple[float, ...], roll: float, look: HalfWay) -> Image:
        HalfWay.seen.append((box, roll))
        return (image + np.float32([1, 0, 0])) / np.float32(2)


def test_a_learned_look_is_measured_against_the_truth(evaluate: Kohl, monkeypatch: pytest.MonkeyPatch):
    modules = {
        "kohl.methods.tinybeauty.painting": SimpleNamespace(paint_learned=HalfWay.paint),
        "kohl.methods.tinybeauty.learned": SimpleNamespace(LearnedLook=HalfWay),
    }
    monkeypatch.setattr(learned, "import_module", modules.__getitem__)
    Path("mine.onnx").write_bytes(b"weights")
    write_set(Path("before"))
    write_set(Path("after"))
    result = evaluate("nothing", "--model", "mine.onnx", "--before", "before", "--after", "after", "-o", "report")
    assert result.exit_code == 0, result.output
    found = json.loads(Path("report/report.json").read_text())
    nothing, mine = (item["measures"] for item in found["contestants"])
    assert found["contestants"][1]["name"] == "mine"
    assert found["contestant_versions"]["mine"]
    assert {"identity", "cls", "lpips", "fid"} <= found["not_measured"].keys(), "what lacks its network is told"
    # Before and after are the same pictures here: doing nothing is the truth itself.
    assert nothing["psnr"]["mean"] == "inf"
    assert (nothing["ssim"]["mean"], nothing["psnr"]["low"]) == (1, None)
    assert 3 < mine["psnr"]["mean"] < 20
    assert mine["color_error.outside"]["mean"] > 5
    assert {"psnr", "ssim", "color_error.outside"} <= mine.keys()
    assert len(HalfWay.seen) == 3
    assert "∞" in Path("report/index.html").read_text()


@pytest.mark.slow
def test_whole_processes_evaluate_the_portraits(tmp_path: Path):
    try:
        portraits_folder()
    except UsageError as error:
        pytest.skip(str(error))
    arguments = ["evaluate", "procedural", "nothing", "--set", "portraits", "--pairs", "3", "-o", str(tmp_path / "report"), "--json"]
    result = subprocess.run([sys.executable, "-m", "kohl", *arguments], capture_output=True, text=True, check=True, timeout=180)
    assert json.loads(result.stdout)["contestants"]["procedural"]["done"] == 3
    assert result.stderr == ""
    means = {item["name"]: item["measures"] for item in json.loads((tmp_path / "report/report.json").read_text())["contestants"]}
    assert means["procedural"]["distance.lips"]["mean"] != means["nothing"]["distance.lips"]["mean"]
    assert means["procedural"]["background.largest"]["mean"] == 0
    assert means["nothing"]["skin_color.mean"]["mean"] == 0
