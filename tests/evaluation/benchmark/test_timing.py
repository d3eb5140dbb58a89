"""Clocks, repeats and turns, on calls whose number and order are known."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kohl.evaluation.benchmark.timing import Laps, Repeats, Sample, interleave, measure, repeat, sample, summarise


def test_warm_up_does_not_count():
    calls: list[int] = []
    timing = measure(lambda: calls.append(len(calls)), Repeats.exactly(5, warm_up=3))
    assert (timing.calls, len(calls)) == (5, 8)


def test_waiting_costs_wall_time_and_no_processor_time():
    waited = sample(lambda: time.sleep(0.05))
    assert waited.wall >= 49
    assert waited.processor < 25


def test_repeats_stop_at_the_most_or_when_time_is_up():
    calls: list[float] = []
    repeat(lambda: calls.append(0), Repeats(2, 7, 60.0, warm_up=0))
    assert len(calls) == 7
    calls.clear()
    repeat(lambda: (calls.append(0), time.sleep(0.02)), Repeats(2, 1000, 0.05, warm_up=0))
    assert 2 <= len(calls) < 20
    calls.clear()
    repeat(lambda: (calls.append(0), time.sleep(0.02)), Repeats(4, 1000, 0.0, warm_up=0))
    assert len(calls) == 4


@given(st.lists(st.floats(0.001, 1e6), min_size=1, max_size=40))
def test_middle_and_spread_are_ordered_and_inside(walls: list[float]):
    timing = summarise([Sample(wall, 2 * wall) for wall in walls])
    values = [min(walls), timing.p25, timing.p50, timing.p75, timing.p95, max(walls)]
    assert all(low <= high * (1 + 1e-9) for low, high in itertools.pairwise(values))
    assert timing.processor == pytest.approx(2 * timing.p50)


def test_turns_are_taken_in_blocks_and_their_first_calls_do_not_count():
    order: list[str] = []
    timings = interleave({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 5, block=3, settle=1)
    assert "".join(order) == "aaaa" + "bbbb" + "aaa" + "bbb"
    assert {name: timing.calls for name, timing in timings.items()} == {"a": 5, "b": 5}


def test_a_lap_that_is_run_twice_adds_up():
    laps = Laps()
    for _ in range(2):
        with laps.lap("wait"):
            time.sleep(0.01)
    assert laps.parts["wait"].wall >= 19
