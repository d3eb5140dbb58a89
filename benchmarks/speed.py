"""Measures speed and memory.

    python benchmarks/speed.py [--save] [--quick]

Warm: after two calls that do not count. Cold: the first call of a fresh process, files in, import included. Wall time is what a
user waits; processor time (all threads) is what it costs, and hardly moves when other programs run. Peak memory is that of
a fresh process that does nothing else.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image as PillowImage

import kohl
from kohl.core.arrays import AnyArray
from kohl.evaluation.benchmark.processes import MIB, time_fresh, time_start
from kohl.evaluation.benchmark.timing import Repeats, measure
from portraits import wearer
from record import Record, Table

THREADS = 2
LOOK = "smoky plum eyes, matte red lips"
WORN = "plum-evening"
TARGETS_MS = {"analyze": 60, "apply": 150, "transfer": 250}


def jobs(photo: AnyArray, reference: AnyArray) -> dict[str, Callable[[], Any]]:
    """Everything that is timed, array in, array out."""
    studio = kohl.Studio()
    reading = studio.read_details(reference)
    return {
        "analyze": lambda: studio.analyze(photo),
        "apply": lambda: studio.apply(photo, LOOK),
        "read": lambda: studio.read(reference),
        "transfer": lambda: studio.transfer(photo, reference),
        "transfer, reference read before": lambda: studio.transfer(photo, reading),
    }


def measure_size(side: int, calls: int, record: Record) -> None:
    """Time one size and write its two tables."""
    photo = wearer(side)
    reference = kohl.apply(np.ascontiguousarray(photo[:, ::-1]), WORN)
    timings = {name: measure(job, Repeats.exactly(calls)) for name, job in jobs(photo, reference).items()}
    target = TARGETS_MS if side == 1024 else {"transfer": 3000}
    rows = [[name, timing.p50, timing.p95, timing.processor, target.get(name)] for name, timing in timings.items()]
    record.tables.append(
        Table(f"{side}×{side}, warm, milliseconds", ("job", "p50", "p95", "processor time, p50", "target"), rows, f"{calls} calls each.")
    )
    record.numbers[f"warm_{side}_ms"] = {name: vars(timing) for name, timing in timings.items()}
    with tempfile.TemporaryDirectory() as folder:
        for name, picture in (("photo", photo), ("reference", reference)):
            PillowImage.fromarray(picture).save(Path(folder) / f"{name}.png", compress_level=1)
        calls_of = {"apply": f"kohl.apply('photo.png', {LOOK!r})", "transfer": "kohl.transfer('photo.png', 'reference.png')"}
        cold = {name: time_fresh(call, Path(folder)) for name, call in calls_of.items()}
    memory = 600 if side == 1024 else 2048
    rows = [[name, seconds, peak / MIB, memory] for name, (seconds, peak) in cold.items()]
    record.tables.append(Table(f"{side}×{side}, a fresh process, PNG files in", ("job", "seconds, cold", "peak memory, MiB", "target, MiB"), rows))
    record.numbers[f"cold_{side}"] = {name: {"seconds": seconds, "peak_mib": peak / MIB} for name, (seconds, peak) in cold.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--save", action="store_true", help="write docs/results/speed.json and docs/benchmarks.md")
    parser.add_argument("--quick", action="store_true", help="fewer calls")
    options = parser.parse_args()
    cv2.setNumThreads(THREADS)
    record = Record("speed", "How fast is it, and how much memory does it take?")
    starts = {
        "`import kohl`": (time_start(sys.executable, "-c", "import kohl"), 200),
        "`kohl --help`": (time_start(sys.executable, "-m", "kohl", "--help"), 300),
        "Python itself": (time_start(sys.executable, "-c", "pass"), None),
    }
    measure_size(1024, 6 if options.quick else 25, record)
    measure_size(4096, 2 if options.quick else 5, record)
    rows = [[name, *times, target] for name, (times, target) in starts.items()]
    record.tables.append(Table("Start, milliseconds", ("command", "best", "p50", "p95", "target"), rows))
    record.numbers["start_ms"] = {name: times for name, (times, _) in starts.items()}
    record.numbers["threads"] = THREADS
    record.show()
    if options.save:
        record.save()


if __name__ == "__main__":
    main()
