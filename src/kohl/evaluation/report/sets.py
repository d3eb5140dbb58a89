"""Metrics of whole sets in the tables: one number a contestant, with no interval, no slices and no share in a picture's score."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kohl.evaluation.metrics.metric import SetMetric
from kohl.evaluation.report.bootstrap import Interval
from kohl.evaluation.report.measures import Measure, measure_of
from kohl.evaluation.report.summary import Estimate, Standing
from kohl.evaluation.running.rows import Row


def measure_sets(metrics: Sequence[SetMetric], rows: Sequence[Row]) -> tuple[tuple[Measure, ...], Mapping[str, Mapping[str, float]]]:
    """The measures that are a number for at least one contestant, and contestant → measure → number."""
    values: dict[str, dict[str, float]] = {}
    measures: dict[str, Measure] = {}
    for metric in metrics:
        for contestant in dict.fromkeys(row.contestant for row in rows):
            described = [row.described[metric.name] for row in rows if row.contestant == contestant and metric.name in row.described]
            for name, value in metric.compare(described).items():
                if not math.isnan(value):
                    measures[name] = measure_of(metric, name)
                    values.setdefault(contestant, {})[name] = value
    return tuple(measures.values()), values


def with_sets(standing: Standing, measures: Sequence[Measure], values: Mapping[str, float]) -> Standing:
    """The standing with these numbers beside its own."""
    count = standing.tally.done
    return replace(standing, estimates={**standing.estimates, **{m.name: _estimate(values.get(m.name, math.nan), count) for m in measures}})


def _estimate(value: float, count: int) -> Estimate:
    known = not math.isnan(value)
    return Estimate(Interval(value, math.nan, math.nan), math.nan, math.nan, count if known else 0, 0 if known else count)
