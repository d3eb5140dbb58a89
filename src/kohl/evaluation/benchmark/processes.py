"""Fresh processes: for cold times, for memory that nothing else has used, and for a number of threads that libraries read at their start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

MIB = 2**20
LONGEST = 1800.0
"""Seconds after which a process is given up."""
_POOLS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")

_ONE_CALL = """
import sys, time
start = time.perf_counter()
import kohl
{call}
seconds = time.perf_counter() - start
from kohl.evaluation.benchmark.processes import peak_bytes
print(seconds, peak_bytes() or 0)
"""


class WorkerError(Exception):
    """A process that was to measure something ended without an answer; the message is its last word. Results list it, nothing is stopped."""


def ask_worker(request: Mapping[str, Any]) -> dict[str, Any]:
    """Let a fresh process answer `request`, which names its `kind` and `threads`; see `kohl.evaluation.benchmark.worker`.

    Raises WorkerError with the reason when it fails, crashes, or takes longer than half an hour.
    """
    environment = os.environ | dict.fromkeys(_POOLS, str(request["threads"]))
    command = [sys.executable, "-m", "kohl.evaluation.benchmark.worker"]
    # A system-wide clock: the process itself can say how long ago it was asked for.
    text = json.dumps(dict(request) | {"started": time.monotonic()})
    try:
        done = subprocess.run(command, input=text, capture_output=True, text=True, env=environment, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired as error:
        raise WorkerError(f"no answer within {LONGEST:.0f} s") from error
    if done.returncode != 0:
        raise WorkerError(_last_word(done.stderr) or f"the process ended with code {done.returncode}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def peak_bytes() -> int | None:
    """The most memory that this process has held so far; None where the system doesn't tell."""
    try:
        # Not getrusage: what it tells survives from the parent into a forked child.
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return _peak_of_getrusage()


def time_fresh(call: str, folder: Path) -> tuple[float, float]:
    """Return seconds, `import kohl` included, and peak bytes of a process of its own that makes one `call`, as Python text, in `folder`."""
    command = [sys.executable, "-c", _ONE_CALL.format(call=call)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


def time_start(*command: str, runs: int = 10) -> tuple[float, float, float]:
    """Return best, middle and 95th percentile of the milliseconds that a command takes."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        times.append(1000 * (time.perf_counter() - start))
    return float(np.min(times)), float(np.median(times)), float(np.percentile(times, 95))


def _peak_of_getrusage() -> int | None:
    try:
        import resource  # noqa: PLC0415  not on Windows
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak if sys.platform == "darwin" else peak * 1024)


def _last_word(stderr: str) -> str:
    lines = [line for line in stderr.splitlines() if line.strip()]
    return lines[-1] if lines else ""
