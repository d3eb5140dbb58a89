"""One process's work: opens a case, lets the contestants try it, checks what they give back, and measures."""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from kohl.core.arrays import Image
from kohl.core.errors import KohlError
from kohl.evaluation.case import Case, Portrait, Sample
from kohl.evaluation.contestants.base import Contestant
from kohl.evaluation.metrics.metric import Described
from kohl.evaluation.metrics.outlines import OutlineDisplacement
from kohl.evaluation.protocol.opening import Opener
from kohl.evaluation.running.checking import fault_of
from kohl.evaluation.running.finding import doubts_of, find_again, wander_of
from kohl.evaluation.running.plan import Plan, Task
from kohl.evaluation.running.rows import Row
from kohl.evaluation.running.thumbnails import portrait_name, result_name, save_thumbnail

Stage: TypeAlias = Callable[[int, str], None]
"""Called with the turn (-1: none yet) and what begins now, so that whoever waits knows what takes so long."""
OPENING, MAKING, TRANSFER, MEASURING = "opening the pictures", "loading the contestant", "the transfer", "measuring"


class Judge:
    """Keeps analyser, metrics and contestants between tasks."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._analyzer = plan.analyzer()
        self._opener = Opener(plan.evaluated, self._analyzer)
        self._metrics = plan.metrics()
        self._set_metrics = plan.set_metrics()
        self._contestants: dict[int, Contestant] = {}
        self._looked_at: tuple[Portrait, OutlineDisplacement] | None = None

    def judge(self, task: Task, begin: Stage) -> Iterator[Row]:
        """Yield a row for every turn of the task. Nothing that pictures, contestants or metrics do is raised."""
        begin(-1, OPENING)
        try:
            case = self._opener.open(task.case)
        except KohlError as error:
            yield from refused(self._plan, task, str(error))
            return
        for turn, (entry, _) in enumerate(task.turns):
            row = replace(blank_row(self._plan, task, turn), slices=dict(case.source.slices))
            yield self._row(row, case, self._plan.entries[entry].make, functools.partial(begin, turn), entry)

    def _row(self, row: Row, case: Case, make: Callable[[], Contestant], begin: Callable[[str], None], entry: int) -> Row:
        start, cpu = time.perf_counter(), time.process_time()
        try:
            if entry not in self._contestants:
                begin(MAKING)
                self._contestants[entry] = make()
            begin(TRANSFER)
            start, cpu = time.perf_counter(), time.process_time()
            result = self._contestants[entry].transfer(case)
        except Exception as error:  # whatever a contestant raises is its failure, and a row
            return replace(row, status="failed", reason=_said(error), seconds=_since(start))
        row = replace(row, seconds=_since(start), cpu_seconds=round(time.process_time() - cpu, 4))
        if fault := fault_of(result, case.source.image):
            return replace(row, status="failed", reason=fault)
        begin(MEASURING)
        return self._measured(row, case, np.clip(result, 0, 1), self._wander(case.source))

    def _wander(self, source: Portrait) -> OutlineDisplacement:
        """See `wander_of`; every source is looked at once more, not once for every contestant."""
        if self._looked_at is None or self._looked_at[0] is not source:
            self._looked_at = source, wander_of(self._analyzer, source)
        return self._looked_at[1]

    def _measured(self, row: Row, case: Case, result: Image, wander: OutlineDisplacement) -> Row:
        mesh = find_again(self._analyzer, case.source.face.points, result)
        sample, values = Sample(case, result, mesh, wander), {}
        problems = [*([] if mesh else ["no face is found in the result"]), *doubts_of(wander)]
        for metric in self._metrics:
            try:
                values.update({name: float(value) for name, value in metric.measure(sample).items()})
            except Exception as error:  # one metric's fault must not hide what the others say
                values[metric.name] = math.nan
                problems.append(f"{metric.name}: {_said(error)}")
        self._keep_pictures(row, case, result)
        return self._described(replace(row, values=values, problems=tuple(problems)), sample)

    def _described(self, row: Row, sample: Sample) -> Row:
        """The row with what metrics of sets will compare; metrics that ask for the same get the same."""
        known: dict[Callable[[Sample], Described], Described] = {}
        described, problems = {}, []
        for metric in self._set_metrics:
            try:
                if metric.describe not in known:
                    known[metric.describe] = metric.describe(sample)
                described[metric.name] = known[metric.describe]
            except Exception as error:  # as with the others
                problems.append(f"{metric.name}: {_said(error)}")
        return replace(row, problems=(*row.problems, *problems), described=described)

    def _keep_pictures(self, row: Row, case: Case, result: Image) -> None:
        folder = self._plan.pictures
        if folder is not None:
            for portrait in (case.source, case.reference):
                save_thumbnail(folder / portrait_name(portrait.name), portrait.image, portrait.face)
            save_thumbnail(folder / result_name(row.key), result, case.source.face)


def blank_row(plan: Plan, task: Task, turn: int) -> Row:
    """The row of a turn as if all went well, still without numbers."""
    entry, key = task.turns[turn]
    case, name = task.case, plan.entries[entry].name
    return Row(key, case.name, name, case.source.file, case.reference.file, "done", slices=case.source.slices, worn=case.reference.worn)


def refused(plan: Plan, task: Task, reason: str) -> Iterator[Row]:
    """Yield the rows of a case whose own pictures cannot be used."""
    for turn in range(len(task.turns)):
        yield replace(blank_row(plan, task, turn), status="refused", reason=reason)


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, KohlError) else f"{type(error).__name__}: {error}"


def _since(start: float) -> float:
    return round(time.perf_counter() - start, 4)
