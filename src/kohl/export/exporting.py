"""`export_look`: convert, compare, write, time; the same numbers or no file."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kohl.core.arrays import FloatArray
from kohl.core.atomic import check_writable, write_atomically
from kohl.core.errors import UsageError
from kohl.export import crops, mobile, smaller_onnx, web
from kohl.export.formats import PROMISES, Format
from kohl.export.original import original_network, run_onnx
from kohl.export.parity import Network, Parity, check_parity, compare
from kohl.export.writing import check_folder_writable, write_folder
from kohl.methods.tinybeauty.learned import LearnedLook
from kohl.methods.tinybeauty.worn import ResidualLook

_MARKERS = {Format.WEB: web.MANIFEST, Format.COREML: "Manifest.json"}
"""Formats that are folders, and a file that each of them holds."""
_WARM_UP, _RUNS = 10, 60


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written, and how true and how quick it is."""

    output: Path
    format: Format
    bytes: int
    parity: Parity | None
    """None where this machine cannot run the format; `note` says why."""
    milliseconds: float | None
    """Per frame: median of 60 runs of what was written, 2 threads; None where this machine cannot run it."""
    note: str
    next_commands: tuple[str, ...]


def export_look(look: ResidualLook, output: Path, export_format: Format, *, calibration: Path | None = None, force: bool = False) -> ExportReport:
    """Write a learned look in another format, after its numbers were compared with the original's.

    Parameters
    ----------
    look
        A learned look of one network.
    output
        The file to write, with the format's ending; for `web` and `coreml` a folder.
    export_format
        See `kohl.export.formats`, which also says what each format keeps to.
    calibration
        For `onnx-int8`: a folder with photos of faces that the numbers are compared on as well.
    force
        Replace what is there.

    Raises
    ------
    MissingExtraError
        The format's converter is not installed.
    ParityError
        The numbers differ more than the format may; nothing was written.
    OutputError
        It cannot be written.
    UsageError
        The ending is another format's, or the look is put together from several.
    """
    one = _one_network(look)
    _check(output, export_format, calibration, force=force)
    trials = _trials(calibration)
    files, network, note = _convert(one, export_format)
    parity = None
    if network is not None:
        original, against = original_network(one)
        parity = compare(original, network, trials, against=against)
        check_parity(parity, PROMISES[export_format], name=export_format)
    _write(output, export_format, files, force=force)
    milliseconds = None if network is None else _time(_reopened(output, export_format, network))
    return ExportReport(output, export_format, sum(map(len, files.values())), parity, milliseconds, note, _next(output, export_format))


def _one_network(look: ResidualLook) -> LearnedLook:
    if not isinstance(look, LearnedLook):
        raise UsageError(f"expected one learned look to export, got several put together ({look.card.name}); export them one by one")
    return look


def _check(output: Path, export_format: Format, calibration: Path | None, *, force: bool) -> None:
    suffix = PROMISES[export_format].suffix
    if suffix and output.suffix.lower() != suffix:
        raise UsageError(f"expected a name that ends in {suffix} for {export_format}, got {output.name!r}")
    if calibration is not None and export_format is not Format.ONNX_INT8:
        raise UsageError(f"calibration is for onnx-int8 alone, got it with {export_format}; leave it out")
    if export_format in _MARKERS:
        check_folder_writable(output, marker=_MARKERS[export_format], force=force)
    else:
        check_writable(output, force=force)


def _trials(photos: Path | None) -> FloatArray:
    """The crops that every export is compared on, and those of somebody's own photos behind them."""
    drawn = crops.trial_crops()
    return drawn if photos is None else np.concatenate([drawn, crops.faces_in(photos)])


def _convert(look: LearnedLook, export_format: Format) -> tuple[Mapping[str, bytes], Network | None, str]:
    """(files by relative path, "" for a single one; the network as exported; why there is none)."""
    if export_format is Format.WEB:
        return web.web_files(look), run_onnx(look.data, source="the export"), ""
    if export_format in (Format.TFLITE, Format.COREML):
        converted = mobile.to_tflite(look) if export_format is Format.TFLITE else mobile.to_coreml(look)
        return converted.files, converted.network, converted.note
    data = _onnx(look.data, export_format)
    return {"": data}, run_onnx(data, source="the export"), ""


def _onnx(data: bytes, export_format: Format) -> bytes:
    if export_format is Format.ONNX_FP16:
        return smaller_onnx.half_precision(data)
    if export_format is Format.ONNX_INT8:
        return smaller_onnx.eight_bit_weights(data)
    return data


def _write(output: Path, export_format: Format, files: Mapping[str, bytes], *, force: bool) -> None:
    if export_format in _MARKERS:
        write_folder(output, files, marker=_MARKERS[export_format], force=force)
    else:
        write_atomically(output, files[""], force=force)


def _reopened(output: Path, export_format: Format, network: Network) -> Network:
    """What lies on the disk now, for timing; a telephone's format runs as its converter runs it."""
    if export_format in (Format.TFLITE, Format.COREML):
        return network
    path = output / web.MODEL if export_format is Format.WEB else output
    return run_onnx(path.read_bytes(), source=str(path))


def _time(network: Network) -> float:
    """Median milliseconds of a run, warm."""
    (crop,) = crops.drawn_faces(count=1)
    seconds = []
    for _ in range(_WARM_UP + _RUNS):
        start = time.perf_counter()
        network(crop)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds[_WARM_UP:]) * 1e3


def _next(output: Path, export_format: Format) -> tuple[str, ...]:
    """What to type next."""
    if export_format is Format.WEB:
        return (
            f"less {output / 'README.md'}",
            f"npm install onnxruntime-web --prefix {output}",
            f"python -m http.server --bind 127.0.0.1 -d {output}",
        )
    if export_format is Format.TFLITE:
        return (f"python -c \"from ai_edge_litert.interpreter import Interpreter; print(Interpreter('{output}').get_input_details())\"",)
    if export_format is Format.COREML:
        return (f"open {output}   # in Xcode, on a Mac",)
    return (f"kohl looks show {output}", f"kohl apply me.jpg --look {output} -o out.png")
