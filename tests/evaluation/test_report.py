"""Tables: counts that add up, intervals that hold, slices worst first, and files that other programs can read."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path

import made_up_rows
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kohl.core.errors import OutputError
from kohl.evaluation.metrics.catalog import all_metrics
from kohl.evaluation.report.bootstrap import mean_interval
from kohl.evaluation.report.evaluation import Evaluation, evaluate
from kohl.evaluation.report.measures import measures_of
from kohl.evaluation.report.numbers import shown, shown_interval
from kohl.evaluation.report.scores import best_and_worst, scores_of
from kohl.evaluation.report.summary import estimate, stand
from kohl.evaluation.report.text_tables import markdown, rows_csv
from kohl.evaluation.report.writing import write_report


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return made_up_rows.evaluation()


def test_measures_come_side_by_side_and_only_those_with_numbers(evaluation: Evaluation):
    assert [measure.name for measure in evaluation.measures] == ["distance.lips", "distance.lids", "kept"]
    assert [measure.title for measure in evaluation.measures] == ["Distance: lips", "Distance: lids", "Kept <b>"]
    assert evaluation.measures[0].sign == -1
    assert measures_of(all_metrics(), []) == ()


def test_nothing_is_dropped_silently(evaluation: Evaluation):
    tallies = {standing.name: standing.tally for standing in evaluation.standings}
    for tally in tallies.values():
        assert tally.cases == tally.done + tally.failed + tally.refused == made_up_rows.NUM_CASES
    assert (tallies["rough"].failed, tallies["rough"].refused, tallies["rough"].lost) == (2, 1, 1)
    lids = evaluation.standings[1].estimates["distance.lids"]
    assert (lids.count, lids.missing) == (20, 1)
    assert len(evaluation.failures) == 5


def test_means_medians_and_worsts_are_the_rows_own(evaluation: Evaluation):
    rough = evaluation.standings[1]
    values = [row.values["kept"] for row in evaluation.rows if row.contestant == "rough" and row.status == "done"]
    kept = rough.estimates["kept"]
    assert (kept.interval.mean, kept.median, kept.worst) == (pytest.approx(np.mean(values)), 0.8, 0.3)
    lips = [row.values["distance.lips"] for row in evaluation.rows if row.contestant == "rough" and row.status == "done"]
    assert rough.estimates["distance.lips"].worst == max(lips)
    assert rough.seconds_p95 > rough.seconds > 0.5


def test_the_best_are_those_that_nobody_beats_for_sure(evaluation: Evaluation):
    assert evaluation.best["distance.lips"] == ("good", "<script>alert(1)</script>")
    assert "rough" not in evaluation.best["kept"]


def test_slices_put_the_worst_first(evaluation: Evaluation):
    first = evaluation.slices[0]
    assert (first.contestant, first.group, first.value, first.measure) == ("rough", "ita", "dark", "kept")
    assert (first.mean, first.rest) == (pytest.approx(0.3), pytest.approx(0.8))
    assert first.gap > 1
    assert (first.count, first.failed, first.refused) == (5, 1, 0)
    gaps = [item.gap for item in evaluation.slices]
    assert gaps == sorted(gaps, reverse=True)


def test_scores_order_results_as_the_numbers_do(evaluation: Evaluation):
    assert all(0 <= score <= 1 for score in evaluation.scores.values())
    assert len(evaluation.scores) == sum(standing.tally.done for standing in evaluation.standings)
    best, worst = best_and_worst("rough", evaluation.rows, evaluation.scores)
    assert len(best) == len(worst) == 10
    assert not {row.key for row in best} & {row.key for row in worst}
    assert worst[0].values["kept"] == 0.3
    assert max(evaluation.scores[row.key] for row in worst) <= min(evaluation.scores[row.key] for row in best)
    good = np.mean([evaluation.scores[row.key] for row in evaluation.rows if row.contestant == "good" and row.key in evaluation.scores])
    assert good > 0.6 > np.mean([evaluation.scores[row.key] for row in best])


def test_a_single_result_is_best_and_not_worst():
    (row,) = [row for row in made_up_rows.rows() if row.key == "good 0"]
    measures = measures_of(made_up_rows.metrics(), [row])
    scores = scores_of([row], measures)
    assert scores == {"good 0": 0.5}
    assert best_and_worst("good", [row], scores) == ([row], [])


def test_an_interval_narrows_with_more_sources_and_holds_the_mean():
    random = np.random.default_rng(1)
    values = random.normal(5, 1, 400)
    few, many = (mean_interval(list(values[:count]), [str(number) for number in range(count)]) for count in (25, 400))
    for interval, count in ((few, 25), (many, 400)):
        assert interval.low < interval.mean < interval.high
        # The normal approximation is the independent check: mean ± 1.96 standard errors.
        assert interval.high - interval.low == pytest.approx(2 * 1.96 * values[:count].std() / math.sqrt(count), rel=0.12)
    assert few == mean_interval(list(values[:25]), [str(number) for number in range(25)]), "same numbers, same interval"


def test_pairs_of_one_source_do_not_count_as_independent():
    values = [float(number // 8) for number in range(64)]
    together = mean_interval(values, [str(number // 8) for number in range(64)])
    apart = mean_interval(values, [str(number) for number in range(64)])
    assert together.high - together.low > 2 * (apart.high - apart.low)


@pytest.mark.parametrize(("values", "clusters"), [([], []), ([3.0], ["a"]), ([1.0, 2.0], ["a", "a"]), ([1.0, math.inf], ["a", "b"])])
def test_what_cannot_be_estimated_is_not_made_up(values: list[float], clusters: list[str]):
    interval = mean_interval(values, clusters)
    assert math.isnan(interval.low)
    assert math.isnan(interval.high)
    assert math.isnan(interval.mean) == (not values)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_an_interval_lies_within_the_values(values: list[float]):
    interval = mean_interval(values, [str(number) for number in range(len(values))])
    slack = 1e-9 * max(1.0, *map(abs, values))
    assert min(values) - slack <= interval.low <= interval.high <= max(values) + slack


def test_a_contestant_that_gave_nothing_has_a_column_of_nothing():
    rows = [replace(row, status="failed", values={}) if row.contestant == "rough" else row for row in made_up_rows.rows()]
    made = evaluate(made_up_rows.plan(), rows, made_up_rows.metrics())
    rough = made.standings[1]
    assert rough.tally.done == 0
    assert math.isnan(rough.estimates["kept"].interval.mean)
    assert math.isnan(rough.seconds)
    assert "–" in markdown(made)
    json.dumps(made.to_json(), allow_nan=False)
    assert stand("rough", [], made.measures).tally.cases == 0
    assert estimate([], made.measures[0]).count == 0


def test_json_is_strict_and_whole(evaluation: Evaluation):
    text = json.dumps(evaluation.to_json(), allow_nan=False)
    back = json.loads(text)
    assert back["version"] == 1
    assert {"kohl", "engine", "machine", "versions", "set", "bootstrap", "date"} <= back.keys()
    assert back["set"]["digest"] == made_up_rows.plan().evaluated.digest[:16]
    rough = next(item for item in back["contestants"] if item["name"] == "rough")
    assert rough["tally"] == {"cases": 24, "done": 21, "failed": 2, "refused": 1, "lost": 1}
    assert set(rough["measures"]["kept"]) == {"mean", "low", "high", "median", "worst", "count", "missing"}
    assert len(back["rows"]) == 72
    assert next(row for row in back["rows"] if row["key"] == "rough 9")["values"]["distance.lids"] is None


def test_csv_has_a_line_per_row_and_no_made_up_numbers(evaluation: Evaluation):
    lines = list(csv.DictReader(io.StringIO(rows_csv(evaluation))))
    assert len(lines) == 72
    by_key = {(line["contestant"], line["case"]): line for line in lines}
    assert by_key["rough", "case 9"]["distance.lids"] == ""
    assert by_key["rough", "case 7"]["status"] == "failed"
    assert float(by_key["good", "case 3"]["distance.lips"]) == pytest.approx(2 + math.sin(5.1))
    assert by_key["good", "case 4"]["ita"] == "dark"


def test_markdown_shows_counts_in_every_table_and_escapes_bars(evaluation: Evaluation):
    text = markdown(evaluation)
    assert text.count("| failed | 0 | 2 | 0 |") == 2
    assert text.count("| refused (the case's own pictures) | 1 | 1 | 1 |") == 2
    assert "; 1 without)" in text
    assert "- rough, case 7: failed: ValueError: no | such thing" in text
    for line in text.splitlines():
        if line.startswith("|"):
            assert line.replace("\\|", "").count("|") == 5


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (12.345, "12.3"), (0.99999, "1.00"), (1234.5, "1230"), (0.00123, "0.0012"), (1e-7, "1.0e-07"), (-0.5, "-0.500"), (math.nan, "–"),
        (math.inf, "∞"), (-math.inf, "-∞"), (None, "–"), (1e6, "1.0e+06"),
    ],
)  # fmt: skip
def test_numbers_are_shown_short(value: float | None, text: str):
    assert shown(value) == text


def test_unknown_intervals_are_left_out():
    assert shown_interval(math.nan, 1.0) == ""
    assert shown_interval(0.5, 1.0) == "0.500 – 1.00"


def test_a_report_is_written_whole_and_replaced(evaluation: Evaluation, tmp_path: Path):
    files = write_report(evaluation, tmp_path, pictures=False)
    assert {path.name for path in tmp_path.iterdir()} == {"index.html", "report.json", "report.csv", "report.md"}
    files.json.write_text("old")
    write_report(evaluation, tmp_path, pictures=False)
    assert json.loads(files.json.read_text())["version"] == 1
    with pytest.raises(OutputError):
        write_report(evaluation, tmp_path / "nowhere", pictures=False)
