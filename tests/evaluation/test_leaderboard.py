"""The leaderboard is made from committed results, and from nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import made_up_rows
import pytest

import make_leaderboard
from kohl.core.errors import UsageError
from kohl.evaluation.leaderboard import leaderboard, read_results, reduced


def result(**head: object) -> dict[str, object]:
    return reduced(json.loads(json.dumps(made_up_rows.evaluation().to_json() | head)))


def test_the_page_is_what_the_committed_results_make():
    assert make_leaderboard.PAGE.read_text() == leaderboard(read_results(make_leaderboard.RESULTS))


def test_committed_results_name_nobody():
    for path in make_leaderboard.RESULTS.glob("*.json"):
        assert json.loads(path.read_text()) == reduced(json.loads(path.read_text())), path.name
        assert ".jpg" not in path.read_text()


def test_what_is_committed_has_no_rows():
    made = result()
    assert not {"rows", "failures", "slices"} & made.keys()
    assert "case 7" not in json.dumps(made)
    with pytest.raises(UsageError, match="version 2"):
        reduced({**made, "version": 2})
    with pytest.raises(UsageError, match="version None"):
        reduced({})


def test_rows_are_ranked_and_failures_counted():
    page = leaderboard([result()])
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    assert [line.split(" | ")[0].strip("| ") for line in lines[2:5]] == ["<script>alert(1)</script>", "good", "rough"]
    assert "| rough | 21 of 24 (2 failed, 1 refused) |" in page
    assert "Distance, ΔE2000 ↓" in lines[0]


def test_the_newest_result_of_a_contestant_counts_and_sets_stay_apart():
    old, new = result(date="2026-01-01T00:00:00+00:00"), result(date="2026-02-01T00:00:00+00:00")
    new["contestants"] = [item for item in new["contestants"] if item["name"] == "good"]  # type: ignore[attr-defined]
    page = leaderboard([old, new])
    assert page.count("## drawn & more") == 1
    assert "- good: 2026-02-01" in page
    assert "- rough: 2026-01-01" in page
    other = {**new, "set": {**new["set"], "digest": "0"}}  # type: ignore[dict-item]
    assert leaderboard([old, other]).count("## drawn & more") == 2


def test_without_results_the_page_says_so(tmp_path: Path):
    assert "No result is committed yet" in leaderboard(read_results(tmp_path))


def test_a_broken_result_is_named(tmp_path: Path):
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(UsageError, match=r"bad\.json"):
        read_results(tmp_path)


def test_a_report_is_added_and_the_page_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(make_leaderboard, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(make_leaderboard, "PAGE", tmp_path / "leaderboard.md")
    (tmp_path / "report.json").write_text(json.dumps(made_up_rows.evaluation().to_json()))
    monkeypatch.setattr("sys.argv", ["make_leaderboard.py", "--add", str(tmp_path / "report.json"), "--name", "mine"])
    make_leaderboard.main()
    assert "rows" not in json.loads((tmp_path / "results/mine.json").read_text())
    assert "| good |" in (tmp_path / "leaderboard.md").read_text()
