"""Running: whatever contestants do becomes a row, and a run that was stopped goes on."""

from __future__ import annotations

import functools
import math
import os
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kohl.core.errors import OutputError, OutputExistsError, UsageError
from kohl.evaluation.contestants.external import External
from kohl.evaluation.report.evaluation import evaluate
from kohl.evaluation.runner import ROWS_NAME, run_evaluation
from kohl.evaluation.running.checking import fault_of
from kohl.evaluation.running.judge import Judge
from kohl.evaluation.running.keys import Keys
from kohl.evaluation.running.plan import Entry, Plan, Task
from kohl.evaluation.running.rows import Row, RowFile, from_json, read_rows, to_json
from stand_in_contestants import plan_for, stand_in_metrics


def judged(plan: Plan) -> dict[str, list[Row]]:
    """The rows of a plan by contestant, judged in this process."""
    judge, rows = Judge(plan), []
    for case in plan.evaluated.cases:
        task = Task(case, tuple((number, f"{case.name} {entry.name}") for number, entry in enumerate(plan.entries)))
        rows += list(judge.judge(task, lambda turn, stage: None))
    return {entry.name: [row for row in rows if row.contestant == entry.name] for entry in plan.entries}


FAULTS = {
    "raises": "ValueError: no such thing",
    "unmade": "it cannot be made",
    "resizes": r"source's size \(192, 192, 3\), got \(191, 192, 3\)",
    "doubles": "float32, got float64",
    "breaks": "finite",
    "overflows": r"\[0, 1\], got 0\.5",
    "answers": "got str",
    "spoils": "read-only",
}


def test_every_fault_is_a_failed_row_and_hinders_nobody(tmp_path: Path):
    rows = judged(plan_for(tmp_path, *FAULTS, "nothing"))
    for name in FAULTS:
        assert [row.status for row in rows[name]] == ["failed", "failed"], name
        assert all(row.values == {} for row in rows[name])
    for name, reason in FAULTS.items():
        with pytest.raises(ValueError, match=reason):
            raise ValueError(rows[name][0].reason)
    assert [row.status for row in rows["nothing"]] == ["done", "done"]
    assert rows["nothing"][0].values["background.largest"] == 0


def test_a_metric_that_raises_costs_its_own_number_alone(tmp_path: Path):
    row = judged(plan_for(tmp_path, "nothing"))["nothing"][0]
    assert row.status == "done"
    assert math.isnan(row.values["moody"])
    assert row.values.keys() == {"background.largest", "background.mean", "redness", "moody"}
    assert row.problems == ("moody: RuntimeError: nothing happened",)


def test_who_fails_now_and_then_is_measured_on_the_rest_and_counted(tmp_path: Path):
    plan = plan_for(tmp_path, "fails on the second", "nothing")
    rows = [row for own in judged(plan).values() for row in own]
    evaluation = evaluate(plan, rows, stand_in_metrics())
    failing, sound = (standing.tally for standing in evaluation.standings)
    assert (failing.cases, failing.done, failing.failed) == (2, 1, 1)
    assert (sound.cases, sound.done, sound.failed) == (2, 2, 0)
    assert [(row.contestant, row.case) for row in evaluation.failures] == [("fails on the second", "1 + 2")]


def test_rows_carry_the_slices_of_the_manifest(tmp_path: Path):
    first, second = judged(plan_for(tmp_path, "nothing"))["nothing"]
    assert first.slices == {"ita": "very light", "yaw": "frontal", "light": "soft"}
    assert second.slices == {"ita": "tan", "yaw": "turned", "age": "30s", "glasses": "glasses"}


def test_a_picture_without_a_face_is_refused_for_everybody(tmp_path: Path):
    plan = plan_for(tmp_path, "nothing", "tints")
    (tmp_path / "0.png").write_bytes(b"no picture")
    rows = judged(plan)
    assert {name: [row.status for row in own] for name, own in rows.items()} == {name: ["refused", "done"] for name in rows}
    assert "0.png" in rows["tints"][0].reason


def test_processes_that_die_or_hang_cost_one_row_each(tmp_path: Path):
    """One run for all: starting processes is what takes long."""
    plan = plan_for(tmp_path / "set", "dies", "nothing", "hangs", "tints", timeout=1.5, pictures=tmp_path / "pictures")
    (tmp_path / "pictures").mkdir()
    plan = replace(plan, evaluated=plan.evaluated.first(1))
    seen: list[Row] = []
    rows = {row.contestant: row for row in run_evaluation(plan, tmp_path / "report", on_row=seen.append)}
    assert [row.contestant for row in seen] == ["dies", "nothing", "hangs", "tints"]
    assert (rows["dies"].status, rows["hangs"].status) == ("failed", "failed")
    assert rows["dies"].reason == "its process died with exit code 7 during the transfer"
    assert rows["hangs"].reason == "no answer within 1.5 s during the transfer"
    assert rows["nothing"].status == rows["tints"].status == "done"
    assert rows["tints"].values["background.largest"] > 0.01
    assert len(list((tmp_path / "pictures").iterdir())) == 4, "source, reference, and two results"

    again = run_evaluation(plan, tmp_path / "report")
    assert [to_json(row) for row in again] == [to_json(row) for row in rows.values()], "all of it was done before, failures included"
    assert len(read_rows(tmp_path / "report" / ROWS_NAME)) == 4


@pytest.mark.slow
def test_a_program_that_hangs_is_ended_with_its_process(tmp_path: Path):
    program = tmp_path / "hang.py"
    program.write_text(f"import os, pathlib, time\npathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))\ntime.sleep(600)")
    plan = plan_for(tmp_path / "set", "nothing", timeout=10.0)
    outside = Entry("outside", functools.partial(External, [sys.executable, str(program)]))
    (row,) = run_evaluation(replace(plan, evaluated=plan.evaluated.first(1), entries=(outside,)), tmp_path / "report")
    assert row.reason == "no answer within 10 s during the transfer"
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_stopped_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plan = plan_for(tmp_path / "set", "nothing")
    monkeypatch.setattr("kohl.evaluation.runner.judge_all", in_this_process)
    stopped: list[Row] = []

    def stop(row: Row) -> None:
        stopped.append(row)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_evaluation(plan, tmp_path / "report", on_row=stop)
    with (tmp_path / "report" / ROWS_NAME).open("a") as file:
        file.write('{"key": "cut sho')
    judged_now = []
    rows = run_evaluation(plan, tmp_path / "report", on_row=judged_now.append)
    assert [row.case for row in rows] == [case.name for case in plan.evaluated.cases]
    assert [row.key for row in read_rows(tmp_path / "report" / ROWS_NAME)] == [row.key for row in rows]
    assert judged_now[0] == stopped[0]
    fresh = run_evaluation(plan, tmp_path / "report", fresh=True)
    assert len(read_rows(tmp_path / "report" / ROWS_NAME)) == len(fresh) == 2


def in_this_process(plan: Plan, tasks: list[Task]):
    judge = Judge(plan)
    for task in tasks:
        yield from judge.judge(task, lambda turn, stage: None)


def test_keys_change_with_whatever_decides_the_numbers(tmp_path: Path):
    plan = plan_for(tmp_path, "nothing")
    case, (entry,) = plan.evaluated.cases[0], plan.entries

    def key(**change: object) -> str:
        made = Keys(plan.evaluated, change.get("metrics", stand_in_metrics()))  # type: ignore[arg-type]
        return made.of(change.get("case", case), change.get("entry", entry))  # type: ignore[arg-type]

    first = key()
    others = {
        key(entry=replace(entry, version="2")),
        key(entry=Entry("other", entry.make)),
        key(case=replace(case, seed=5)),
        key(metrics=stand_in_metrics()[:1]),
    }
    assert key() == first
    assert len(others | {first}) == 5
    (tmp_path / "2.png").write_bytes((tmp_path / "1.png").read_bytes())
    assert key() != first


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 0.25])
def test_rows_survive_the_file(value: float, tmp_path: Path):
    row = Row("k", "c", "me", "a.png", "b.png", "done", slices={"ita": "tan"}, values={"m": value}, problems=("x",))
    with RowFile(tmp_path / "rows.jsonl") as file:
        file.add(row)
    (back,) = read_rows(tmp_path / "rows.jsonl")
    assert replace(back, values={}) == replace(row, values={})
    np.testing.assert_equal(back.values["m"], value)
    assert "NaN" not in to_json(row)
    assert "Infinity" not in to_json(row)


def test_a_file_of_something_else_is_refused(tmp_path: Path):
    (tmp_path / ROWS_NAME).write_text('{"a": 1}\n')
    with pytest.raises(UsageError, match=r"line 1 .* is no row"):
        RowFile(tmp_path / ROWS_NAME)
    assert from_json('{"key": ') is None
    with pytest.raises(OutputError, match="not open"):
        RowFile(tmp_path / "new.jsonl").add(Row("k", "c", "me", "a", "b", "done"))


def test_folders_that_cannot_take_a_report_are_refused_before_any_work(tmp_path: Path):
    plan = plan_for(tmp_path / "set", "nothing")
    full = tmp_path / "full"
    full.mkdir()
    (full / "thesis.txt").write_text("mine")
    with pytest.raises(OutputExistsError, match="other files"):
        run_evaluation(plan, full)
    with pytest.raises(OutputExistsError, match="is a file"):
        run_evaluation(plan, full / "thesis.txt")
    with pytest.raises(OutputError, match="cannot write"):
        run_evaluation(plan, Path("/proc/kohl/report"))
    assert (full / "thesis.txt").read_text() == "mine"


def test_plans_that_make_no_sense_are_refused(tmp_path: Path):
    good = plan_for(tmp_path, "nothing")
    for change, match in (
        ({"entries": ()}, "none"),
        ({"entries": good.entries * 2}, "once"),
        ({"workers": 0}, "worker"),
        ({"timeout": 0.0}, "time-out"),
    ):
        with pytest.raises(UsageError, match=match):
            replace(good, **change)


def test_results_are_checked_to_the_last_value():
    source = np.full((4, 5, 3), 0.5, np.float32)
    assert fault_of(source, source) is None
    assert fault_of(source + np.float32(0.50001), source) is None, "rounding is forgiven"
    one = source.copy()
    one[3, 4, 2] = np.inf
    assert "1 that are not" in str(fault_of(one, source))
