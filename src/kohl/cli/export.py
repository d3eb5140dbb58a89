"""`kohl export`: a learned look in another format."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import typer

from kohl.cli.app import LEARNING, app
from kohl.cli.options import Force
from kohl.cli.verb import verb
from kohl.cli.voice import Voice

if TYPE_CHECKING:
    from kohl.export.exporting import ExportReport

LearnedLookArgument = Annotated[str, typer.Argument(metavar="LOOK", help="A learned look: an .onnx file or learned/NAME.", show_default=False)]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write; for web and coreml a folder.", show_default=False)]


@dataclass(frozen=True, slots=True)
class Converting:
    """What a look is exported as."""

    panel: ClassVar[str] = "Format"

    format: Annotated[
        Literal["onnx", "onnx-fp16", "onnx-int8", "tflite", "coreml", "web"],
        typer.Option(
            "--format", help="onnx-fp16 is half as large, onnx-int8, with weights of 8 bits, smaller still; web is a folder for onnxruntime-web."
        ),
    ] = "onnx"
    calibration: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="For onnx-int8: photos of faces to compare it on, beside drawn ones.")
    ] = None


@verb(app, panel=LEARNING, example="kohl export mine.onnx --format onnx-fp16 -o small.onnx")
def export(look: LearnedLookArgument, output: Output, converting: Converting, voice: Voice, force: Force = False) -> None:
    """Write a learned look in another format. Its numbers are compared with the original's first: the same numbers, or no file."""
    from kohl.export.exporting import export_look  # noqa: PLC0415  heavy
    from kohl.export.formats import Format  # noqa: PLC0415
    from kohl.methods.tinybeauty.spelling import parse_learned  # noqa: PLC0415

    report = export_look(parse_learned(look), output, Format(converting.format), calibration=converting.calibration, force=force)
    voice.result(_told(report), asdict(report) | {"output": str(output)})


def _told(report: ExportReport) -> str:
    """The report for people: size, parity, time, and what to type next."""
    lines = [
        f"{report.output}: {report.format}, {report.bytes / 1024:.0f} kB",
        f"parity  {report.parity or report.note}",
        f"time    {report.milliseconds:.2f} ms a frame (median of 60)" if report.milliseconds is not None else "time    not measured here",
    ]
    return "\n".join([*lines, *(f"next    {command}" for command in report.next_commands)])
