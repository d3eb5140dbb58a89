"""Ctrl-C reaches the process that people started, and none that it starts."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import pytest

from kohl.core.interrupts import starting_processes


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals cannot be held back here")
def test_a_process_never_sees_ctrl_c_and_the_caller_sees_it_afterwards():
    steps = []

    def work() -> None:
        with starting_processes():
            child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
            signal.raise_signal(signal.SIGINT)
            child.send_signal(signal.SIGINT)
            steps.append(child)

    with pytest.raises(KeyboardInterrupt):
        work()
    steps[0].communicate(b"\n", timeout=30)
    assert steps[0].returncode == 0


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals cannot be held back here")
def test_a_library_s_thread_that_takes_ctrl_c_does_not_bring_it_into_the_block():
    """The system gives it to any thread that does not hold it back, and Python then raises in the first."""
    going, taken, steps = threading.Event(), threading.Event(), []

    def take_it() -> None:
        going.wait()
        signal.raise_signal(signal.SIGINT)
        taken.set()

    library = threading.Thread(target=take_it)
    library.start()

    def work() -> None:
        with starting_processes():
            going.set()
            assert taken.wait(30)
            steps.append("whole")

    with pytest.raises(KeyboardInterrupt):
        work()
    library.join()
    assert steps == ["whole"]
