"""The catalogue: every metric by its name, as tables and runners use it."""

from __future__ import annotations

from kohl.core.errors import UnknownNameError
from kohl.evaluation.metrics.metric import Metric
from kohl.evaluation.metrics.shelves import keeping, transfer, truth


def all_metrics() -> tuple[Metric, ...]:
    """Every metric that needs nothing but pictures, in the order of the tables: truth, fidelity, keeping."""
    return (*truth.METRICS, *transfer.METRICS, *keeping.METRICS)


def metric(name: str) -> Metric:
    """The metric called `name`. Raises UnknownNameError, naming the nearest."""
    found = {known.name: known for known in all_metrics()}
    if name not in found:
        raise UnknownNameError("metric", name, found)
    return found[name]
