"""Numbers over the cases alone whose reference is stated to wear makeup in a region: from the manifest to every table."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import made_up_rows
import numpy as np
import pytest

from kohl.core.errors import UsageError
from kohl.evaluation.leaderboard import leaderboard, reduced
from kohl.evaluation.metrics.catalog import all_metrics
from kohl.evaluation.metrics.places import MEASURED, REGION_NAMES
from kohl.evaluation.protocol.loading import load_set
from kohl.evaluation.protocol.pair_lists import read_lines
from kohl.evaluation.protocol.picture import Picture
from kohl.evaluation.protocol.portraits import PAIR_LIST, WEARS_LIST
from kohl.evaluation.report.evaluation import Evaluation, evaluate
from kohl.evaluation.report.measures import measures_of
from kohl.evaluation.report.page import page
from kohl.evaluation.report.text_tables import markdown, rows_csv
from kohl.evaluation.running.judge import blank_row
from kohl.evaluation.running.keys import Keys
from kohl.evaluation.running.plan import Task
from kohl.evaluation.running.rows import Row, from_json, to_json
from stand_in_contestants import plan_for, write_set

WORN = {0: ("lips", "lids"), 1: ("lips",), 2: ()}
"""Rest of a case's number by 3 → what its reference is stated to wear."""


def stated(rows: list[Row], worn: Mapping[int, tuple[str, ...]] = WORN) -> list[Row]:
    return [replace(row, worn=worn[int(row.case.removeprefix("case ")) % 3]) for row in rows]


def judged(rows: list[Row]) -> Evaluation:
    return evaluate(made_up_rows.plan(), rows, made_up_rows.metrics())


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return judged(stated(made_up_rows.rows()))


def picture(**fields: object) -> Picture:
    return Picture.model_validate({"file": "a.png", "licence": "own", **fields})


def test_a_manifest_states_regions_nothing_or_does_not_say():
    assert picture(wears="lids  lips").worn == ("lips", "lids")
    assert picture(wears="lids lips").wears == "lips lids"
    assert (picture(wears="nothing").wears, picture(wears="nothing").worn) == ("nothing", ())
    assert (picture().wears, picture().worn) == ("", ())
    assert set(REGION_NAMES) == set(MEASURED)


@pytest.mark.parametrize("wears", ["eyes", "lips, lids", "lips nothing", "lipstick"])
def test_a_region_that_tables_do_not_know_is_refused_with_those_they_do(wears: str, tmp_path: Path):
    folder = write_set(tmp_path)
    (folder / "manifest.csv").write_text(f'file,licence,wears\n0.png,own,"{wears}"\n')
    with pytest.raises(UsageError, match=r"pictures 1 wears: must be some of lips, lids, cheeks, brows, spaces between them, or nothing; got"):
        load_set(folder)


def test_a_row_carries_what_its_reference_is_stated_to_wear(tmp_path: Path):
    plan = plan_for(tmp_path, "nothing")
    case = plan.evaluated.cases[0]
    dressed = replace(case, reference=case.reference.model_copy(update={"wears": "lips brows"}))
    row = blank_row(plan, Task(dressed, ((0, "key"),)), 0)
    assert row.worn == ("lips", "brows")
    assert from_json(to_json(row)) == row
    keys = Keys(plan.evaluated, ())
    assert keys.of(dressed, plan.entries[0]) != keys.of(case, plan.entries[0]), "rows of an older manifest are not taken for this one's"


def test_regions_come_once_more_over_the_cases_that_wear_them(evaluation: Evaluation):
    assert [measure.name for measure in evaluation.measures if measure.worn] == ["distance_where_worn.lips", "distance_where_worn.lids"]
    good = evaluation.standings[0]
    values = [row.values["distance.lips"] for row in evaluation.rows if row.contestant == "good" and row.values and row.worn]
    assert good.estimates["distance_where_worn.lips"].interval.mean == pytest.approx(np.mean(values))
    assert good.estimates["distance_where_worn.lips"].count == len(values) == 16
    rough = evaluation.standings[1].estimates["distance_where_worn.lids"]
    assert (rough.count, rough.missing) == (7, 1), "of what wears it, what has no number is still counted"


def test_what_the_whole_run_is_said_to_be_stays(evaluation: Evaluation):
    plain = judged(made_up_rows.rows())
    assert not any(measure.worn for measure in plain.measures), "nothing stated, nothing added"
    assert plain.scores == evaluation.scores, "no region counts twice"
    assert plain.slices == evaluation.slices
    assert [plain.best[measure.name] for measure in plain.measures] == [evaluation.best[measure.name] for measure in plain.measures]


@pytest.mark.parametrize("region", REGION_NAMES.values())
def test_contract_a_bare_or_unstated_reference_never_enters_the_worn_value(region: str):
    """Whatever number a case has: while its reference is not stated to wear the region, no table over worn regions moves by it."""
    others = tuple(name for name in REGION_NAMES.values() if name != region)
    names = [f"{metric.name}.{region}" for metric in all_metrics() if metric.side == "fidelity" and (metric.name, region) != ("share", "brows")]

    def row(number: int, value: float, worn: tuple[str, ...]) -> Row:
        return Row(str(number), f"case {number}", "good", f"{number}.png", "r.png", "done", values=dict.fromkeys(names, value), worn=worn)

    worn = [row(number, 2.0 + number, (region,)) for number in range(4)]
    alone = judged_by_catalogue(worn)
    assert set(alone) == {f"{name.partition('.')[0]}_where_worn.{region}" for name in names}
    for bare in ((), others):
        for value in (0.0, 99.0, math.nan):
            assert judged_by_catalogue([*worn, row(9, value, bare)]) == alone
    assert judged_by_catalogue([*worn, row(9, 99.0, (region, *others))]) != alone


def judged_by_catalogue(rows: list[Row]) -> dict[str, object]:
    made = evaluate(made_up_rows.plan(), rows, all_metrics())
    return {measure.name: made.standings[0].estimates[measure.name] for measure in made.measures if measure.worn}


def test_only_faithful_regions_have_a_worn_value():
    values = {"distance.lips": 1.0, "background.mean": 0.0, "outlines.lips": 0.5, "psnr": 40.0}
    row = Row("k", "c", "good", "s.png", "r.png", "done", values=values, worn=("lips",))
    assert [measure.name for measure in measures_of(all_metrics(), [row]) if measure.worn] == ["distance_where_worn.lips"]


def test_every_report_shows_it_and_over_how_many_cases(evaluation: Evaluation):
    heading = "Faithful where the reference is stated to wear makeup"
    text, html = markdown(evaluation), page(evaluation, None)
    for shown in (text, html):
        assert heading in shown
        assert "Distance, where worn: lips" in shown
        assert "16 cases" in shown
    report = json.loads(json.dumps(evaluation.to_json(), allow_nan=False))
    assert report["contestants"][0]["measures"]["distance_where_worn.lips"]["count"] == 16
    assert next(measure for measure in report["measures"] if measure["name"] == "distance_where_worn.lids")["worn"] == "lids"
    line = next(csv.DictReader(io.StringIO(rows_csv(evaluation))))
    assert line["worn"] == "lips lids"
    board = leaderboard([reduced(report)])
    assert f"### {heading}" in board
    assert "Distance, where worn, ΔE2000 ↓" in board


def test_our_references_are_all_judged_and_nobody_else():
    judged_files = [line["file"] for line in read_lines(WEARS_LIST, ("file", "wears"), "list of what is worn")]
    assert sorted(judged_files) == sorted({line["reference"] for line in read_lines(PAIR_LIST, ("source", "reference", "seed"), "pair list")})
    for line in read_lines(WEARS_LIST, ("file", "wears"), "list of what is worn"):
        assert picture(wears=line["wears"]).wears == line["wears"], "in the order of the tables"
        assert line["wears"]
