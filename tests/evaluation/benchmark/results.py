"""A result of the benchmark with known numbers."""

from __future__ import annotations

from typing import Any

from kohl.evaluation.benchmark.fits import fit_jobs
from kohl.evaluation.benchmark.result import BenchmarkResult, Failure, JobRow, MachineRow, NetworkRow, PeakRow, Settings, StageRow
from kohl.evaluation.benchmark.timing import Timing

MACHINE: dict[str, Any] = {"processor": "Abacus", "cores": 2, "memory_gib": 4.0, "system": "Linux", "load_before": 0.1, "load_after": 1.0}


def timing(p50: float, *, spread: float = 0.0, processor: float | None = None, calls: int = 25) -> Timing:
    return Timing(p50, 1.2 * p50, p50 * (1 - spread / 2), p50 * (1 + spread / 2), p50 if processor is None else processor, calls)


def job(p50: float, *, side: int = 256, faces: int = 1, slots: int = 1, name: str = "apply", **more: Any) -> JobRow:
    memory = more.pop("peak_mib", 300.0)
    own = timing(p50, **more)
    place = {"side": side, "faces": faces, "slots": slots, "threads": 2}
    return JobRow(method="procedural", job=name, cold_ms=900.0, timing=own, peak_mib=memory, peak_warm_mib=memory, **place)


def result(*jobs: JobRow, shared: bool = False, processor: str = "Abacus", **more: Any) -> BenchmarkResult:
    settings = Settings(
        methods=("procedural",), models=("a.onnx",), sizes=(256,), faces=(1, 2), threads=(2,), look="x", photo="the sample portrait", quick=True
    )
    given: dict[str, Any] = {
        "date": "2026-01-01",
        "commit": "abc1234",
        "engine_differs_from_commit": False,
        "machine": MachineRow(**MACHINE | {"processor": processor}, shared_while_measured=shared),
        "versions": {"kohl": "0.1.0"},
        "settings": settings,
        "seconds": 1.0,
        "jobs": jobs,
        "stages": (),
        "fits": fit_jobs(jobs),
        "peaks": (),
        "networks": (),
        "failures": (),
    }
    return BenchmarkResult(**given | more)


def full_result() -> BenchmarkResult:
    """Something in every part."""
    jobs = [job(10.0 + side / 100, side=side) for side in (256, 512, 1024)] + [job(20.0 * faces, side=1024, faces=faces, slots=2) for faces in (1, 2)]
    stages = tuple(
        StageRow(method="procedural", stage=stage, side=256, faces=1, slots=1, threads=2, cold_ms=30.0, timing=timing(5.0))
        for stage in ("decode", "mesh")
    )
    network = NetworkRow(
        name="a.onnx", threads=2, cold_ms=9.0, timing=timing(2.0), parameters=80_000, macs=10**8, intensity=20.0, attainable_gmacs=80.0,
        reached_gmacs=50.0, uncounted=("Einsum",),
    )  # fmt: skip
    peak = PeakRow(threads=2, gmacs=90.0, gigabytes=20.0, source="numpy")
    return result(*jobs, stages=stages, networks=(network,), peaks=(peak,), failures=(Failure(what="b.onnx", reason="broken"),))
