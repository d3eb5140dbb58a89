"""Paints tasks in this process or in several; a process that dies costs one photo, not the batch."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing.connection import Connection

import cv2

from kohl.api.batch.items import Item
from kohl.api.batch.job import Job, Painter
from kohl.api.batch.manifest import Record
from kohl.core.interrupts import starting_processes


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
    try:
        with _pool(job, workers) as pool:
            while True:
                for task in islice(tasks, workers + 1 - len(flying)):
                    unfinished.append(task)
                    with starting_processes():
                        flying[pool.submit(_paint, task)] = task
                if not flying:
                    return []
                for future in wait(flying, return_when=FIRST_COMPLETED).done:
                    yield future.result()
                    unfinished.remove(flying.pop(future))
    except BrokenProcessPool:
        return unfinished


@contextmanager
def _pool(job: Job, workers: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that paint. Where the block is left in the middle they are given up: each ends at once, or when its result is written."""
    # Spawned, not forked: a fork copies locks that OpenCV's and mediapipe's threads may hold.
    context = multiprocessing.get_context("spawn")
    threads = max(1, (os.cpu_count() or 1) // workers)
    theirs, ours = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=(job, threads, theirs))
    try:
        yield pool
        pool.shutdown()
    except BaseException as error:
        ours.close()
        # Who pressed Ctrl-C is not made to wait; after a crash the next pool is not to share the memory with this one.
        pool.shutdown(wait=isinstance(error, Exception), cancel_futures=True)
        raise
    finally:
        ours.close()
        theirs.close()


_saving = threading.Lock()
"""Held while a result is written."""
_painters: list[Painter] = []
"""In a worker process: its own painter. Elsewhere: nothing."""


def _start_worker(job: Job, threads: int, batch: Connection) -> None:
    # The batch decides when a process ends, and it never does in the middle of writing. The pool sends SIGTERM where another one has died.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(batch,), daemon=True).start()
    cv2.setNumThreads(threads)
    _painters.append(Painter(job, _saving))


def _end_with(batch: Connection) -> None:
    """End this process when the batch closes its end of the pipe, or is gone itself."""
    with suppress(EOFError, OSError):
        batch.recv_bytes()
    with _saving:
        os._exit(1)


def _paint(task: Task) -> Record:
    (painter,) = _painters
    return painter.paint(task.item, task.record, may_replace=task.may_replace)
