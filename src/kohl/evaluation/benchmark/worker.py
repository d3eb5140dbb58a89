"""The process that measures: one request as JSON on stdin, one answer as JSON on the last line of stdout.

    {"kind": "stages",  "method", "photo", "look", "faces", "repeats", "threads"}
    {"kind": "job",     "method", "job", "photo", "reference", "look", "faces", "repeats", "threads"}
    {"kind": "network", "path", "repeats", "threads"}
    {"kind": "peaks",   "threads"}

`look` is a preset or the path of a learned look; a job's `method` is then that path too.

`threads` holds for OpenCV and onnxruntime, which are set here, for what reads its number from the environment, which whoever starts this process
sets, and for everything else, which is kept to as many cores where the system can do that.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kohl.evaluation.benchmark.timing import Repeats


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """Measure what `request` asks for, in this process, whose threads are set already. Raises what the measured code raises."""
    return _ANSWERS[request["kind"]](request)


def hold_to(threads: int) -> None:
    """Keep this process to that many threads and, where the system can, cores."""
    import cv2  # noqa: PLC0415  heavy, and not for who only asks

    cv2.setNumThreads(threads)
    with contextlib.suppress(AttributeError, OSError):  # only Linux has it
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


def _stages(request: Mapping[str, Any]) -> dict[str, Any]:
    from kohl.evaluation.benchmark.jobs import open_look  # noqa: PLC0415  heavy
    from kohl.evaluation.benchmark.stages import time_stages  # noqa: PLC0415
    from kohl.methods import registry  # noqa: PLC0415

    method, look = registry.create(request["method"]), open_look(request["look"], request["threads"])
    return {"stages": time_stages(Path(request["photo"]), method, look, faces=request["faces"], repeats=Repeats(**request["repeats"]))}


def _job(request: Mapping[str, Any]) -> dict[str, Any]:
    from kohl.evaluation.benchmark.jobs import Job, open_look, time_job  # noqa: PLC0415  its import is part of a cold start

    look, photo, reference = open_look(request["look"], request["threads"]), Path(request["photo"]), Path(request["reference"])
    job = Job(request["method"], request["job"], photo, reference, look, request["faces"])
    return time_job(job, Repeats(**request["repeats"]), started=request.get("started", time.monotonic()))


def _network(request: Mapping[str, Any]) -> dict[str, Any]:
    from kohl.evaluation.benchmark.networks import time_network  # noqa: PLC0415  heavy

    return time_network(Path(request["path"]), threads=request["threads"], repeats=Repeats(**request["repeats"]))


def _peaks(request: Mapping[str, Any]) -> dict[str, Any]:
    from kohl.evaluation.benchmark.peaks import measure_peaks  # noqa: PLC0415  heavy

    return asdict(measure_peaks(request["threads"]))


_ANSWERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {"stages": _stages, "job": _job, "network": _network, "peaks": _peaks}


def main() -> None:
    """Answer the request on stdin; a failure is one line on stderr and exit code 1."""
    request = json.loads(sys.stdin.read())
    try:
        hold_to(request["threads"])
        told = answer(request)
    except Exception as error:
        sys.stderr.write(f"\n{type(error).__name__}: {' '.join(str(error).split())}\n")
        sys.exit(1)
    sys.stdout.write(f"\n{json.dumps(told)}\n")


if __name__ == "__main__":
    main()
