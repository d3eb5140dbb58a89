"""How the jobs' times grow with the picture and with the number of faces."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kohl.evaluation.benchmark.result import FitRow, JobRow
from kohl.evaluation.benchmark.slope import fit_line


def megapixels(side: int) -> float:
    """Of a square picture."""
    return side * side / 1e6


def fit_jobs(jobs: Sequence[JobRow]) -> tuple[FitRow, ...]:
    """Fit every method's jobs, for every number of threads and both clocks: pictures of one face against megapixels, pictures with several places
    against the faces on them. What has fewer than two points gets no line.
    """
    groups = dict.fromkeys((row.method, row.job, row.threads) for row in jobs)
    return tuple(row for group in groups for row in _fit_group(*group, [job for job in jobs if (job.method, job.job, job.threads) == group]))


def _fit_group(method: str, job: str, threads: int, rows: Sequence[JobRow]) -> Iterator[FitRow]:
    clocks: dict[str, Callable[[JobRow], float]] = {"wall": lambda row: row.timing.p50, "processor": lambda row: row.timing.processor}
    alone, crowd = [row for row in rows if row.slots == 1], [row for row in rows if row.slots > 1]
    kinds = {"megapixels": (alone, _size_of), "faces": (crowd, _faces_of)}
    for against, (own, across) in kinds.items():
        for clock, up in clocks.items():
            line = fit_line([across(row) for row in own], [up(row) for row in own])
            if line is not None:
                values = {"against": against, "clock": clock, **vars(line)}
                yield FitRow.model_validate({"method": method, "job": job, "threads": threads, **values})


def _size_of(row: JobRow) -> float:
    return megapixels(row.side)


def _faces_of(row: JobRow) -> float:
    return float(row.faces)
