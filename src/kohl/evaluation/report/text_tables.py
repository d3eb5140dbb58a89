"""The run as Markdown and as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable

from kohl.evaluation.report.evaluation import Evaluation
from kohl.evaluation.report.measures import SIDES, Measure
from kohl.evaluation.report.numbers import ARROWS, shown, shown_interval
from kohl.evaluation.report.summary import Estimate, Standing

COUNTS: dict[str, Callable[[Standing], int]] = {
    "cases": lambda standing: standing.tally.cases,
    "measured": lambda standing: standing.tally.done,
    "failed": lambda standing: standing.tally.failed,
    "refused (the case's own pictures)": lambda standing: standing.tally.refused,
    "no face found in the result": lambda standing: standing.tally.lost,
}
"""Heading → count; part of every table, so that nothing is dropped silently."""


def markdown(evaluation: Evaluation) -> str:
    """The tables in Markdown: a table per side, counts in each, means with their interval, bold where nobody is better for sure."""
    head, names = evaluation.head, [standing.name for standing in evaluation.standings]
    about = f"{head['set']['name']}, {head['set']['cases']} cases (digest {head['set']['digest']}) · kohl {head['kohl']} · {head['date'][:10]}"
    parts = [f"# Evaluation: {', '.join(names)}\n\n{about}\n"]
    for side, title in SIDES.items():
        measures = [measure for measure in evaluation.measures if measure.side == side]
        if measures:
            parts.append(f"## {title}\n\n{_table(evaluation, measures)}")
    parts.append(_failures(evaluation))
    if missing := evaluation.head["not_measured"]:
        parts.append("\n".join(["## Not measured\n", *(f"- {reason}" for reason in missing.values())]) + "\n")
    return "\n".join(parts)


def _table(evaluation: Evaluation, measures: Iterable[Measure]) -> str:
    lines = [_row(["", *(standing.name for standing in evaluation.standings)]), _row(["---"] * (len(evaluation.standings) + 1))]
    lines += [_row([name, *(str(count(standing)) for standing in evaluation.standings)]) for name, count in COUNTS.items()]
    for measure in measures:
        cells = [cell(evaluation, standing, measure) for standing in evaluation.standings]
        unit = f", {measure.unit}" if measure.unit else ""
        lines.append(_row([f"{measure.title}{unit} {ARROWS[measure.better]}", *cells]))
    return "\n".join(lines) + "\n"


def cell(evaluation: Evaluation, standing: Standing, measure: Measure) -> str:
    """Mean and interval as Markdown; how many numbers are missing, where any is, and how many there are, where not all cases count."""
    estimate = standing.estimates[measure.name]
    mean = shown(estimate.interval.mean)
    bold = f"**{mean}**" if standing.name in evaluation.best[measure.name] else mean
    interval = shown_interval(estimate.interval.low, estimate.interval.high)
    notes = "; ".join(filter(None, (interval, *remarks(estimate, measure))))
    return f"{bold} ({notes})" if notes else bold


def remarks(estimate: Estimate, measure: Measure) -> tuple[str, ...]:
    """What stands beside a mean: how many cases it is over, where not all count, and how many of them have no number."""
    counted = f"{estimate.count} cases" if measure.worn else ""
    missing = f"{estimate.missing} without" if estimate.missing else ""
    return tuple(filter(None, (counted, missing)))


def _failures(evaluation: Evaluation) -> str:
    if not evaluation.failures:
        return "Nothing failed, nothing was refused.\n"
    lines = [f"- {row.contestant}, {row.case}: {row.status}: {' '.join(row.reason.split())}" for row in evaluation.failures]
    return "\n".join(["## Failed or refused\n", *lines]) + "\n"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(text.replace("|", "\\|") for text in cells) + " |"


def rows_csv(evaluation: Evaluation) -> str:
    """One line per case and contestant, with every number; empty where there is none."""
    text = io.StringIO()
    groups = sorted({group for row in evaluation.rows for group in row.slices})
    names = [measure.name for measure in evaluation.measures if any(measure.name in row.values for row in evaluation.rows)]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["case", "contestant", "source", "reference", "worn", "status", "reason", "seconds", "cpu_seconds", *groups, *names])
    for row in evaluation.rows:
        values = (row.values.get(name, math.nan) for name in names)
        numbers = ["" if math.isnan(value) else repr(value) for value in values]
        facts = [row.case, row.contestant, row.source, row.reference, " ".join(row.worn), row.status, row.reason, row.seconds, row.cpu_seconds]
        writer.writerow([*facts, *(row.slices.get(group, "") for group in groups), *numbers])
    return text.getvalue()
