"""A finished run with everything that is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import kohl
from kohl.evaluation.machine import commit_of, is_busy, load, machine, own_checkout, versions
from kohl.evaluation.metrics.metric import Metric
from kohl.evaluation.report.bootstrap import LEVEL, RESAMPLES, SEED
from kohl.evaluation.report.measures import Measure, measures_of
from kohl.evaluation.report.scores import scores_of
from kohl.evaluation.report.sets import measure_sets, with_sets
from kohl.evaluation.report.slices import Slice, slices_of
from kohl.evaluation.report.summary import Estimate, Standing, best_of, stand
from kohl.evaluation.running.keys import engine_digest
from kohl.evaluation.running.plan import Plan
from kohl.evaluation.running.rows import Row, plain_number, plain_row

VERSION = 1
"""Of `report.json`."""


@dataclass(frozen=True)
class Evaluation:
    """`head`: versions, machine, set and settings, ready for JSON. `best`: measure → contestants that nobody beats for sure."""

    head: dict[str, Any]
    measures: tuple[Measure, ...]
    standings: tuple[Standing, ...]
    best: dict[str, tuple[str, ...]]
    slices: tuple[Slice, ...]
    scores: dict[str, float]
    rows: tuple[Row, ...]

    @property
    def failures(self) -> tuple[Row, ...]:
        """Rows that failed or were refused, in the order of the cases."""
        return tuple(row for row in self.rows if row.status != "done")

    def to_json(self) -> dict[str, Any]:
        """All of it as strict JSON: NaN is null, infinities are words."""
        failures = [{"case": row.case, "contestant": row.contestant, "status": row.status, "reason": row.reason} for row in self.failures]
        rows = [plain_row(row) | {"score": plain_number(self.scores.get(row.key, float("nan")))} for row in self.rows]
        return self.head | {
            "measures": [asdict(measure) for measure in self.measures],
            "contestants": [_standing(standing) for standing in self.standings],
            "best": {name: list(best) for name, best in self.best.items()},
            "slices": [_plain(asdict(item)) for item in self.slices],
            "failures": failures,
            "rows": rows,
        }


def evaluate(plan: Plan, rows: Sequence[Row], metrics: Sequence[Metric]) -> Evaluation:
    """Make tables of the rows of a run."""
    measures = measures_of(metrics, rows)
    of_sets, set_values = measure_sets(plan.set_metrics(), rows)
    standings = tuple(with_sets(stand(entry.name, rows, measures), of_sets, set_values.get(entry.name, {})) for entry in plan.entries)
    all_measures = (*measures, *of_sets)
    best = {measure.name: best_of(standings, rows, measure) for measure in all_measures}
    return Evaluation(_head(plan), all_measures, standings, best, slices_of(rows, measures), scores_of(rows, measures), tuple(rows))


def _head(plan: Plan) -> dict[str, Any]:
    evaluated = plan.evaluated
    return {
        "version": VERSION,
        "kohl": kohl.__version__,
        "engine": engine_digest()[:16],
        **_commit(),
        "date": datetime.now(UTC).replace(microsecond=0).isoformat(),
        "machine": machine() | {"load": load(), "shared_while_measured": is_busy(load())},
        "versions": versions(),
        "set": {
            "name": evaluated.name,
            "cases": len(evaluated.cases),
            "digest": evaluated.digest[:16],
            "rule": evaluated.rule,
            "seed": evaluated.seed,
            "side": evaluated.side,
        },
        "settings": {"workers": plan.workers, "timeout": plan.timeout},
        "bootstrap": {"resamples": RESAMPLES, "seed": SEED, "level": LEVEL, "over": "sources"},
        "not_measured": dict(plan.missing),
        "contestant_versions": {entry.name: entry.version for entry in plan.entries if entry.version},
    }


def _commit() -> dict[str, Any]:
    """The commit of the checkout that kohl runs from; empty outside one."""
    commit, differs = commit_of(own_checkout())
    return {} if commit is None else {"commit": commit, "differs_from_commit": differs}


def _standing(standing: Standing) -> dict[str, Any]:
    seconds = {"median": standing.seconds, "p95": standing.seconds_p95, "cpu_median": standing.cpu_seconds}
    estimates = {name: _estimate(estimate) for name, estimate in standing.estimates.items()}
    return {"name": standing.name, "tally": asdict(standing.tally), "seconds": _plain(seconds), "measures": estimates}


def _estimate(estimate: Estimate) -> dict[str, Any]:
    flat = asdict(estimate)
    return _plain(flat.pop("interval") | flat)


def _plain(values: Any) -> dict[str, Any]:
    return {name: plain_number(value) if isinstance(value, float) else value for name, value in values.items()}
