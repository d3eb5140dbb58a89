"""A result beside an older one: ratios, how much of each is noise, and what has become worse."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from kohl.evaluation.benchmark.result import BenchmarkResult
from kohl.evaluation.benchmark.timing import Timing

Verdict: TypeAlias = Literal["same", "better", "worse", "not judged"]

LEAST_BAND = 0.05
"""Two processes of the same program differ by this much anyhow: addresses, clocks, caches."""
_NOTCH = 1.57
"""Two medians differ at about 95 % where their intervals of ± 1.57 · IQR / √n do not overlap (McGill, Tukey, Larsen 1978)."""


@dataclass(frozen=True)
class Change:
    """One number, then and now. `ratio` is new over old; within 1 ± `band` it says nothing."""

    what: str
    unit: str
    old: float
    new: float
    band: float
    verdict: Verdict

    @property
    def ratio(self) -> float:
        """New over old: above 1 is slower, or larger."""
        return self.new / self.old


@dataclass(frozen=True)
class Comparison:
    """All that both results hold, what only one of them holds, and why some of it isn't judged."""

    changes: tuple[Change, ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    caution: str
    """Empty where times may be compared without a second thought."""

    @property
    def regressions(self) -> tuple[Change, ...]:
        """What has become worse by more than noise."""
        return tuple(change for change in self.changes if change.verdict == "worse")


@dataclass(frozen=True)
class _Number:
    """A measured value and half the width, as a share of it, of the interval in which its median lies."""

    value: float
    unit: str
    doubt: float = 0.0


def compare(old: BenchmarkResult, new: BenchmarkResult) -> Comparison:
    """Set `new` beside `old`. Times of another machine are shown and not judged; beside other programs, processor time stands for wall time."""
    other_machine = _cores(old) != _cores(new)
    shared = old.machine.shared_while_measured or new.machine.shared_while_measured
    before, after = _numbers(old, processor=shared), _numbers(new, processor=shared)
    changes = tuple(_change(what, before[what], after[what], judged=not other_machine) for what in after if what in before)
    only_old = tuple(what for what in before if what not in after)
    only_new = tuple(what for what in after if what not in before)
    return Comparison(changes, only_old, only_new, _caution(other_machine=other_machine, shared=shared))


def as_data(comparison: Comparison) -> dict[str, Any]:
    """The comparison as plain values, for programs."""
    changes = [asdict(change) | {"ratio": change.ratio} for change in comparison.changes]
    regressions = [change.what for change in comparison.regressions]
    return asdict(comparison) | {"changes": changes, "regressions": regressions}


def _cores(result: BenchmarkResult) -> tuple[str, int | None, str]:
    return result.machine.processor, result.machine.cores, result.machine.system


def _caution(*, other_machine: bool, shared: bool) -> str:
    if other_machine:
        return "the two were measured on different machines: ratios are shown, nothing is judged"
    if shared:
        return "other programs ran during one of them: processor time is compared in place of wall time"
    return ""


def _change(what: str, old: _Number, new: _Number, *, judged: bool) -> Change:
    band = max(LEAST_BAND, math.hypot(old.doubt, new.doubt))
    ratio = new.value / old.value
    # A ratio and its inverse are equally far from 1.
    verdict: Verdict = "not judged" if not judged else "worse" if ratio > 1 + band else "better" if ratio < 1 / (1 + band) else "same"
    return Change(what, old.unit, old.value, new.value, band, verdict)


def _numbers(result: BenchmarkResult, *, processor: bool) -> Mapping[str, _Number]:
    """Every comparable number by its name. Cold times are single calls: no spread is known, so they are left out."""
    numbers: dict[str, _Number] = {}
    for job in result.jobs:
        name = f"{job.method} {job.job}, {job.where}"
        numbers[name] = _time(job.timing, processor=processor)
        if job.peak_mib:
            numbers[f"{name}, peak memory"] = _Number(job.peak_mib, "MiB")
    for stage in result.stages:
        name = f"{stage.method} stage {stage.stage}, {stage.where}"
        numbers[name] = _time(stage.timing, processor=processor)
    for network in result.networks:
        numbers[f"network {network.name}, {network.threads} thread{'s' if network.threads > 1 else ''}"] = _time(network.timing, processor=processor)
    return {name: number for name, number in numbers.items() if number.value > 0}


def _time(timing: Timing, *, processor: bool) -> _Number:
    doubt = _NOTCH * (timing.p75 - timing.p25) / math.sqrt(timing.calls) / timing.p50 if timing.p50 > 0 else 0.0
    return _Number(timing.processor, "ms of processor", doubt) if processor else _Number(timing.p50, "ms", doubt)
