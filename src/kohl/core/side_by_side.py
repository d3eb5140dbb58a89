"""Independent parts of one job, on several threads: numpy and OpenCV let go of Python's lock while they compute."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import cv2

Result = TypeVar("Result")
First = TypeVar("First")
Second = TypeVar("Second")
_MOST_THREADS = 4
"""Parts of a face are few, and each is a matter of milliseconds."""
_CORES = os.cpu_count() or 1
_pool = ThreadPoolExecutor(max_workers=max(1, min(_MOST_THREADS, _CORES - 1)), thread_name_prefix="kohl-part")
_counted = threading.local()
_counting = threading.Lock()
_at_work = 0


@contextlib.contextmanager
def at_work() -> Iterator[None]:
    """While it lasts, the calling thread counts as one that keeps a core busy: where there are as many as cores, `side_by_side` asks nobody for
    help. A third thread on two cores only makes the other two hand Python's lock around.
    """
    with _counted_as(at_work=True):
        yield


@contextlib.contextmanager
def waiting() -> Iterator[None]:
    """While it lasts, the calling thread waits for another one, and does not count as being at work."""
    with _counted_as(at_work=False):
        yield


@contextlib.contextmanager
def _counted_as(*, at_work: bool) -> Iterator[None]:
    before = getattr(_counted, "is_at_work", False)
    _count(at_work=at_work)
    try:
        yield
    finally:
        _count(at_work=before)


def _count(*, at_work: bool) -> None:
    global _at_work  # noqa: PLW0603  one number for all threads
    with _counting:
        _at_work += at_work - getattr(_counted, "is_at_work", False)
    _counted.is_at_work = at_work


def side_by_side(tasks: Sequence[Callable[[], Result]]) -> list[Result]:
    """What each of `tasks` returns, in their order; they may run at once, unless OpenCV was held to one thread (`cv2.setNumThreads(1)`) or
    every core has a thread at work.

    The caller's own thread works too, and does what no other has begun: so tasks may have parts of their own, and nobody waits for a
    busy pool. An error in one of them is raised.
    """
    if cv2.getNumThreads() < 2 or _at_work >= _CORES:
        return [task() for task in tasks]
    others = [(task, _pool.submit(task)) for task in tasks[1:]]
    results = [task() for task in tasks[:1]]
    # From the end: the pool begins at the front.
    rest = [task() if future.cancel() else future.result() for task, future in reversed(others)]
    return results + rest[::-1]


def both(first: Callable[[], First], second: Callable[[], Second]) -> tuple[First, Second]:
    """What two tasks return that may run at once; see `side_by_side`."""
    found: list[Any] = side_by_side([first, second])
    return found[0], found[1]
