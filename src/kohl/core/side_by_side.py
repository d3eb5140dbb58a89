"""Independent parts of one job, on several threads: numpy and OpenCV let go of Python's lock while they compute."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import cv2

Result = TypeVar("Result")
First = TypeVar("First")
Second = TypeVar("Second")
_MOST_THREADS = 4
"""Parts of a face are few, and each is a matter of milliseconds."""
_pool = ThreadPoolExecutor(max_workers=max(1, min(_MOST_THREADS, (os.cpu_count() or 1) - 1)), thread_name_prefix="kohl-part")


def side_by_side(tasks: Sequence[Callable[[], Result]]) -> list[Result]:
    """What each of `tasks` returns, in their order; they may run at once, unless OpenCV was held to one thread (`cv2.setNumThreads(1)`).

    The caller's own thread works too, and does what no other has begun: so tasks may have parts of their own, and nobody waits for a
    busy pool. An error in one of them is raised.
    """
    if cv2.getNumThreads() < 2:
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
