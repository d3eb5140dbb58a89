"""Ratios, their noise, and what counts as worse."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from results import full_result, job, result

from kohl.evaluation.benchmark.against import LEAST_BAND, as_data, compare
from kohl.evaluation.benchmark.summary import describe_changes


def verdict(old: float, new: float, **more: float) -> str:
    comparison = compare(result(job(old, **more)), result(job(new, **more)))
    return next(change.verdict for change in comparison.changes if "memory" not in change.what)


@pytest.mark.parametrize(("new", "expected"), [(100.0, "same"), (104.0, "same"), (96.0, "same"), (130.0, "worse"), (70.0, "better")])
def test_more_than_noise_is_judged(new: float, expected: str):
    assert verdict(100.0, new) == expected


def test_a_wide_spread_and_few_calls_widen_the_band():
    assert verdict(100.0, 130.0, spread=0.02) == "worse"
    assert verdict(100.0, 130.0, spread=1.0) == "same", "1.57 · 1 / √25 = 0.31 of each"
    assert verdict(100.0, 130.0, spread=0.3, calls=4) == "same"


@given(st.floats(0.1, 1e4), st.floats(0.1, 1e4))
def test_swapping_old_and_new_swaps_the_verdict(old: float, new: float):
    swapped = {"worse": "better", "better": "worse", "same": "same"}
    assert verdict(new, old) == swapped[verdict(old, new)]


def test_a_result_beside_itself_is_the_same():
    comparison = compare(full_result(), full_result())
    assert {change.verdict for change in comparison.changes} == {"same"}
    assert {change.ratio for change in comparison.changes} == {1.0}
    assert all(change.band >= LEAST_BAND for change in comparison.changes)
    assert (comparison.only_old, comparison.only_new, comparison.regressions) == ((), (), ())


def test_memory_is_compared_too():
    comparison = compare(result(job(10.0, peak_mib=300.0)), result(job(10.0, peak_mib=400.0)))
    (worse,) = comparison.regressions
    assert (worse.unit, worse.ratio) == ("MiB", pytest.approx(4 / 3))


def test_beside_other_programs_processor_time_counts():
    comparison = compare(result(job(10.0, processor=10.0)), result(job(90.0, processor=10.1), shared=True))
    assert comparison.regressions == ()
    assert "processor time" in comparison.caution


def test_another_machine_is_shown_and_not_judged():
    comparison = compare(result(job(10.0)), result(job(90.0), processor="Slide rule"))
    assert {change.verdict for change in comparison.changes} == {"not judged"}
    assert comparison.regressions == ()
    assert "different machines" in comparison.caution


def test_what_only_one_of_them_holds_is_named():
    comparison = compare(result(job(10.0), job(20.0, side=512)), result(job(10.0), job(30.0, name="transfer")))
    assert [name for name in comparison.only_old if "memory" not in name] == ["procedural apply, 512 px, 2 threads"]
    assert [name for name in comparison.only_new if "memory" not in name] == ["procedural transfer, 256 px, 2 threads"]
    page = describe_changes(comparison)
    assert "only in the old result: procedural apply, 512 px" in page


def test_one_face_alone_and_one_of_several_are_told_apart():
    comparison = compare(result(job(10.0, side=1024), job(12.0, side=1024, slots=4)), result(job(10.0, side=1024), job(30.0, side=1024, slots=4)))
    assert [change.what for change in comparison.regressions] == ["procedural apply, 1024 px, 1 of 4 faces, 2 threads"]


def test_the_worst_stands_first_and_programs_get_everything():
    old = result(job(10.0), job(10.0, name="transfer"))
    new = result(job(14.0), job(30.0, name="transfer"))
    page = describe_changes(compare(old, new)).splitlines()
    assert page[0] == "**Against the old result: 2 worse**"
    assert page[4].startswith("| procedural transfer")
    assert "| 3.000 |" in page[4]
    data = json.loads(json.dumps(as_data(compare(old, new))))
    assert data["regressions"] == ["procedural apply, 256 px, 2 threads", "procedural transfer, 256 px, 2 threads"]
    assert data["changes"][0]["ratio"] == pytest.approx(1.4)
