"""Fidelity against keeping: one small scatter for every metric of keeping, as SVG that follows the page's colours."""

from __future__ import annotations

import io
import math
import re
import textwrap
from dataclasses import dataclass
from typing import Any

import numpy as np

from kohl.core.extras import require
from kohl.evaluation.report.bootstrap import Interval
from kohl.evaluation.report.evaluation import Evaluation
from kohl.evaluation.report.measures import Measure
from kohl.evaluation.report.numbers import ARROWS
from kohl.evaluation.report.summary import Standing

_INK, _MARK = "#010203", "#040506"
"""Stand-ins that become the page's own colours; matplotlib wants numbers."""
_LABEL_WIDTH = 44
"""Characters of a line beside an axis."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One scatter. `svg` is an element for the page, `about` says in words what it shows."""

    svg: str
    about: str


def charts(evaluation: Evaluation) -> tuple[Chart, ...]:
    """Draw them. Up and to the right is better in all: axes whose measure is better when lower run backwards.

    Raises MissingExtraError without matplotlib.
    """
    fidelity = next((measure.metric for side in ("truth", "fidelity") for measure in evaluation.measures if measure.side == side), None)
    if fidelity is None:
        return ()
    upright = [measure for measure in evaluation.measures if measure.metric == fidelity]
    keeping = dict.fromkeys(measure.metric for measure in evaluation.measures if measure.side == "keeping")
    flat = [next(measure for measure in evaluation.measures if measure.metric == metric) for metric in keeping]
    return tuple(_chart(evaluation, measure, upright) for measure in flat if _differs(evaluation, measure))


def _differs(evaluation: Evaluation, measure: Measure) -> bool:
    means = {standing.estimates[measure.name].interval.mean for standing in evaluation.standings}
    return len({mean for mean in means if math.isfinite(mean)}) > 1


def _chart(evaluation: Evaluation, across: Measure, upright: list[Measure]) -> Chart:
    figures = require("matplotlib.figure", extra="eval", purpose="the report's charts")
    figure = figures.Figure(figsize=(4.2, 3.2), layout="constrained")
    axes = figure.subplots()
    placed = sorted(evaluation.standings, key=lambda standing: _height(standing, upright))
    for number, standing in enumerate(placed):
        _mark(axes, standing, standing.estimates[across.name].interval, _height(standing, upright), 7 if number % 2 == 0 else -14)
    title = upright[0].title.rpartition(": ")[0] or upright[0].title
    axes.set_xlabel(_label(across.title, across), color=_INK, fontsize=9)
    axes.set_ylabel(_label(title, upright[0]), color=_INK, fontsize=9)
    axes.margins(0.22)
    for turned, turn in ((across, axes.invert_xaxis), (upright[0], axes.invert_yaxis)):
        if turned.better == "lower":
            turn()
    axes.tick_params(colors=_INK, labelsize=8)
    axes.locator_params(axis="x", nbins=5)
    axes.ticklabel_format(useOffset=False)
    for spine in axes.spines.values():
        spine.set_color(_INK)
    return Chart(_svg(figure), f"{title} against {across.title}; up and to the right is better")


def _mark(axes: Any, standing: Standing, across: Interval, height: float, offset: int) -> None:
    """A dot, its interval and its name, `offset` points above the dot: neighbours' names go to different sides."""
    if math.isfinite(across.mean) and math.isfinite(height):
        spread = None if math.isnan(across.low) else [[across.mean - across.low], [across.high - across.mean]]
        axes.errorbar(across.mean, height, xerr=spread, fmt="o", color=_MARK, ecolor=_MARK, elinewidth=1, markersize=6)
        axes.annotate(standing.name, (across.mean, height), xytext=(0, offset), textcoords="offset points", ha="center", fontsize=9, color=_INK)


def _height(standing: Standing, upright: list[Measure]) -> float:
    """Mean over a metric's parts; parts without numbers are left out."""
    means = [standing.estimates[measure.name].interval.mean for measure in upright]
    known = [mean for mean in means if math.isfinite(mean)]
    return float(np.mean(known)) if known else math.nan


def _label(title: str, measure: Measure) -> str:
    unit = f", {measure.unit}" if measure.unit else ""
    return textwrap.fill(f"{title}{unit} {ARROWS[measure.better]}", _LABEL_WIDTH)


def _svg(figure: Any) -> str:
    """The figure as an SVG element: real text in the page's font, no metadata, no fixed size, no colours of its own."""
    matplotlib = require("matplotlib", extra="eval", purpose="the report's charts")
    file = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "kohl", "axes.unicode_minus": False}):
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = file.getvalue()[file.getvalue().index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    return svg.replace(_INK, "currentColor").replace(_MARK, "var(--accent)")
