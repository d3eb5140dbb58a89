"""Picture files → crops, here or in several processes. What cannot be used is told, never raised."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import cv2

from kohl.core.errors import FaceError, InputError, MissingExtraError
from kohl.core.images import open_image
from kohl.core.interrupts import starting_processes
from kohl.data.crops import FaceCrop, cut_crop
from kohl.faces.analyzer import Analyzer

_analyzers: list[Analyzer] = []
"""In a worker process: its own analyzer. Elsewhere: nothing."""


def cut_files(paths: Sequence[Path], side: int, *, processes: int = 1, analyzer: Analyzer | None = None) -> Iterator[tuple[Path, FaceCrop | str]]:
    """Yield (picture, the crop of its largest face or why there is none) as they are done.

    `side` as `cut_crop`. With several `processes`, in no order, each with an analyzer of its own; a picture whose process died is left out.
    """
    if processes > 1:
        yield from _in_processes(paths, side, processes)
        return
    finder = analyzer if analyzer is not None else Analyzer()
    for path in paths:
        yield path, _cut_file(path, finder, side)


def _cut_file(path: Path, analyzer: Analyzer, side: int) -> FaceCrop | str:
    try:
        image = open_image(path).pixels
        return cut_crop(image, analyzer.analyze(image)[0], side=side)
    except (InputError, FaceError, MissingExtraError) as error:
        return str(error)


def _in_processes(paths: Sequence[Path], side: int, processes: int) -> Iterator[tuple[Path, FaceCrop | str]]:
    # Spawned, not forked: a fork copies locks that OpenCV's and mediapipe's threads may hold.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_start_worker)
    try:
        with starting_processes():
            futures = {pool.submit(_cut_there, path, side): path for path in paths}
        for future in as_completed(futures):
            yield futures[future], future.result()
    except BrokenProcessPool:
        # A crash in a decoder or want of memory: nobody knows which picture it was.
        return
    finally:
        pool.shutdown(cancel_futures=True)


def _start_worker() -> None:
    # Ctrl-C goes to every process of a terminal; the caller decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    _analyzers.append(Analyzer())


def _cut_there(path: Path, side: int) -> FaceCrop | str:
    (analyzer,) = _analyzers
    return _cut_file(path, analyzer, side)
