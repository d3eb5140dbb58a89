"""The numbers that metrics gave, one by one, in the order of the tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from kohl.evaluation.metrics.metric import Direction, Metric, SetMetric, Side
from kohl.evaluation.metrics.places import REGION_NAMES
from kohl.evaluation.running.rows import Row

Table: TypeAlias = Side | Literal["worn"]
SIDES: dict[Table, str] = {
    "truth": "Against the truth",
    "fidelity": "Faithful to the reference",
    "worn": "Faithful where the reference is stated to wear makeup",
    "keeping": "Kept as it was",
    "other": "Beside",
}
"""Table → heading, in the order of the tables: a metric's sides, and fidelity once more over the cases whose reference wears the region."""

_WHERE_WORN = "_where_worn"


@dataclass(frozen=True, slots=True)
class Measure:
    """One column of numbers. `name` is the metric's, or "metric.part". `worn` is the region that a case's reference must be stated to wear
    for the case to count; empty where all count.
    """

    name: str
    title: str
    unit: str
    better: Direction
    side: Table
    source: str
    wanted: float | None = None
    worn: str = ""

    @property
    def sign(self) -> int:
        """1 when higher is better, -1 when lower is."""
        return 1 if self.better == "higher" else -1

    @property
    def metric(self) -> str:
        """Name of the metric that gives it."""
        return self.name.partition(".")[0]

    def counts(self, row: Row) -> bool:
        """Whether the measure is taken over this row."""
        return not self.worn or self.worn in row.worn

    def value(self, row: Row) -> float:
        """A row's number: NaN where it has none, or does not count."""
        return row.values.get(self.name.replace(f"{_WHERE_WORN}.", ".", 1), math.nan) if self.counts(row) else math.nan


def measures_of(metrics: Iterable[Metric], rows: Sequence[Row]) -> tuple[Measure, ...]:
    """Return the measures that occur in `rows` with at least one number, side by side, as the catalogue orders them.

    What compares a region with the reference comes once more over the rows whose reference is stated to wear it, where there are any.
    """
    found: dict[str, None] = {}
    for row in rows:
        found |= {name: None for name, value in row.values.items() if value == value}  # noqa: PLR0124  NaN
    ordered = [measure_of(metric, name) for metric in metrics for name in found if _belongs(name, metric)]
    ordered += [measure for measure in _where_worn(ordered) if any(not math.isnan(measure.value(row)) for row in rows)]
    return tuple(sorted(ordered, key=lambda measure: list(SIDES).index(measure.side)))


def _where_worn(measures: Iterable[Measure]) -> Iterator[Measure]:
    """The same numbers of faithful regions, over the cases alone whose reference is stated to wear them."""
    for measure in measures:
        region = measure.name.rpartition(".")[2]
        if measure.side == "fidelity" and region in REGION_NAMES.values():
            title = f"{measure.title.rpartition(': ')[0]}, where worn: {region}"
            yield replace(measure, name=f"{measure.metric}{_WHERE_WORN}.{region}", title=title, side="worn", worn=region)


def _belongs(name: str, metric: Metric) -> bool:
    return name == metric.name or name.startswith(f"{metric.name}.")


def measure_of(metric: Metric | SetMetric, name: str) -> Measure:
    """One number of a metric as a column."""
    part = name.removeprefix(metric.name).removeprefix(".")
    title = f"{metric.title}: {part.replace('_', ' ')}" if part else metric.title
    return Measure(name, title, metric.unit, metric.better, metric.side, metric.source, metric.wanted)
