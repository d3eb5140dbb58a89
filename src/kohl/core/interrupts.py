"""Ctrl-C and processes of our own: a terminal sends it to all of them, and only the one that people started shall answer."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def starting_processes() -> Iterator[None]:
    """Processes that are started in the block never see Ctrl-C, not even while they import; for the caller it waits until the block is over."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows: there they ignore it from their first own line on
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
