"""A result as one picture: cost against size and faces with the fitted lines, where the time goes, and the roofline."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from kohl.core.extras import require
from kohl.evaluation.benchmark.fits import megapixels
from kohl.evaluation.benchmark.result import BenchmarkResult, FitRow, JobRow, StageRow
from kohl.evaluation.benchmark.stages import STAGES

_COLORS = ("#9b2d4f", "#2f6f8f", "#c98a2b", "#5b7f3b", "#6a4c93", "#888888", "#3c3c3c", "#d06a7c", "#7fb3c8")
_SIZE = (13, 9)
"""Inches, at 110 dots each."""


def require_matplotlib() -> Any:
    """Return `matplotlib.figure`. Raises MissingExtraError without matplotlib."""
    return require("matplotlib.figure", extra="eval", purpose="the plot")


def draw(result: BenchmarkResult) -> bytes:
    """Return a PNG of what `result` holds. Raises MissingExtraError without matplotlib."""
    figures = require_matplotlib()
    figure = figures.Figure(figsize=_SIZE, dpi=110, layout="constrained")
    sizes, faces, stages, roof = figure.subplots(2, 2).flat
    threads = max((row.threads for row in result.jobs), default=1)
    _draw_lines(sizes, result, threads, "megapixels")
    _draw_lines(faces, result, threads, "faces")
    _draw_stages(stages, result.stages)
    _draw_roof(roof, result)
    figure.suptitle(f"{result.machine.processor}, {result.date}" + (", other programs ran" if result.machine.shared_while_measured else ""))
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _draw_lines(axes: Any, result: BenchmarkResult, threads: int, against: str) -> None:
    """Measured medians, with quartiles where they are of wall time, and the fitted line of each job."""
    crowded, clock = against == "faces", "processor" if result.machine.shared_while_measured else "wall"
    rows = [row for row in result.jobs if row.threads == threads and (row.slots > 1) == crowded]
    for number, (method, job) in enumerate(dict.fromkeys((row.method, row.job) for row in rows)):
        own = [row for row in rows if (row.method, row.job) == (method, job)]
        across = [float(row.faces) if crowded else megapixels(row.side) for row in own]
        color = _COLORS[number % len(_COLORS)]
        if clock == "wall":
            axes.errorbar(across, [row.timing.p50 for row in own], yerr=_quartiles(own), fmt="o", color=color, capsize=3)
        else:
            axes.plot(across, [row.timing.processor for row in own], "o", color=color)
        fit = _fit_of(result.fits, (method, job, threads, against, clock))
        axes.plot(*_line(fit, across), color=color, label=f"{method}, {job}{_told(fit)}")
    axes.set(title=f"One job against {against}, {_threads(threads)}, warm", xlabel=against, ylabel=f"milliseconds, {clock} time", xlim=(0, None))
    # Room for the legend above the highest point.
    axes.set_ylim(0, max([1.0, *(getattr(row.timing, "p75" if clock == "wall" else "processor") for row in rows)]) * 1.35)
    _legend_or_note(axes, bool(rows), "upper left")


def _quartiles(rows: Sequence[JobRow]) -> list[list[float]]:
    return [[row.timing.p50 - row.timing.p25 for row in rows], [row.timing.p75 - row.timing.p50 for row in rows]]


def _fit_of(fits: Sequence[FitRow], key: tuple[str, str, int, str, str]) -> FitRow | None:
    return next((fit for fit in fits if (fit.method, fit.job, fit.threads, fit.against, fit.clock) == key), None)


def _line(fit: FitRow | None, across: Sequence[float]) -> tuple[list[float], list[float]]:
    if fit is None:
        return [], []
    ends = [0.0, max(across)]
    return ends, [fit.intercept + fit.slope * end for end in ends]


def _told(fit: FitRow | None) -> str:
    if fit is None:
        return ""
    if fit.cost is None:
        return ": cost of each not measurable"
    return (f": {fit.intercept:.0f} + {fit.cost:.3g} each" if fit.start is not None else f": {fit.cost:.3g} each") + (
        "" if fit.r2 is None else f", R² {fit.r2:.3f}"
    )


def _draw_stages(axes: Any, rows: Sequence[StageRow]) -> None:
    """Shares of one walk, for every picture of one face; absolute times stand in the table."""
    alone = [row for row in rows if row.slots == 1]
    places = list(dict.fromkeys((row.method, row.side, row.threads) for row in alone))
    left = np.zeros(len(places))
    totals = np.array([sum(row.timing.p50 for row in alone if (row.method, row.side, row.threads) == place) for place in places])
    for number, stage in enumerate(STAGES):
        times = [sum(row.timing.p50 for row in alone if (row.method, row.side, row.threads, row.stage) == (*place, stage)) for place in places]
        shares = 100 * np.array(times) / np.maximum(totals, 1e-9) if places else np.zeros(0)
        axes.barh(range(len(places)), shares, left=left, color=_COLORS[number], label=stage)
        left = left + shares
    several = len({place[0] for place in places}) > 1
    labels = [
        f"{f'{method}, ' if several else ''}{side} px, {threads} thr., {total:.0f} ms"
        for (method, side, threads), total in zip(places, totals, strict=True)
    ]
    axes.set_yticks(range(len(places)), labels, fontsize=8)
    axes.invert_yaxis()
    axes.set(title="Where the time of one walk goes, warm", xlabel="% of it", xlim=(0, 100))
    axes.legend(fontsize=7, ncols=5, loc="upper center", bbox_to_anchor=(0.5, -0.15)) if places else _legend_or_note(axes, False, "")


def _draw_roof(axes: Any, result: BenchmarkResult) -> None:
    """The machine's roof for every number of threads, and each network under it."""
    for number, peak in enumerate(result.peaks):
        ridge = peak.gmacs / peak.gigabytes
        across = np.geomspace(min(1.0, ridge / 4), max(1000.0, ridge * 8), 200)
        axes.loglog(across, np.minimum(peak.gmacs, across * peak.gigabytes), color=_COLORS[number], label=f"roof, {_threads(peak.threads)}")
        for row in (row for row in result.networks if row.threads == peak.threads and row.reached_gmacs and row.intensity):
            axes.plot(row.intensity, row.reached_gmacs, "o", color=_COLORS[number])
            axes.annotate(
                f"{row.name}, {row.timing.p50:.3g} ms", (row.intensity, row.reached_gmacs), fontsize=7, xytext=(5, -9), textcoords="offset points"
            )
    axes.set(title="Networks under the roof", xlabel="multiply-accumulates per byte", ylabel="GMAC/s")
    _legend_or_note(axes, bool(result.peaks), "lower right")


def _threads(count: int) -> str:
    return f"{count} thread{'s' if count > 1 else ''}"


def _legend_or_note(axes: Any, has_data: bool, place: str) -> None:
    if has_data:
        axes.legend(fontsize=8, loc=place)
    else:
        axes.text(0.5, 0.5, "nothing measured", ha="center", va="center", transform=axes.transAxes)
