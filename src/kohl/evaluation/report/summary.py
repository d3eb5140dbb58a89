"""The table: every contestant's counts, times and means, and who is best or cannot be told apart from the best."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kohl.evaluation.report.bootstrap import Interval, mean_interval
from kohl.evaluation.report.measures import Measure
from kohl.evaluation.running.rows import Row

_LOST = "no face is found in the result"


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a contestant's cases: `cases` = `done` + `failed` + `refused`. `lost`: done, but no face is found in the result."""

    cases: int
    done: int
    failed: int
    refused: int
    lost: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """One measure of one contestant over the cases that are done and count for it. `missing`: of these, how many have no such number."""

    interval: Interval
    median: float
    worst: float
    count: int
    missing: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One contestant's column of the table. Seconds per case: medians of wall and processor time, and the 95th percentile of wall time."""

    name: str
    tally: Tally
    seconds: float
    seconds_p95: float
    cpu_seconds: float
    estimates: Mapping[str, Estimate]


def stand(name: str, rows: Sequence[Row], measures: Sequence[Measure]) -> Standing:
    """Sum up the rows of one contestant."""
    own = [row for row in rows if row.contestant == name]
    done = [row for row in own if row.status == "done"]
    seconds = [row.seconds for row in done] or [math.nan]
    estimates = {measure.name: estimate(done, measure) for measure in measures}
    cpu = [row.cpu_seconds for row in done] or [math.nan]
    return Standing(name, tally(own), float(np.median(seconds)), float(np.percentile(seconds, 95)), float(np.median(cpu)), estimates)


def tally(rows: Sequence[Row]) -> Tally:
    """Count what became of rows."""
    statuses = [row.status for row in rows]
    lost = sum(_LOST in row.problems for row in rows)
    return Tally(len(rows), statuses.count("done"), statuses.count("failed"), statuses.count("refused"), lost)


def estimate(done: Sequence[Row], measure: Measure) -> Estimate:
    """Estimate a measure over rows that are done."""
    counted = [row for row in done if measure.counts(row)]
    known = [row for row in counted if not math.isnan(measure.value(row))]
    values = [measure.value(row) for row in known]
    interval = mean_interval(values, [row.source for row in known])
    if not values:
        return Estimate(interval, math.nan, math.nan, 0, len(counted))
    worst = min(values) if measure.better == "higher" else max(values)
    return Estimate(interval, float(np.median(values)), worst, len(values), len(counted) - len(values))


def best_of(standings: Sequence[Standing], rows: Sequence[Row], measure: Measure) -> tuple[str, ...]:
    """Name the contestant with the best mean, and those whose difference to it, case by case, may as well be none.

    The difference's bootstrap interval over the cases that both have tells; who shares fewer than two sources with the best is left out.
    """
    ranked = [standing for standing in standings if not math.isnan(standing.estimates[measure.name].interval.mean)]
    if not ranked:
        return ()
    best = max(ranked, key=lambda standing: measure.sign * standing.estimates[measure.name].interval.mean)
    first = _values(best.name, rows, measure)
    return tuple(item.name for item in ranked if item is best or _may_be_equal(first, _values(item.name, rows, measure)))


def _values(name: str, rows: Sequence[Row], measure: Measure) -> dict[str, tuple[str, float]]:
    values = ((row, measure.value(row)) for row in rows if row.contestant == name and row.status == "done")
    return {row.case: (row.source, value) for row, value in values if math.isfinite(value)}


def _may_be_equal(first: Mapping[str, tuple[str, float]], second: Mapping[str, tuple[str, float]]) -> bool:
    shared = [case for case in first if case in second]
    interval = mean_interval([first[case][1] - second[case][1] for case in shared], [first[case][0] for case in shared])
    return interval.low <= 0 <= interval.high
