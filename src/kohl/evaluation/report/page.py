"""One page that works from a file: no address in it leads anywhere, and its own policy forbids the browser to ask for more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path

from kohl.core.errors import MissingExtraError
from kohl.evaluation.report.chart import charts
from kohl.evaluation.report.evaluation import Evaluation
from kohl.evaluation.report.gallery import Gallery
from kohl.evaluation.report.markup import Markup, joined, tag, void
from kohl.evaluation.report.measures import SIDES, Measure
from kohl.evaluation.report.numbers import ARROWS, shown, shown_interval
from kohl.evaluation.report.slices import Slice
from kohl.evaluation.report.summary import Standing
from kohl.evaluation.report.text_tables import COUNTS, remarks

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_SLICES_SHOWN = 15


def page(evaluation: Evaluation, pictures: Path | None) -> str:
    """Write the page. `pictures` is the folder of the run's small pictures; without it the page shows nobody."""
    names = ", ".join(standing.name for standing in evaluation.standings)
    gallery = Gallery(evaluation, pictures) if pictures is not None else None
    body = joined(
        _head(evaluation, names),
        tag("main", _counts(evaluation), *_tables(evaluation), _charts(evaluation), _looks(gallery), _slices(evaluation), _failures(evaluation)),
        gallery.data() if gallery else "",
        tag("script", _resource("page.js")),
    )
    head = tag(
        "head",
        void("meta", charset="utf-8"),
        void("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        void("meta", name="viewport", content="width=device-width, initial-scale=1"),
        void("meta", name="referrer", content="no-referrer"),
        tag("title", f"Evaluation: {names}"),
        tag("style", _resource("page.css")),
    )
    return "<!doctype html>\n" + tag("html", head, tag("body", body), lang="en") + "\n"


def _resource(name: str) -> Markup:
    return Markup((files("kohl.evaluation.report") / name).read_text(encoding="utf-8"))


def _head(evaluation: Evaluation, names: str) -> Markup:
    head, evaluated = evaluation.head, evaluation.head["set"]
    commit = f", commit {head['commit']}{' with changes' if head['differs_from_commit'] else ''}" if "commit" in head else ""
    shared = ", other programs ran meanwhile" if head["machine"]["shared_while_measured"] else ""
    machine = f"{head['machine']['processor']}, {head['machine']['cores']} cores{shared}"
    facts = f"{evaluated['name']}: {evaluated['cases']} cases, {evaluated['rule']}; list {evaluated['digest']}"
    made = f"kohl {head['kohl']}{commit} · {head['date'][:10]} · {machine}"
    return tag("header", tag("h1", f"Evaluation: {names}"), tag("p", facts), tag("p", made))


def _section(title: str, *content: str, note: str = "") -> Markup:
    return tag("section", tag("h2", title), *([tag("p", note, class_="note")] if note else []), *content)


def _grid(first: str, columns: Sequence[str], rows: Iterable[Markup]) -> Markup:
    heads = joined(*(tag("th", name, scope="col") for name in (first, *columns)))
    return tag("div", tag("table", tag("thead", tag("tr", heads)), tag("tbody", *rows)), class_="scroll")


def _row(title: Markup | str, cells: Iterable[tuple[str, Markup | str, str]]) -> Markup:
    """A line of a table: its heading, then (column, content, class) per cell; the column is repeated where screens are narrow."""
    return tag(
        "tr", tag("th", title, scope="row"), *(tag("td", content, data_label=column, class_=style or "plain") for column, content, style in cells)
    )


def _counts(evaluation: Evaluation) -> Markup:
    standings = evaluation.standings
    rows = [*_count_rows(standings), _row("seconds a case, median", [(item.name, shown(item.seconds), "") for item in standings])]
    rows.append(_row("processor seconds a case, median", [(item.name, shown(item.cpu_seconds), "") for item in standings]))
    missing = ", ".join(evaluation.head["not_measured"])
    note = [tag("p", f"Not measured, because their networks were not given (--network): {missing}.", class_="note")] if missing else []
    return _section("What became of the cases", _grid("", [item.name for item in standings], rows), *note)


def _count_rows(standings: Sequence[Standing]) -> list[Markup]:
    bad = {name for name in COUNTS if name not in ("cases", "measured")}
    return [
        _row(name, [(item.name, str(count(item)), "bad" if name in bad and count(item) else "") for item in standings])
        for name, count in COUNTS.items()
    ]


def _tables(evaluation: Evaluation) -> list[Markup]:
    sections = []
    for side, title in SIDES.items():
        measures = [measure for measure in evaluation.measures if measure.side == side]
        if measures:
            rows = [*_brief_counts(evaluation.standings), *(_measure_row(evaluation, measure) for measure in measures)]
            note = "Means with 95 % bootstrap intervals over sources. Marked: the best, and what cannot be told apart from it."
            sections.append(_section(title, _grid("", [item.name for item in evaluation.standings], rows), note=note))
    return sections


def _brief_counts(standings: Sequence[Standing]) -> list[Markup]:
    texts = [(item.name, f"{item.tally.done} of {item.tally.cases}", "bad" if item.tally.failed or item.tally.refused else "") for item in standings]
    failed = [
        (item.name, f"{item.tally.failed} / {item.tally.refused}", "bad" if item.tally.failed or item.tally.refused else "") for item in standings
    ]
    return [_row("measured", texts), _row("failed / refused", failed)]


def _measure_row(evaluation: Evaluation, measure: Measure) -> Markup:
    unit = f"{measure.unit} {ARROWS[measure.better]}".strip()
    title = joined(measure.title, tag("small", f"{unit} · {measure.source}"))
    return _row(title, [(item.name, _estimate(item, measure), _mark(evaluation, item, measure)) for item in evaluation.standings])


def _estimate(standing: Standing, measure: Measure) -> Markup:
    estimate = standing.estimates[measure.name]
    interval = shown_interval(estimate.interval.low, estimate.interval.high)
    notes = " · ".join(filter(None, (interval, *remarks(estimate, measure))))
    return joined(tag("span", shown(estimate.interval.mean)), *([tag("small", notes)] if notes else []))


def _mark(evaluation: Evaluation, standing: Standing, measure: Measure) -> str:
    return "best" if standing.name in evaluation.best[measure.name] else ""


def _charts(evaluation: Evaluation) -> Markup:
    try:
        drawn = charts(evaluation)
    except MissingExtraError as error:
        return _section("Faithful against kept", tag("p", str(error)))
    if not drawn:
        return Markup("")
    figures = [tag("figure", Markup(chart.svg), role="img", aria_label=chart.about) for chart in drawn]
    note = "Up and to the right is better. Bars: 95 % intervals. A metric of keeping on which all are equal has no chart."
    return _section("Faithful against kept", tag("div", *figures, class_="charts"), note=note)


def _slices(evaluation: Evaluation) -> Markup:
    worse = [item for item in evaluation.slices if item.gap > 0][:_SLICES_SHOWN]
    if not worse:
        return Markup("")
    titles = {measure.name: f"{measure.title} {ARROWS[measure.better]}" for measure in evaluation.measures}
    columns = ("contestant", "measure", "here", "elsewhere", "gap", "cases", "failed / refused")
    rows = [_row(f"{item.group}: {item.value}", zip(columns, _slice_cells(item, titles), [""] * len(columns), strict=True)) for item in worse]
    note = f"Where a contestant is worse than on its other cases: the {len(worse)} widest gaps, in standard deviations; report.json has all."
    return _section("Slices", _grid("slice", columns, rows), note=note)


def _slice_cells(item: Slice, titles: dict[str, str]) -> tuple[str, ...]:
    means = shown(item.mean), shown(item.rest), f"{item.gap:.2f}"
    return (item.contestant, titles[item.measure], *means, str(item.count), f"{item.failed} / {item.refused}")


def _failures(evaluation: Evaluation) -> Markup:
    if not evaluation.failures:
        return _section("Failures", tag("p", "Nothing failed, nothing was refused."))
    rows = [_row(row.case, [("contestant", row.contestant, ""), ("", row.status, ""), ("reason", row.reason, "")]) for row in evaluation.failures]
    return _section("Failures", _grid("case", ("contestant", "", "reason"), rows))


def _looks(gallery: Gallery | None) -> Markup:
    if gallery is None:
        return Markup("")
    sections = gallery.sections()
    missing = f" {gallery.missing} pictures were not kept by the run that made them; run again with --fresh." if gallery.missing else ""
    note = "Drag, or focus a picture and use the arrow keys: left of the line is the source, right of it the result."
    about = " The score is the mean rank among all results here, over the sides of the table."
    return _section("Best and worst", sections, note=note + about + missing)
