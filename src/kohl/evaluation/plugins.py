"""Contestants and metrics of others: any installed distribution adds its own through an entry point.

[project.entry-points."kohl.contestants"]
mine = "my_package.makeup:Mine"           # called without arguments, gives a Contestant

[project.entry-points."kohl.metrics"]
glow = "my_package.metrics:GLOW"          # a Metric, several, or a function without arguments that gives them
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from kohl.core.errors import UnknownNameError, UsageError
from kohl.evaluation.contestants import registry
from kohl.evaluation.contestants.base import Contestant
from kohl.evaluation.metrics.catalog import NO_MODELS, all_metrics
from kohl.evaluation.metrics.metric import Metric
from kohl.evaluation.metrics.shelves.models import Models

CONTESTANTS, METRICS = "kohl.contestants", "kohl.metrics"


def contestant_names() -> tuple[str, ...]:
    """Every contestant that can be named: kohl's own and those of installed distributions, sorted."""
    return tuple(sorted({*registry.names(), *_named(CONTESTANTS)}))


def create_contestant(name: str) -> Contestant:
    """Make a contestant, kohl's own or a registered one.

    Raises UnknownNameError, naming the nearest; UsageError when a registered one cannot be loaded or is none.
    """
    point = _named(CONTESTANTS).get(name)
    if point is None:
        return _own(name)
    if name in registry.names():
        raise UsageError(f"expected a name that kohl has not given away, got {name!r} from {_origin(point)}; rename its entry point")
    made = _load(point)()
    if not isinstance(made, Contestant):
        raise UsageError(f"expected a contestant (a name and transfer(case)) from {_origin(point)}, got {type(made).__name__}")
    return made


def contestant_version(name: str) -> str:
    """Distribution and version of a registered contestant; "" for kohl's own, which the engine's digest covers."""
    point = _named(CONTESTANTS).get(name)
    return _origin(point) if point is not None else ""


def every_metric(models: Models = NO_MODELS) -> tuple[Metric, ...]:
    """Kohl's metrics, those of `models` among them, then the registered ones.

    Raises UsageError for one that cannot be loaded, is none, or has a taken name.
    """
    metrics = {metric.name: metric for metric in all_metrics(models)}
    for point in _named(METRICS).values():
        for metric in _metrics_of(point):
            if metric.name in metrics or "." in metric.name:
                raise UsageError(f"expected a new name without a dot, got metric {metric.name!r} from {_origin(point)}; rename it")
            metrics[metric.name] = metric
    return tuple(metrics.values())


def metrics_version(models: Models = NO_MODELS) -> str:
    """What tells these metrics from others of the same names: the registered ones' distributions, and the networks' paths and dates."""
    paths = {entry.name: path for entry in fields(models) if (path := getattr(models, entry.name)) is not None}
    networks = [f"{name}={path.resolve()}@{path.stat().st_mtime_ns}" for name, path in paths.items()]
    return "; ".join([*map(_origin, _named(METRICS).values()), *networks])


def _own(name: str) -> Contestant:
    try:
        return registry.create(name)
    except UnknownNameError as error:
        # The registry knows its own names alone; the nearest may be a registered one.
        raise UnknownNameError("contestant", name, contestant_names()) from error


def _named(group: str) -> dict[str, EntryPoint]:
    return {point.name: point for point in sorted(entry_points(group=group), key=lambda point: point.name)}


def _metrics_of(point: EntryPoint) -> Iterable[Metric]:
    given = _load(point)
    made = given() if callable(given) and not isinstance(given, Metric) else given
    metrics = (made,) if isinstance(made, Metric) else tuple(made) if isinstance(made, Iterable) else (made,)
    for metric in metrics:
        if not isinstance(metric, Metric):
            raise UsageError(f"expected a kohl Metric from {_origin(point)}, got {type(metric).__name__}")
    return metrics


def _load(point: EntryPoint) -> Callable[[], Any]:
    try:
        loaded: Callable[[], Any] = point.load()
    except Exception as error:  # whatever the other distribution's import raises
        raise UsageError(f"expected {_origin(point)} to be loadable, got {type(error).__name__}: {error}; mend or uninstall it") from error
    return loaded


def _origin(point: EntryPoint) -> str:
    distribution = f"{point.dist.name} {point.dist.version}" if point.dist is not None else "an unknown distribution"
    return f"{point.name} = {point.value} of {distribution}"
