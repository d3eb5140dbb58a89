"""The leaderboard: made from committed results alone, so that every number on it can be looked up and made again.

A committed result is a `report.json` without its rows, failures and pictures: nothing of a single face is in it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from kohl.core.errors import UsageError
from kohl.evaluation.report.evaluation import VERSION
from kohl.evaluation.report.measures import SIDES
from kohl.evaluation.report.numbers import ARROWS, shown

Result: TypeAlias = Mapping[str, Any]
"""A committed result, as JSON has it."""

_KEPT = ("version", "kohl", "engine", "commit", "differs_from_commit", "date", "machine", "versions", "set", "settings", "bootstrap")
_INTRO = """# Leaderboard

Made by `python scripts/make_leaderboard.py` from `docs/results/evaluation/*.json`, and from nothing else. A number is the mean over a
metric's parts (lips, lids, …) of the mean over all cases that could be measured; who fails is not left out, but counted. Metrics, sets and
what a fair run is: [evaluation](evaluation.md).
"""
_NOTHING = "No result is committed yet.\n"


def reduced(report: Result) -> dict[str, Any]:
    """Return what of a `report.json` is committed. Raises UsageError for another version, or what is no report."""
    if report.get("version") != VERSION or not {"contestants", "measures", "set"} <= report.keys():
        raise UsageError(f"expected a report.json of version {VERSION}, got version {report.get('version')!r}; make it anew with kohl evaluate")
    head = {name: report[name] for name in _KEPT if name in report}
    return head | {name: report[name] for name in ("measures", "contestants", "best")}


def read_results(folder: Path) -> tuple[dict[str, Any], ...]:
    """Read the committed results, oldest first. Raises UsageError naming the file that is none."""
    results = []
    for path in sorted(folder.glob("*.json")):
        try:
            results.append(reduced(json.loads(path.read_text(encoding="utf-8"))))
        except (ValueError, UsageError) as error:
            raise UsageError(f"expected a committed result in {path.name}, got {error}") from error
    return tuple(sorted(results, key=lambda result: str(result["date"])))


def leaderboard(results: Iterable[Result]) -> str:
    """The page in Markdown: a section per list of pairs; a contestant's newest result counts."""
    by_set: dict[str, list[Result]] = {}
    for result in results:
        by_set.setdefault(result["set"]["digest"], []).append(result)
    return "\n".join([_INTRO, *(_section(own) for own in by_set.values())] if by_set else [_INTRO, _NOTHING])


def _section(results: Sequence[Result]) -> str:
    newest = results[-1]
    places = {item["name"]: (item, result) for result in results for item in result["contestants"]}
    evaluated = newest["set"]
    about = f"## {evaluated['name']}\n\n{evaluated['cases']} cases ({evaluated['rule']}), list `{evaluated['digest']}`.\n"
    # The newest run's catalogue: a metric that is gone is shown no more, a new one is a gap where it was not measured.
    tables = [_table(title, side, newest["measures"], list(places.values())) for side, title in SIDES.items()]
    return "\n".join([about, *filter(None, tables), _made(list(places.values()))])


def _table(title: str, side: str, measures: Sequence[Mapping[str, Any]], places: Sequence[tuple[Any, Result]]) -> str:
    metrics: dict[str, list[Mapping[str, Any]]] = {}
    for measure in measures:
        if measure["side"] == side:
            metrics.setdefault(measure["name"].partition(".")[0], []).append(measure)
    if not metrics:
        return ""
    columns = [_heading(parts) for parts in metrics.values()]
    first = next(iter(metrics.values()))
    sign = 1 if first[0]["better"] == "lower" else -1
    ranked = sorted(places, key=lambda place: _rank(sign * _mean(place[0], first)))
    rows = [[item["name"], _counts(item), *(shown(_mean(item, parts)) for parts in metrics.values())] for item, _ in ranked]
    return f"### {title}\n\n" + _markdown(["", "measured", *columns], rows)


def _rank(value: float) -> float:
    """Who has no number comes last."""
    return math.inf if math.isnan(value) else value


def _heading(parts: Sequence[Mapping[str, Any]]) -> str:
    title = parts[0]["title"].rpartition(": ")[0] if len(parts) > 1 else parts[0]["title"]
    unit = f", {parts[0]['unit']}" if parts[0]["unit"] else ""
    return f"{title}{unit} {ARROWS[parts[0]['better']]}"


def _mean(item: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> float:
    """Mean over a metric's parts; those without a number are left out, and NaN is what is left of none."""
    means = (item["measures"].get(part["name"], {}).get("mean") for part in parts)
    known = [float(mean) for mean in means if mean is not None]
    return sum(known) / len(known) if known else math.nan


def _counts(item: Mapping[str, Any]) -> str:
    tally = item["tally"]
    lost = [f"{tally[name]} {name}" for name in ("failed", "refused") if tally[name]]
    return f"{tally['done']} of {tally['cases']}" + (f" ({', '.join(lost)})" if lost else "")


def _made(places: Sequence[tuple[Any, Result]]) -> str:
    lines = [f"- {item['name']}: {_circumstances(item, result)}" for item, result in places]
    return "\n".join(["Made:\n", *lines]) + "\n"


def _circumstances(item: Mapping[str, Any], result: Result) -> str:
    machine, seconds = result["machine"], shown(item["seconds"]["cpu_median"])
    made = f"{result['date'][:10]}, kohl {result['kohl']}{_commit(result)}"
    return f"{made}; {seconds} processor seconds a case (median) on {machine['processor']}, {machine['cores']} cores"


def _commit(result: Result) -> str:
    return f", commit {result['commit']}{' with changes' if result.get('differs_from_commit') else ''}" if "commit" in result else ""


def _markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"
