"""Which results are a method's best and worst: where each stands among all results of the run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from kohl.evaluation.report.measures import Measure
from kohl.evaluation.running.rows import Row

SHOWN = 10
"""Best and worst pictures of each contestant."""


def scores_of(rows: Sequence[Row], measures: Sequence[Measure]) -> dict[str, float]:
    """Key of a row that is done → score in [0, 1], higher is better.

    Every measure ranks all results of the run, ties sharing their mean rank; a metric's parts are averaged, then the metrics of a
    side, then the sides (truth, fidelity, keeping). What is taken over worn regions alone would count twice, and does not count. So a
    result that copies the reference and one that changes nothing both stand in the middle. For choosing pictures only: a score depends
    on who else ran.
    """
    done = [row for row in rows if row.status == "done"]
    ranks = {measure.name: _ranks([measure.sign * measure.value(row) for row in done]) for measure in measures}
    counted = [measure for measure in measures if measure.side not in ("other", "worn")]
    return {row.key: _score(number, counted, ranks) for number, row in enumerate(done)}


def _ranks(values: Sequence[float]) -> list[float]:
    """Share of the known values that each one beats, ties counting half; NaN stays NaN."""
    known = np.sort([value for value in values if not math.isnan(value)])
    span = max(len(known), 1)
    below, upto = np.searchsorted(known, values, "left"), np.searchsorted(known, values, "right")
    return [math.nan if math.isnan(value) else float(low + high) / (2 * span) for value, low, high in zip(values, below, upto, strict=True)]


def _score(number: int, measures: Sequence[Measure], ranks: Mapping[str, list[float]]) -> float:
    by_metric: dict[tuple[str, str], list[float]] = {}
    for measure in measures:
        if not math.isnan(ranks[measure.name][number]):
            by_metric.setdefault((measure.side, measure.metric), []).append(ranks[measure.name][number])
    by_side: dict[str, list[float]] = {}
    for (side, _), values in by_metric.items():
        by_side.setdefault(side, []).append(float(np.mean(values)))
    return float(np.mean([np.mean(values) for values in by_side.values()])) if by_side else 0.0


def best_and_worst(name: str, rows: Sequence[Row], scores: Mapping[str, float]) -> tuple[list[Row], list[Row]]:
    """Return a contestant's `SHOWN` best results, best first, and worst ones, worst first; no result is in both."""
    own = sorted((row for row in rows if row.contestant == name and row.key in scores), key=lambda row: -scores[row.key])
    half = (len(own) + 1) // 2
    return own[: min(SHOWN, half)], own[half:][-SHOWN:][::-1]
