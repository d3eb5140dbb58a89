"""Paints tasks in this process or in several; a process that dies costs one photo, not the batch."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from itertools import islice

import cv2

from kohl.api.batch.items import Item
from kohl.api.batch.job import Job, Painter
from kohl.api.batch.manifest import Record


@dataclass(frozen=True, slots=True)
class Task:
    """One photo that is to be painted."""

    item: Item
    record: Record
    may_replace: bool
    """Whether what lies at its output is kohl's own, from another look, an older photo or a run that was stopped, and may be replaced."""


def paint_all(job: Job, tasks: Iterator[Task], workers: int) -> Iterator[Record]:
    """Paint every task and yield what became of it, in the order they are finished. Tasks are drawn only as they can be begun."""
    if workers > 1:
        yield from _in_processes(job, tasks, workers)
        return
    painter = Painter(job)
    for task in tasks:
        yield painter.paint(task.item, task.record, may_replace=task.may_replace)


def _in_processes(job: Job, tasks: Iterator[Task], workers: int) -> Iterator[Record]:
    """A process that dies (out of memory, a crash in a decoder) takes its pool along, and nobody knows which photo it was.
    So those in flight are tried again one at a time, each in a pool of its own, and the others go on after them.
    """
    while suspects := (yield from _until_broken(job, tasks, workers)):
        for suspect in suspects:
            alone = iter([replace(suspect, may_replace=True)])
            if (yield from _until_broken(job, alone, 1)):
                yield replace(suspect.record, status="failed", reason="its process died, perhaps for want of memory; try it with --workers 1")


def _until_broken(job: Job, tasks: Iterator[Task], workers: int) -> Generator[Record, None, list[Task]]:
    """Paint until there are no tasks or a process dies; return what was begun and not finished."""
    unfinished: list[Task] = []
    flying: dict[Future[Record], Task] = {}
    threads = max(1, (os.cpu_count() or 1) // workers)
    # Spawned, not forked: a fork copies locks that OpenCV's and mediapipe's threads may hold.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=(job, threads))
    try:
        while True:
            for task in islice(tasks, workers + 1 - len(flying)):
                unfinished.append(task)
                flying[pool.submit(_paint, task)] = task
            if not flying:
                return []
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                yield future.result()
                unfinished.remove(flying.pop(future))
    except BrokenProcessPool:
        return unfinished
    finally:
        pool.shutdown(cancel_futures=True)


_painters: list[Painter] = []
"""In a worker process: its own painter. Elsewhere: nothing."""


def _start_worker(job: Job, threads: int) -> None:
    # Ctrl-C goes to every process of a terminal; the batch decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(threads)
    _painters.append(Painter(job))


def _paint(task: Task) -> Record:
    (painter,) = _painters
    return painter.paint(task.item, task.record, may_replace=task.may_replace)
