"""Processes that judge; one that hangs is ended, one that dies is replaced, and either costs one row.

Not concurrent.futures: its pool can neither end a process that hangs nor tell which task killed one.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from typing import Any

import cv2

from kohl.evaluation.running.judge import TRANSFER, Judge, blank_row, refused
from kohl.evaluation.running.plan import Plan, Task
from kohl.evaluation.running.rows import Row

_STARTING = "starting its process"
_OWN_SECONDS = 300.0
"""For everything but a contestant's transfer: loading networks and weights, opening, measuring. It ends what hangs, and nothing else."""

_LAST_SECONDS = 2.0
"""For a process to put its things in order when it is to end."""


def judge_all(plan: Plan, tasks: Iterable[Task]) -> Iterator[Row]:
    """Judge every task and yield the rows as they are finished. Closing the generator ends the processes."""
    queue = deque(tasks)
    crew = [_Worker(plan) for _ in range(min(plan.workers, len(queue)))]
    try:
        while True:
            for worker in crew:
                if worker.task is None and queue:
                    worker.give(queue.popleft())
            busy = [worker for worker in crew if worker.task is not None]
            if not busy:
                return
            soonest = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
            wait([worker.connection for worker in busy], soonest)
            for worker in busy:
                yield from worker.listen(queue)
    finally:
        for worker in crew:
            worker.end()


class _Worker:
    """A process, and what is known of it."""

    def __init__(self, plan: Plan) -> None:
        self.task: Task | None = None
        self._plan = plan
        self._start()

    def _start(self) -> None:
        # Spawned, not forked: a fork copies locks that OpenCV's and mediapipe's threads may hold.
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(self._plan, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self._begins(-1, _STARTING)

    def _begins(self, turn: int, stage: str) -> None:
        self._turn, self._stage = turn, stage
        self._limit = self._plan.timeout if stage == TRANSFER else _OWN_SECONDS
        self.deadline = time.monotonic() + self._limit

    def give(self, task: Task) -> None:
        """Hand over the next task."""
        self.task = task
        if self._stage != _STARTING:
            self._begins(-1, "taking the task")
        with contextlib.suppress(OSError):  # it died meanwhile; listening will find out
            self.connection.send(task)

    def listen(self, queue: deque[Task]) -> Iterator[Row]:
        """Yield what it has finished. When it is lost, what is left of its task goes back to the queue, and a new process begins."""
        try:
            while self.connection.poll():
                kind, content = self.connection.recv()
                if kind == "begins":
                    self._begins(*content)
                elif kind == "row":
                    yield content
                else:
                    self.task = None
        except (EOFError, OSError):
            self._process.join(5)
            yield from self._lose(queue, f"its process died with exit code {self._process.exitcode} during {self._stage}")
            return
        if self.task is not None and time.monotonic() > self.deadline:
            yield from self._lose(queue, f"no answer within {self._limit:g} s during {self._stage}")

    def _lose(self, queue: deque[Task], reason: str) -> Iterator[Row]:
        task, turn = self.task, self._turn
        self.end()
        self.task = None
        self._start()
        if task is None:
            return
        if turn < 0:
            yield from refused(self._plan, task, reason)
            return
        left = task.after(turn)
        if left.turns:
            queue.appendleft(left)
        yield replace(blank_row(self._plan, task, turn), status="failed", reason=reason)

    def end(self) -> None:
        """End the process, and what it has started, whatever they are doing."""
        self.connection.close()
        if self._process.is_alive():
            # Asked first, so that a contestant can end the program it has started; then made to.
            self._process.terminate()
            self._process.join(_LAST_SECONDS)
            _kill(self._process.pid or 0)
            self._process.kill()
        self._process.join()
        self._process.close()


def _kill(pid: int) -> None:
    """Kill the process group that a worker made for itself: programs that a contestant started are in it."""
    with contextlib.suppress(AttributeError, ProcessLookupError, PermissionError):
        if pid and os.getpgid(pid) == pid:
            os.killpg(pid, signal.SIGKILL)


def _serve(plan: Plan, connection: Connection[Any, Any]) -> None:
    """A worker's life. A session of its own keeps Ctrl-C away from it: the run decides what becomes of it."""
    if hasattr(os, "setsid"):
        os.setsid()
    # As an exception, the request to end runs through the contestant's own finally clauses.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    cv2.setNumThreads(max(1, (os.cpu_count() or 1) // plan.workers))
    judge = Judge(plan)
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            task: Task = connection.recv()
            for row in judge.judge(task, lambda turn, stage: connection.send(("begins", (turn, stage)))):
                connection.send(("row", row))
            connection.send(("finished", None))
    # From here on there is nothing to put in order, and an exception in the middle of leaving would only be printed.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
