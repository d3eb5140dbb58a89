"""A result, or two of them beside each other, as tables for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kohl.evaluation.benchmark.against import Change, Comparison
from kohl.evaluation.benchmark.result import BenchmarkResult, JobRow, StageRow
from kohl.evaluation.benchmark.stages import STAGES
from kohl.evaluation.tables import Cell, Table


def describe(result: BenchmarkResult) -> str:
    """Everything in `result` as Markdown tables, failures last."""
    tables = [_jobs(result), *_stages(result), _fits(result), _networks(result), _peaks(result), _failures(result)]
    return "\n".join([_head(result), *(table.markdown() for table in tables if table.rows)])


def describe_changes(comparison: Comparison) -> str:
    """Ratios with their bands, what became worse first, and what could not be compared."""
    order = {"worse": 0, "not judged": 1, "better": 2, "same": 3}
    changes = sorted(comparison.changes, key=lambda change: (order[change.verdict], -change.ratio))
    gone = [f"only in the old result: {name}" for name in comparison.only_old] + [f"only in the new one: {name}" for name in comparison.only_new]
    notes = "\n".join([*([f"Caution: {comparison.caution}."] if comparison.caution else []), *gone])
    columns = ("what", "unit", "old", "new", "new / old", "noise", "verdict")
    return Table(
        f"Against the old result: {len(comparison.regressions)} worse", columns, [_change_row(change) for change in changes], notes
    ).markdown()


def _change_row(change: Change) -> list[Cell]:
    return [change.what, change.unit, change.old, change.new, f"{change.ratio:.3f}", f"± {change.band:.0%}", change.verdict]


def _head(result: BenchmarkResult) -> str:
    machine = result.machine
    shared = ", while other programs ran: trust processor time, not wall time" if machine.shared_while_measured else ""
    commit = f" · commit {result.commit}{' and uncommitted changes' if result.engine_differs_from_commit else ''}" if result.commit else ""
    load = "" if machine.load_before is None else f" · load before {machine.load_before}"
    return f"{machine.processor}, {machine.cores} cores{load}{shared} · {result.date}{commit} · {result.seconds:.0f} s in all\n"


def _jobs(result: BenchmarkResult) -> Table:
    columns = ("method", "job", "picture", "p50", "p95", "processor, p50", "cold", "calls", "peak MiB, first call", "peak MiB, warm")
    notes = "A JPEG's bytes in, a JPEG's bytes out. Cold: a fresh process from start to its first result, imports included."
    return Table("Jobs, milliseconds", columns, [_job_row(row) for row in result.jobs], notes)


def _job_row(row: JobRow) -> list[Cell]:
    timing = row.timing
    return [
        row.method,
        row.job,
        row.where,
        timing.p50,
        timing.p95,
        timing.processor,
        row.cold_ms,
        timing.calls,
        row.peak_mib,
        row.peak_warm_mib,
    ]


def _stages(result: BenchmarkResult) -> Iterator[Table]:
    """One table per method: a line per picture, a column per stage."""
    for method in dict.fromkeys(row.method for row in result.stages):
        own = [row for row in result.stages if row.method == method]
        used = [stage for stage in STAGES if any(row.stage == stage for row in own)]
        rows = [_stage_line(place, [row for row in own if row.where == place], used) for place in dict.fromkeys(row.where for row in own)]
        yield Table(f"Stages of {method}, milliseconds: warm p50 (first walk)", ("picture", *used), rows)


def _stage_line(place: str, rows: Sequence[StageRow], stages: Sequence[str]) -> list[Cell]:
    by_stage = {row.stage: row for row in rows}
    return [place, *(_warm_and_cold(by_stage[stage]) if stage in by_stage else None for stage in stages)]


def _warm_and_cold(row: StageRow) -> str:
    return f"{row.timing.p50:.3g} ({row.cold_ms:.3g})"


def _fits(result: BenchmarkResult) -> Table:
    columns = ("method", "job", "threads", "clock", "a call by itself, ms", "each further", "costs, ms", "R²", "points")
    units = {"megapixels": "megapixel", "faces": "face"}
    rows: list[list[Cell]] = [
        [fit.method, fit.job, fit.threads, fit.clock, fit.start, units[fit.against], fit.cost, fit.r2, fit.points] for fit in result.fits
    ]
    return Table("Cost against size and faces: least squares", columns, rows, "\n".join(_noise(result)))


def _noise(result: BenchmarkResult) -> Iterator[str]:
    """Why a dash stands in place of a time."""
    if any(fit.cost is None for fit in result.fits):
        yield "– under costs: not measurable, the medians did not grow with size or faces; what a call costs by itself is then not known either."
    if any(fit.cost is not None and fit.start is None for fit in result.fits):
        yield "– under a call by itself alone: not measurable, the line begins below zero."


def _networks(result: BenchmarkResult) -> Table:
    columns = ("network", "threads", "p50, ms", "p95, ms", "runs / s", "cold, ms", "parameters", "GMAC", "GMAC/s", "attainable", "share")
    rows: list[list[Cell]] = []
    notes = []
    for row in result.networks:
        share = row.reached_gmacs / row.attainable_gmacs if row.reached_gmacs and row.attainable_gmacs else None
        gmacs = None if row.macs is None else row.macs / 1e9
        speed = 1000 / row.timing.p50
        times = (row.timing.p50, row.timing.p95, speed, row.cold_ms)
        rows.append([row.name, row.threads, *times, row.parameters, gmacs, row.reached_gmacs, row.attainable_gmacs, share])
        if row.uncounted:
            notes.append(f"{row.name}: not counted are {', '.join(row.uncounted)}.")
        if row.macs is None:
            notes.append(f'{row.name}: counting needs the package onnx, pip install "kohl[train]".')
    return Table("Networks alone, onnxruntime on the CPU", columns, rows, "\n".join(dict.fromkeys(notes)))


def _peaks(result: BenchmarkResult) -> Table:
    rows: list[list[Cell]] = [[peak.threads, peak.gmacs, peak.source, peak.gigabytes] for peak in result.peaks]
    return Table("This machine at its best", ("threads", "GMAC/s, float32", "by", "memory, GB/s"), rows)


def _failures(result: BenchmarkResult) -> Table:
    return Table("Could not be measured", ("what", "why"), [[failure.what, failure.reason] for failure in result.failures])
