"""Ctrl-C reaches the process that people started, and none that it starts."""

from __future__ import annotations

import signal
import subprocess
import sys

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
