"""Ctrl-C at the wrong moment: it waits, and of processes of our own only the one that people started answers."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def ctrl_c_waiting() -> Iterator[None]:
    """Let Ctrl-C wait for the end of the block: what is left in its middle would not stop, or not well."""
    handler = signal.getsignal(signal.SIGINT) if threading.current_thread() is threading.main_thread() else None
    if not callable(handler):  # ignored, or another thread, which Ctrl-C does not reach
        yield
        return
    pressed: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda number, frame: pressed.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if pressed:
            handler(*pressed[-1])


@contextmanager
def starting_processes() -> Iterator[None]:
    """Processes that are started in the block never see Ctrl-C, not even while they import; for the caller it waits until the block is over, or a
    process would be left with half of what it is to know. A mask alone does not hold it back here: threads of libraries do not have it.
    """
    with ctrl_c_waiting():
        if not hasattr(signal, "pthread_sigmask"):  # Windows: there they ignore it from their first own line on
            yield
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
