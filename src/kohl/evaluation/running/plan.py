"""All that a run is about, ready to be sent to other processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kohl.core.errors import UsageError
from kohl.evaluation.contestants.base import Contestant
from kohl.evaluation.metrics.metric import Metric, SetMetric
from kohl.evaluation.protocol.evaluation_set import EvaluationSet, ListedCase
from kohl.faces.analyzer import Analyzer

TIMEOUT = 60.0
"""Seconds that a contestant may take for one case, once it is loaded."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A contestant on the list: made anew in every process by `make`, which must be picklable.

    `version` tells its releases apart; kohl's own need none, because the engine's digest covers them.
    """

    name: str
    make: Callable[[], Contestant]
    version: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A run. Raises UsageError for no or equally named contestants, and for workers or a time-out that make no sense."""

    evaluated: EvaluationSet
    entries: tuple[Entry, ...]
    metrics: Callable[[], tuple[Metric, ...]]
    pictures: Path | None = None
    """Folder for small pictures of the results; None keeps none."""
    workers: int = 2
    timeout: float = TIMEOUT
    analyzer: Callable[[], Analyzer] = Analyzer
    metrics_version: str = ""
    """What tells the metrics from others of the same names: networks, versions of registered ones."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """Metric that is not measured → why, for the report."""
    set_metrics: Callable[[], tuple[SetMetric, ...]] = tuple
    """Metrics of all samples of a contestant together. With any, earlier rows are not taken over: what they compare is never written down."""

    def __post_init__(self) -> None:
        names = [entry.name for entry in self.entries]
        if not names or len(set(names)) < len(names):
            raise UsageError(f"expected one or more different contestants, got {', '.join(names) or 'none'}; name each once")
        if self.workers < 1 or not self.timeout > 0:
            raise UsageError(f"expected at least 1 worker and a time-out above 0 s, got {self.workers} and {self.timeout:g}")


@dataclass(frozen=True, slots=True)
class Task:
    """One case, and the contestants that are still to try it: pairs of their place in `Plan.entries` and the row's key."""

    case: ListedCase
    turns: tuple[tuple[int, str], ...]

    def after(self, turn: int) -> Task:
        """What is left when the contestants up to and with `turn` had theirs."""
        return Task(self.case, self.turns[turn + 1 :])
