"""Carries out a plan: one fresh process per thing that is timed, one after the other, and everything that came of them in one document."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from kohl.core.errors import KohlError, MissingExtraError
from kohl.evaluation import machine
from kohl.evaluation.benchmark.fits import fit_jobs
from kohl.evaluation.benchmark.jobs import LEARNED, ONNX, jobs_of
from kohl.evaluation.benchmark.macs import NetworkSize, count_network
from kohl.evaluation.benchmark.peaks import Peaks
from kohl.evaluation.benchmark.photos import LOOK, Album
from kohl.evaluation.benchmark.plan import Plan
from kohl.evaluation.benchmark.processes import WorkerError, ask_worker
from kohl.evaluation.benchmark.result import BenchmarkResult, Failure, JobRow, MachineRow, NetworkRow, PeakRow, Place, Settings, StageRow
from kohl.evaluation.benchmark.roofline import roof_of

Ask: TypeAlias = Callable[[Mapping[str, Any]], dict[str, Any]]
"""Answers a request (see `kohl.evaluation.benchmark.worker`); raises WorkerError."""
Tell: TypeAlias = Callable[[str], None]
"""Is told what is measured next."""


def run_benchmark(plan: Plan, *, tell: Tell = lambda _: None, ask: Ask | None = None) -> BenchmarkResult:
    """Measure everything in `plan`, in fresh processes unless `ask` answers. What fails is listed among the failures and stops nothing.

    Raises MissingExtraError, InputError or FaceError where there is no portrait to begin with; see `Album`.
    """
    before, start = machine.load(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        run = _Run(plan, Album(Path(folder), plan.photo), ask_worker if ask is None else ask, tell)
        run.measure()
    commit, differs = machine.commit_of(machine.own_checkout())
    return BenchmarkResult(
        date=datetime.now(UTC).date().isoformat(),
        commit=commit,
        engine_differs_from_commit=differs,
        machine=_machine(before),
        versions=machine.versions(),
        settings=_settings(plan),
        seconds=round(time.perf_counter() - start, 1),
        jobs=tuple(run.jobs),
        stages=tuple(run.stages),
        fits=fit_jobs(run.jobs),
        peaks=tuple(run.peaks),
        networks=tuple(run.networks),
        failures=tuple(run.failures),
    )


@dataclass
class _Run:
    """What has been measured so far."""

    plan: Plan
    album: Album
    ask: Ask
    tell: Tell
    jobs: list[JobRow] = field(default_factory=list)
    stages: list[StageRow] = field(default_factory=list)
    peaks: list[PeakRow] = field(default_factory=list)
    networks: list[NetworkRow] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def measure(self) -> None:
        """Everything, pictures innermost, so that the two numbers of threads stand close together."""
        for side, faces, slots in self.plan.pictures():
            for threads in self.plan.threads:
                self._picture(Place(side=side, faces=faces, slots=slots, threads=threads))
        for threads in self.plan.threads if self.plan.models else ():
            self._peaks(threads)
        for model in self.plan.models:
            for threads in self.plan.threads:
                self._network(model, threads)

    def _picture(self, at: Place) -> None:
        pair, place = self.album.pair(at.side, at.faces, at.slots), at.model_dump()
        common = {"photo": str(pair.photo), "reference": str(pair.reference), "look": LOOK, "repeats": asdict(self.plan.repeats), **place}
        for name, wearer, look in self._walks():
            answer = self._asked(f"{name}, stages: {at.where}", {"kind": "stages", "method": wearer, **common, "look": look})
            for stage, times in (answer or {"stages": {}})["stages"].items():
                self.stages.append(StageRow(method=name, stage=stage, **place, **times))
        for method, file, job in self._jobs():
            worn = {"look": file} if file.endswith(ONNX) else {}
            answer = self._asked(f"{method}, {job}: {at.where}", {"kind": "job", "method": file, "job": job, **common, **worn})
            if answer is not None:
                self.jobs.append(JobRow(method=method, job=job, **place, **answer))

    def _walks(self) -> Iterator[tuple[str, str, str]]:
        """(name, method, look)."""
        for method in self.plan.methods:
            yield method, method, LOOK
        for model in self.plan.models:
            yield model.name, LEARNED, str(model.resolve())

    def _jobs(self) -> Iterator[tuple[str, str, str]]:
        """(name, what a studio takes, job)."""
        for method in self.plan.methods:
            for job in jobs_of(method):
                yield method, method, job
        for model in self.plan.models:
            for job in jobs_of(model.name):
                yield model.name, str(model.resolve()), job

    def _peaks(self, threads: int) -> None:
        answer = self._asked(f"this machine's peak: {threads} threads", {"kind": "peaks", "threads": threads})
        if answer is not None:
            self.peaks.append(PeakRow(threads=threads, **answer))

    def _network(self, model: Path, threads: int) -> None:
        request = {"kind": "network", "path": str(model.resolve()), "threads": threads, "repeats": asdict(self.plan.network_repeats)}
        answer = self._asked(f"{model.name}, the network alone: {threads} threads", request)
        if answer is not None:
            self.networks.append(self._sized(NetworkRow(name=model.name, threads=threads, **answer), model))

    def _sized(self, row: NetworkRow, model: Path) -> NetworkRow:
        """The row with what can be counted, and put under the roof where its machine's peak is known."""
        try:
            size: NetworkSize = count_network(model)
        except MissingExtraError:
            return row
        except KohlError as error:
            self.failures.append(Failure(what=f"{model.name}, counting", reason=str(error)))
            return row
        row = row.model_copy(update={"parameters": size.parameters, "macs": size.macs, "uncounted": size.uncounted})
        peak = next((peak for peak in self.peaks if peak.threads == row.threads), None)
        if peak is None or size.macs == 0:
            return row
        roof = roof_of(size, Peaks(peak.gmacs, peak.gigabytes, peak.source), row.timing.p50)
        return row.model_copy(update={"intensity": roof.intensity, "attainable_gmacs": roof.attainable, "reached_gmacs": roof.reached})

    def _asked(self, what: str, request: Mapping[str, Any]) -> dict[str, Any] | None:
        """The answer, or None with the reason among the failures."""
        self.tell(what)
        try:
            return self.ask(request)
        except WorkerError as error:
            self.failures.append(Failure(what=what, reason=self._without_folders(str(error))))
            return None

    def _without_folders(self, reason: str) -> str:
        """Where a user keeps models stands in no result."""
        for model in self.plan.models:
            reason = reason.replace(str(model.resolve()), model.name)
        return reason


def _machine(before: float | None) -> MachineRow:
    # Only the load before says what else runs: later it is our own.
    return MachineRow(**machine.machine(), load_before=before, load_after=machine.load(), shared_while_measured=machine.is_busy(before))


def _settings(plan: Plan) -> Settings:
    photo = "the sample portrait" if plan.photo is None else "a photo of the user's"
    models = tuple(model.name for model in plan.models)
    return Settings(
        methods=plan.methods, models=models, sizes=plan.sizes, faces=plan.faces, threads=plan.threads, look=LOOK, photo=photo, quick=plan.quick
    )
