"""The best and worst results of every contestant, to be looked at: source and result under one slider, the reference beside them."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path

from kohl.evaluation.report.evaluation import Evaluation
from kohl.evaluation.report.markup import Markup, joined, tag, void
from kohl.evaluation.report.numbers import shown
from kohl.evaluation.report.scores import best_and_worst
from kohl.evaluation.running.rows import Row
from kohl.evaluation.running.thumbnails import SIDE, portrait_name, result_name


class Gallery:
    """Collects the pictures that a page shows; each is in the page once, however often it is shown."""

    def __init__(self, evaluation: Evaluation, folder: Path) -> None:
        self._evaluation = evaluation
        self._folder = folder
        self._used: dict[str, None] = {}
        self.missing = 0
        """Results that should be shown and whose pictures were not kept by the run that made them."""

    def sections(self) -> Markup:
        """One section per contestant, the first one open."""
        standings = self._evaluation.standings
        return joined(*(self._section(standing.name, is_open=number == 0) for number, standing in enumerate(standings)))

    def data(self) -> Markup:
        """The pictures as a JSON block, name → data URI; call it after `sections`."""
        uris = {name: f"data:image/jpeg;base64,{base64.b64encode((self._folder / name).read_bytes()).decode()}" for name in self._used}
        return tag("script", Markup(json.dumps(uris)), type="application/json", id="pictures")

    def _section(self, name: str, *, is_open: bool) -> Markup:
        best, worst = best_and_worst(name, self._evaluation.rows, self._evaluation.scores)
        parts = [tag("summary", name), self._strip(f"{len(best)} best", best), self._strip(f"{len(worst)} worst", worst)]
        return tag("details", *parts, **({"open": ""} if is_open else {}))

    def _strip(self, title: str, rows: Sequence[Row]) -> Markup:
        cards = [card for row in rows if (card := self._card(row)) is not None]
        return joined(tag("h3", title), tag("div", *cards, class_="cards")) if cards else Markup("")

    def _card(self, row: Row) -> Markup | None:
        names = portrait_name(row.source), portrait_name(row.reference), result_name(row.key)
        if not all((self._folder / name).is_file() for name in names):
            self.missing += 1
            return None
        self._used |= dict.fromkeys(names)
        source, reference, result = names
        slider = void(
            "input", type="range", min="0", max="100", value="50", step="1", aria_label=f"Source on the left, result on the right: {row.case}"
        )
        compare = tag(
            "div", _picture(source, "source", "under"), _picture(result, "result", "over"), tag("span", class_="cut"), slider, class_="compare"
        )
        captions = joined(tag("span", "source | result"), tag("span", "reference"))
        score = f"{row.case} · score {shown(self._evaluation.scores[row.key])}"
        pictures = tag("div", compare, _picture(reference, "reference", "reference"), class_="pair")
        return tag("figure", pictures, tag("div", captions, class_="under-pair"), tag("figcaption", score, *_problems(row)))


def _picture(name: str, alt: str, class_: str) -> Markup:
    return void("img", data_picture=name, alt=alt, width=str(SIDE), height=str(SIDE), class_=class_)


def _problems(row: Row) -> list[str]:
    return [" · " + "; ".join(row.problems)] if row.problems else []
