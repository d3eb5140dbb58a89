"""Sets a learned look beside the published TinyBeauty network: time, frames a second, parameters, multiplications.

    python benchmarks/tinybeauty.py LOOK.onnx [--runs 200] [--threads 2,1] [--save]

Both run in one process under onnxruntime on the CPU, warm and by turns, so that whatever else happens on the machine happens to both. The
published network is our own code after the paper's description (`published_tinybeauty.py`), with weights that a seed drew: time does not depend
on them. Quality is another question: train both on the same pairs. Without LOOK.onnx the published network is timed alone.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import published_tinybeauty
from kohl.evaluation.benchmark.macs import NetworkSize, count_network
from kohl.evaluation.benchmark.networks import inputs_of, session_of
from kohl.evaluation.benchmark.peaks import Peaks, measure_peaks
from kohl.evaluation.benchmark.plan import parse_numbers
from kohl.evaluation.benchmark.roofline import roof_of
from kohl.evaluation.benchmark.timing import Timing, interleave
from record import Record, Table

PUBLISHED = "TinyBeauty as published"
WANTED_MS = 2.2
"""What a look may take on two threads: the 460 frames a second that the paper reports for an iPhone 13."""
_LEAST_RUNS = 200


@dataclass(frozen=True)
class Contender:
    """A network by name, with its file and what it weighs."""

    name: str
    path: Path
    size: NetworkSize

    @classmethod
    def of(cls, name: str, path: Path) -> Contender:
        """Count the network in `path`."""
        return cls(name, path, count_network(path))


def runs_of(contenders: list[Contender], threads: int) -> dict[str, Callable[[], Any]]:
    """One run of each network on noise, all with the same number of threads."""
    calls = {}
    for contender in contenders:
        session = session_of(contender.path, threads)
        calls[contender.name] = _run_of(session, inputs_of(session))
    return calls


def _run_of(session: Any, inputs: Mapping[str, Any]) -> Callable[[], Any]:
    return lambda: session.run(None, inputs)


def time_table(contenders: list[Contender], timings: Mapping[str, Timing], threads: int, peaks: Peaks) -> Table:
    """A row per network; both ratios are the published network's time over its own."""
    columns = ("network", "p50, ms", "p95, ms", "frames / s", "times as fast", "processor, ms", "times as cheap", "GMAC/s", "share of the attainable")
    rows, published = [], timings[PUBLISHED]
    for contender in contenders:
        timing = timings[contender.name]
        roof = roof_of(contender.size, peaks, timing.p50)
        faster, cheaper = published.p50 / timing.p50, published.processor / timing.processor
        speed = (timing.p50, timing.p95, 1000 / timing.p50, faster)
        rows.append([contender.name, *speed, timing.processor, cheaper, roof.reached, roof.share])
    wanted = f" Wanted of a look: ≤ {WANTED_MS} ms." if threads == 2 else ""
    # Beside other programs a long run is interrupted and a short one is not: wall time then flatters the small network.
    notes = (
        f"{published.calls} runs each, by turns, 256 × 256.{wanted} Peak of this machine: {peaks.gmacs:.0f} GMAC/s ({peaks.source}). "
        "On a busy machine only “times as cheap”, of processor time, says anything."
    )
    return Table(f"One frame, {threads} thread{'s' if threads > 1 else ''}", columns, rows, notes)


def size_table(contenders: list[Contender]) -> Table:
    """Parameters, multiplications and bytes."""
    rows = [
        [item.name, item.size.parameters, item.size.macs / 1e9, item.path.stat().st_size / 1e3, item.size.macs / item.size.bytes]
        for item in contenders
    ]
    return Table("Size", ("network", "parameters", "GMAC a frame", "file, kB", "MAC per byte moved"), rows)


def run(look: Path | None, runs: int, threads: tuple[int, ...]) -> Record:
    """Count, time and tabulate."""
    record = Record(
        "tinybeauty", "How does a learned look compare with the published TinyBeauty network?", arguments="" if look is None else look.name
    )
    with tempfile.TemporaryDirectory() as folder:
        contenders = [Contender.of(PUBLISHED, published_tinybeauty.export(Path(folder) / "published.onnx"))]
        if look is not None:
            contenders.insert(0, Contender.of(look.stem, look))
        record.tables.append(size_table(contenders))
        record.numbers["size"] = {item.name: {"parameters": item.size.parameters, "macs": item.size.macs} for item in contenders}
        for count in threads:
            timings = interleave(runs_of(contenders, count), runs)
            peaks = measure_peaks(count)
            record.tables.append(time_table(contenders, timings, count, peaks))
            record.numbers[f"threads_{count}"] = {"peaks": vars(peaks), **{name: vars(timing) for name, timing in timings.items()}}
    return record


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("look", nargs="?", type=Path, metavar="LOOK.onnx", help="a learned look, or any network of fixed shape")
    parser.add_argument("--runs", type=int, default=_LEAST_RUNS, metavar="N", help=f"timed runs of each network; {_LEAST_RUNS} for a result")
    parser.add_argument("--threads", default="2,1", metavar="N,...", help="threads inside an operator")
    parser.add_argument("--save", action="store_true", help="write docs/results/tinybeauty.json and docs/benchmarks.md")
    options = parser.parse_args()
    if options.look is not None and not options.look.is_file():
        raise SystemExit(f"there is no network {options.look}; give the .onnx file that kohl learn wrote")
    if options.save and options.runs < _LEAST_RUNS:
        raise SystemExit(f"a result that is kept needs at least {_LEAST_RUNS} runs, got {options.runs}")
    record = run(options.look, options.runs, parse_numbers(options.threads, "threads"))
    record.show()
    if options.save:
        record.save()


if __name__ == "__main__":
    main()
