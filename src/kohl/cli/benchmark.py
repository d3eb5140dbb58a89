"""`kohl benchmark`: what methods, stages and networks cost on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from kohl.cli.app import MEASURING, app
from kohl.cli.options import Force
from kohl.cli.verb import verb
from kohl.cli.voice import Voice
from kohl.core.atomic import check_writable, write_atomically

if TYPE_CHECKING:
    from kohl.evaluation.benchmark.plan import Plan
    from kohl.evaluation.benchmark.result import BenchmarkResult

Methods = Annotated[
    list[str] | None, typer.Argument(metavar="METHOD...", help="Methods, and learned looks as .onnx files; without any: all methods.")
]


@dataclass(frozen=True, slots=True)
class Measuring:
    """What is measured, and how thoroughly."""

    panel: ClassVar[str] = "Measuring"

    model: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="A network as .onnx: timed alone, under the roofline, and as a look. Repeatable.")
    ] = None
    sizes: Annotated[str | None, typer.Option(metavar="PIXELS,...", help="Sides of the pictures; by default 256,512,1024,2048,4096.")] = None
    faces: Annotated[str | None, typer.Option(metavar="N,...", help="How many faces in one picture; by default 1,2,3,4. 1 leaves this out.")] = None
    threads: Annotated[str | None, typer.Option(metavar="N,...", help="Numbers of threads; by default 1 and one per core.")] = None
    photo: Annotated[Path | None, typer.Option(metavar="FILE", help="A portrait to measure with, in place of the sample.")] = None
    quick: Annotated[bool, typer.Option("--quick", help="Small pictures, few calls: rough.")] = False

    def plan(self, methods: list[str] | None) -> Plan:
        """These options as a plan. Raises UsageError and its like for what cannot be measured."""
        from kohl.evaluation.benchmark.plan import Plan, names_and_models, parse_numbers  # noqa: PLC0415  brings numpy

        names, models = names_and_models(methods or ())
        chosen: dict[str, Any] = {"models": (*models, *(self.model or ())), "photo": self.photo}
        if methods:
            chosen["methods"] = names
        for name in ("sizes", "faces", "threads"):
            text = getattr(self, name)
            if text is not None:
                chosen[name] = parse_numbers(text, name)
        return Plan.quickly(**chosen) if self.quick else Plan(**chosen)


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where the numbers go, and what they are set against."""

    panel: ClassVar[str] = "Result"

    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write everything as JSON, for --against.")] = None
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw it: a PNG with fitted lines, stages and roofline.")] = None
    against: Annotated[Path | None, typer.Option(metavar="FILE", help="An older result: print ratios, and what became worse by more than noise.")] = (
        None
    )
    force: Force = False

    def check(self) -> BenchmarkResult | None:
        """Refuse what cannot be written or read, before minutes are spent; return the older result."""
        from kohl.evaluation.benchmark.result import read_result  # noqa: PLC0415  brings numpy

        for path in filter(None, (self.output, self.plot)):
            check_writable(path, force=self.force)
        if self.plot is not None:
            from kohl.evaluation.benchmark.plot import require_matplotlib  # noqa: PLC0415

            require_matplotlib()
        return None if self.against is None else read_result(self.against)

    def write(self, result: BenchmarkResult) -> None:
        """Write what was asked for."""
        if self.output is not None:
            write_atomically(self.output, result.to_json().encode(), force=self.force)
        if self.plot is not None:
            from kohl.evaluation.benchmark.plot import draw  # noqa: PLC0415  brings matplotlib

            write_atomically(self.plot, draw(result), force=self.force)


@verb(app, panel=MEASURING, example="kohl benchmark procedural --sizes 512,1024 -o speed.json --plot speed.png")
def benchmark(methods: Methods = None, *, measuring: Measuring, keeping: Keeping, voice: Voice) -> None:
    """Measure speed and memory of methods, stages and networks on this machine, cold and warm; nothing leaves it."""
    from kohl.evaluation.benchmark import against, runner, summary  # noqa: PLC0415  heavy

    plan, old = measuring.plan(methods), keeping.check()
    result = runner.run_benchmark(plan, tell=voice.note)
    keeping.write(result)
    text, data = summary.describe(result), result.as_data()
    if old is not None:
        comparison = against.compare(old, result)
        text += "\n" + summary.describe_changes(comparison)
        data["against"] = against.as_data(comparison)
    voice.result(text, data)
