"""The numbers that metrics gave, one by one, in the order of the tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kohl.evaluation.metrics.metric import Direction, Metric, SetMetric, Side
from kohl.evaluation.running.rows import Row

SIDES: dict[Side, str] = {
    "truth": "Against the truth",
    "fidelity": "Faithful to the reference",
    "keeping": "Kept as it was",
    "other": "Beside",
}
"""Side → heading, in the order of the tables."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One column of numbers. `name` is the metric's, or "metric.part"."""

    name: str
    title: str
    unit: str
    better: Direction
    side: Side
    source: str
    wanted: float | None = None

    @property
    def sign(self) -> int:
        """1 when higher is better, -1 when lower is."""
        return 1 if self.better == "higher" else -1

    @property
    def metric(self) -> str:
        """Name of the metric that gives it."""
        return self.name.partition(".")[0]


def measures_of(metrics: Iterable[Metric], rows: Sequence[Row]) -> tuple[Measure, ...]:
    """Return the measures that occur in `rows` with at least one number, side by side, as the catalogue orders them."""
    found: dict[str, None] = {}
    for row in rows:
        found |= {name: None for name, value in row.values.items() if value == value}  # noqa: PLR0124  NaN
    ordered = [measure_of(metric, name) for metric in metrics for name in found if _belongs(name, metric)]
    return tuple(sorted(ordered, key=lambda measure: list(SIDES).index(measure.side)))


def _belongs(name: str, metric: Metric) -> bool:
    return name == metric.name or name.startswith(f"{metric.name}.")


def measure_of(metric: Metric | SetMetric, name: str) -> Measure:
    """One number of a metric as a column."""
    part = name.removeprefix(metric.name).removeprefix(".")
    title = f"{metric.title}: {part.replace('_', ' ')}" if part else metric.title
    return Measure(name, title, metric.unit, metric.better, metric.side, metric.source, metric.wanted)
