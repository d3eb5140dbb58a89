"""Runs an evaluation: what was done before is taken over, the rest is judged, and every row is written down as it comes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from kohl.core.errors import OutputError, OutputExistsError
from kohl.evaluation.running.crew import judge_all
from kohl.evaluation.running.keys import Keys
from kohl.evaluation.running.plan import Plan, Task
from kohl.evaluation.running.rows import Row, RowFile

ROWS_NAME = "rows.jsonl"
OnRow: TypeAlias = Callable[[Row], None]
"""Called once for every row, judged now or earlier, as soon as it is known."""


def prepare_folder(folder: Path) -> None:
    """Make the report's folder, or accept an earlier run's. Done before any work, so that what cannot end well is not begun.

    Raises OutputExistsError when something else is in it and OutputError when it cannot be made or written.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputExistsError(f"expected a folder for the report, and {folder} is a file; name another one")
    try:
        if folder.is_dir() and any(folder.iterdir()) and not (folder / ROWS_NAME).is_file():
            raise OutputExistsError(f"{folder} holds other files and no evaluation; name a new folder for the report")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ROWS_NAME).open("a").close()
    except OSError as error:
        raise OutputError(f"cannot write the report to {folder}: {error.strerror or error}; name a folder that can be written") from error


def run_evaluation(plan: Plan, folder: Path, *, fresh: bool = False, on_row: OnRow | None = None) -> tuple[Row, ...]:
    """Judge every case with every contestant, and return the rows: case by case, contestants in the plan's order.

    `rows.jsonl` in `folder` keeps every row as it comes; a run that was stopped goes on from there, and work whose pictures, code or
    settings have changed is done again. `fresh` forgets earlier rows; with metrics of sets none are taken over either. What failed stays failed
    until something about it changes.

    Raises OutputExistsError or OutputError for a folder that cannot be used, UsageError for rows that are not ours.
    """
    prepare_folder(folder)
    if plan.pictures is not None:
        plan.pictures.mkdir(exist_ok=True)
    tell = on_row or (lambda row: None)
    keys = Keys(plan.evaluated, plan.metrics(), plan.metrics_version)
    wanted = [[(number, keys.of(case, entry)) for number, entry in enumerate(plan.entries)] for case in plan.evaluated.cases]
    rows: dict[str, Row] = {}
    with RowFile(folder / ROWS_NAME, fresh=fresh or bool(plan.set_metrics())) as file:
        tasks = []
        for case, turns in zip(plan.evaluated.cases, wanted, strict=True):
            rows |= {key: known for _, key in turns if (known := file.get(key)) is not None}
            if left := tuple(turn for turn in turns if turn[1] not in rows):
                tasks.append(Task(case, left))
        for row in rows.values():
            tell(row)
        for row in judge_all(plan, tasks):
            file.add(row)
            rows[row.key] = row
            tell(row)
    return tuple(rows[key] for turns in wanted for _, key in turns)
