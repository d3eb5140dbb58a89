"""The catalogue: every metric by its name, as tables and runners use it."""

from __future__ import annotations

from kohl.core.errors import MissingModelError, UnknownNameError
from kohl.evaluation.metrics.metric import Metric, SetMetric
from kohl.evaluation.metrics.shelves import keeping, sets, transfer, truth
from kohl.evaluation.metrics.shelves.models import Models, model_metrics, unavailable

NO_MODELS = Models()


def all_metrics(models: Models = NO_MODELS) -> tuple[Metric, ...]:
    """Every metric of one sample that can be measured, in the order of the tables: truth, fidelity, keeping, and those of `models`.

    Those whose network is not given are left out; `unavailable` of the same models names them.
    """
    return (*truth.METRICS, *transfer.METRICS, *keeping.METRICS, *model_metrics(models))


def set_metrics(models: Models = NO_MODELS) -> tuple[SetMetric, ...]:
    """Every metric of a whole set of samples that can be measured: FID and KID, where an Inception network is given."""
    return sets.set_metrics(models)


def metric(name: str, models: Models = NO_MODELS) -> Metric:
    """The metric of one sample called `name`. Raises MissingModelError when its network is not given, UnknownNameError, naming the nearest."""
    found = {known.name: known for known in all_metrics(models)}
    missing = unavailable(models)
    if name in missing:
        raise MissingModelError(missing[name])
    if name not in found:
        raise UnknownNameError("metric", name, [*found, *missing])
    return found[name]
