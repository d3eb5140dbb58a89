"""Rows with known numbers, as if contestants had been judged."""

from __future__ import annotations

import functools
import math
import re
from pathlib import Path

from kohl.evaluation.metrics.metric import Metric
from kohl.evaluation.protocol.evaluation_set import EvaluationSet, ListedCase
from kohl.evaluation.protocol.picture import Picture
from kohl.evaluation.report.evaluation import Evaluation, evaluate
from kohl.evaluation.running.plan import Entry, Plan
from kohl.evaluation.running.rows import Row
from stand_in_contestants import Behaving

NUM_CASES = 24


def metrics() -> tuple[Metric, ...]:
    return (
        Metric("distance", "Distance", "ΔE2000", "lower", "fidelity", "own", lambda sample: {}),
        Metric("kept", "Kept <b>", "r", "higher", "keeping", "own", lambda sample: {}, 1.0),
        Metric("truth", "Never measured", "dB", "higher", "truth", "own", lambda sample: {}),
    )


def plan() -> Plan:
    pictures = [Picture(file=f"{number}.png", licence="own", ita="dark" if number % 4 == 0 else "light") for number in range(NUM_CASES + 1)]
    cases = tuple(ListedCase(f"case {number}", pictures[number], pictures[-1], number) for number in range(NUM_CASES))
    entries = tuple(Entry(name, functools.partial(Behaving, "nothing")) for name in ("good", "rough", "<script>alert(1)</script>"))
    return Plan(EvaluationSet("drawn & more", Path("/nowhere"), cases, "made up"), entries, metrics)


def rows() -> list[Row]:
    """`good` is near and keeps all; `rough` is far, worse on dark skin, fails twice; the third equals `good` but for noise; one case is refused."""
    made = []
    for number, case in enumerate(plan().evaluated.cases):
        for entry in plan().entries:
            made.append(_row(number, case, entry.name))
    return made


def _row(number: int, case: ListedCase, name: str) -> Row:
    key = f"{re.sub(r'[^a-z]', '', name)} {number}"
    facts = (key, case.name, name, case.source.file, case.reference.file)
    if number == 5:
        return Row(*facts, "refused", "no face in 5.png", case.source.slices)
    if name == "rough" and number in (7, 8):
        return Row(*facts, "failed", "ValueError: no | such\nthing", case.source.slices)
    wobble = math.sin(number * 1.7)
    values = {
        "good": {"distance.lips": 2 + wobble, "distance.lids": 3.0, "kept": 0.9 + 0.01 * wobble},
        "rough": {"distance.lips": 9 + wobble, "distance.lids": math.nan if number == 9 else 8.0, "kept": 0.3 if number % 4 == 0 else 0.8},
    }.get(name, {"distance.lips": 2 + wobble + 0.3 * math.cos(number * 5), "distance.lids": 3.0, "kept": 0.9})
    problems = ("no face is found in the result",) if name == "rough" and number == 10 else ()
    return Row(*facts, "done", "", case.source.slices, values, problems, 0.5 + number / 100, 0.4)


def evaluation() -> Evaluation:
    return evaluate(plan(), rows(), metrics())
