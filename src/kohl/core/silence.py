"""Keeping other people's code from talking to the user: its findings reach them as our errors, its chatter doesn't.

Both ways change something that the whole process shares, so all of kohl goes through the one lock here.
"""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from kohl.core.interrupts import ctrl_c_waiting

_lock = threading.RLock()


@contextmanager
def without_warnings(logger: str) -> Iterator[None]:
    """Ignore Python warnings, and of what `logger` says all but errors. For short calls: others wait for the lock."""
    quiet, handler = logging.getLogger(logger), logging.NullHandler()
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        level = quiet.level
        quiet.addHandler(handler)
        quiet.setLevel(logging.ERROR)
        try:
            yield
        finally:
            quiet.setLevel(level)
            quiet.removeHandler(handler)


@contextmanager
def without_native_output() -> Iterator[None]:
    """Send what native libraries write to file descriptor 2 nowhere; they offer no other switch. Others wait for the lock, and Ctrl-C too: a
    library that is left in the middle goes on in threads of its own, and speaks later.
    """
    with _lock, ctrl_c_waiting():
        try:
            saved = os.dup(2)
        except OSError:  # stderr is closed: nothing to silence
            yield
            return
        sink = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(sink, 2)
            yield
        finally:
            os.dup2(saved, 2)
            os.close(sink)
            os.close(saved)
