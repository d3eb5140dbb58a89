"""FID and KID in a run: one number a contestant, and nothing of what they compare on the disk."""

from __future__ import annotations

import functools
import json
import math
from dataclasses import asdict
from pathlib import Path

import pytest
from tiny_networks import save_onnx

from kohl.evaluation.metrics.catalog import set_metrics
from kohl.evaluation.metrics.shelves.models import Models
from kohl.evaluation.report.evaluation import evaluate
from kohl.evaluation.report.text_tables import markdown, rows_csv
from kohl.evaluation.report.writing import write_report
from kohl.evaluation.runner import ROWS_NAME, run_evaluation
from kohl.evaluation.running.plan import Plan
from stand_in_contestants import plan_for


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    network = save_onnx(tmp_path / "inception.onnx", side=64, length=4)
    return plan_for(tmp_path / "set", "nothing", "raises", set_metrics=functools.partial(set_metrics, Models(inception=network)))


def test_a_run_ends_with_one_number_a_contestant(plan: Plan, tmp_path: Path):
    rows = run_evaluation(plan, tmp_path / "report")
    evaluation = evaluate(plan, rows, plan.metrics())
    names = {measure.name for measure in evaluation.measures}
    assert {"fid.references", "kid.references"} <= names
    assert not {"fid.truths", "kid.truths"} & names, "this set has no truths"
    nothing, raises = evaluation.standings
    assert nothing.estimates["fid.references"].interval.mean > 0
    assert math.isnan(nothing.estimates["fid.references"].interval.low), "a set is one number, without an interval"
    assert raises.estimates["fid.references"].count == 0
    assert evaluation.best["fid.references"] == ("nothing",)
    assert "FID to the references" in markdown(evaluation)
    assert "fid" not in rows_csv(evaluation), "no single case has it"
    assert all(path.is_file() for path in asdict(write_report(evaluation, tmp_path / "report", pictures=False)).values())


def test_what_is_compared_is_never_written(plan: Plan, tmp_path: Path):
    rows = run_evaluation(plan, tmp_path / "report")
    assert set(rows[0].described) == {"fid", "kid"}
    assert rows[0].described["fid"] is rows[0].described["kid"], "worked out once"
    evaluation = evaluate(plan, rows, plan.metrics())
    for text in ((tmp_path / "report" / ROWS_NAME).read_text(), json.dumps(evaluation.to_json())):
        assert "described" not in text


def test_earlier_rows_are_not_taken_over(plan: Plan, tmp_path: Path):
    first = run_evaluation(plan, tmp_path / "report")
    again = run_evaluation(plan, tmp_path / "report")
    assert [row.key for row in first] == [row.key for row in again]
    assert again[0].described, "taken over from the file, it would have nothing to compare"


def test_a_network_that_fails_costs_these_numbers_alone(tmp_path: Path):
    (tmp_path / "none.onnx").write_bytes(b"no network")
    plan = plan_for(tmp_path / "set", "nothing", set_metrics=functools.partial(set_metrics, Models(inception=tmp_path / "none.onnx")))
    rows = run_evaluation(plan, tmp_path / "report")
    assert [row.status for row in rows] == ["done", "done"]
    assert any(problem.startswith("fid: ") for problem in rows[0].problems)
    assert not any(measure.metric in {"fid", "kid"} for measure in evaluate(plan, rows, plan.metrics()).measures)
